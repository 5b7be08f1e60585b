"""What an idea asks from funders, and what its owner agrees to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from innovation.command import Stale, command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import policy, queries
from innovation.ideas.codes import PURPOSES
from innovation.ideas.commands.canvas import require_alive
from innovation.ideas.events import AskMade, ConsentGiven, ConsentWithdrawn
from innovation.ideas.listing import relist
from innovation.ideas.models import Ask, Consent, Idea
from innovation.permission import Actor
from workflows import Refused


@command(policy.may_make_ask)
def make_ask(actor: Actor, idea: Idea, *, based_on: int | None = None, **details: Any) -> Ask:
    """Say what the idea wants from funders: the next version of its ask. ``details`` are the columns of ``Ask``.

    ``Stale`` when another version came in since number ``based_on``, if that is given.
    """
    require_alive(idea)
    hold_row(idea)
    newest = db.session.scalar(sa.select(sa.func.max(Ask.number)).where(Ask.idea_id == idea.id))
    if based_on is not None and based_on != (newest or 0):
        raise Stale
    ask = Ask(idea_id=idea.id, number=(newest or 0) + 1, made_by_id=actor.person_id, made_at=now(), **details)
    db.session.add(ask)
    if idea.evidence_accepted_by_id is None:
        idea.evidence_level = ask.evidence_level
    db.session.flush()
    relist(idea)
    record(actor, AskMade(idea.id, ask.id, ask.number))
    return ask


@command(policy.may_give_consent)
def give_consent(actor: Actor, idea: Idea, *, purpose: str) -> Consent:
    """The owner agrees to one purpose, having seen the notice as it now stands."""
    _known(purpose)
    require_alive(idea)
    present = queries.live_consents(idea).get(purpose)
    if present is not None:
        return present
    consent = Consent(
        idea_id=idea.id,
        person_id=idea.owner_id,
        purpose=purpose,
        notice_version=idea.programme.notice_version,
        recorded_by_id=actor.person_id,
        given_at=now(),
    )
    db.session.add(consent)
    db.session.flush()
    relist(idea)
    record(actor, ConsentGiven(idea.id, idea.owner_id, purpose, consent.notice_version))
    return consent


@command(policy.may_withdraw_consent)
def withdraw_consent(actor: Actor, idea: Idea, *, purpose: str) -> Idea:
    """End a consent of the owner; funders lose sight of the idea at once when it was theirs."""
    _known(purpose)
    rows = db.session.scalars(
        sa.select(Consent).filter_by(idea_id=idea.id, person_id=idea.owner_id, purpose=purpose, withdrawn_at=None)
    ).all()
    for consent in rows:
        consent.withdrawn_at = now()
    if rows:
        relist(idea)
        record(actor, ConsentWithdrawn(idea.id, idea.owner_id, purpose))
    return idea


def _known(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise Refused(("This is nothing that one can agree to here.",))
