"""Talks after an introduction: begun, due diligence point by point, and ended with a reason or closed."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.command import command, require_as_seen
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.codes import DILIGENCE_NAMES
from innovation.funders.commands.disclosing import revoke
from innovation.funders.commands.introducing import end
from innovation.funders.commitment_models import Check, Talk
from innovation.funders.events import CheckSettled, DiligenceBegun, TalksBegun, TalksClosed, TalksDeclined
from innovation.funders.models import Interest
from innovation.funders.queries.disclosed import kept_open
from innovation.funders.queries.funding import talks_facts
from innovation.funders.queries.interests import is_open
from innovation.permission import Actor
from workflows import TALKS, Refused

UNSHARED = "The idea is not shared with funders at the moment."


@command(policy.may_begin_talks)
def begin_talks(actor: Actor, interest: Interest) -> Talk:
    """Begin to talk about the idea, once its owner has accepted the introduction."""
    hold_row(interest)
    if interest.state != "accepted":
        raise Refused(("The owner has not accepted the introduction.",))
    if not is_open(interest.idea):
        raise Refused((UNSHARED,))
    if db.session.scalar(sa.select(Talk.id).where(Talk.interest_id == interest.id)):
        raise Refused(("Your fund is in talks about this idea already, or the talks are over.",))
    talk = Talk(
        interest=interest,
        idea=interest.idea,
        funder=interest.funder,
        begun_by_id=actor.person_id,
        begun_at=now(),
        checks=[],
    )
    db.session.add(talk)
    db.session.flush()
    record(actor, TalksBegun(*_about(talk), talk.id))
    return talk


@command(policy.may_move_talks)
def begin_diligence(actor: Actor, talk: Talk) -> Talk:
    """Begin to look at what the idea has handed in once for all funders."""
    talk.state = TALKS.fire(talk.state, "examine", talks_facts(talk, shared=is_open(talk.idea)))
    record(actor, DiligenceBegun(*_about(talk), talk.id))
    return talk


@command(policy.may_settle_check)
def settle_check(actor: Actor, talk: Talk, *, item: str, verdict: str, note: str = "") -> Check:
    """Say of a point that it is fine, not needed, or that more is asked for; the note stays with the funder."""
    if item not in DILIGENCE_NAMES:
        raise Refused(("There is no such point.",))
    if talk.state not in ("examining", "committed"):
        raise Refused(("Begin the due diligence first.",) if talk.state == "talking" else ("The talks are over.",))
    check = db.session.scalar(sa.select(Check).filter_by(talk_id=talk.id, item=item))
    if check is None:
        check = Check(talk=talk, item=item)
        db.session.add(check)
    else:
        require_as_seen(check)
    check.verdict, check.note, check.checked_by_id, check.checked_at = verdict, note, actor.person_id, now()
    record(actor, CheckSettled(*_about(talk), talk.id, item))
    return check


@command(policy.may_decline_talks)
def decline_talks(actor: Actor, talk: Talk, *, reason: str) -> Talk:
    """End the talks with a reason that the other side reads; whatever was disclosed is closed again."""
    talk.state = TALKS.fire(talk.state, "decline", talks_facts(talk, shared=True))
    _end(actor, talk, reason)
    end(actor, talk.interest, reason)
    revoke(actor, talk.interest, kept_open(talk.interest))
    record(actor, TalksDeclined(*_about(talk), talk.id))
    return talk


@command(policy.may_move_talks)
def close_talks(actor: Actor, talk: Talk, *, reason: str = "") -> Talk:
    """Close the funder's part, once everything it committed is released or withdrawn."""
    talk.state = TALKS.fire(talk.state, "close", talks_facts(talk, shared=True))
    _end(actor, talk, reason)
    record(actor, TalksClosed(*_about(talk), talk.id))
    return talk


def _end(actor: Actor, talk: Talk, reason: str) -> None:
    talk.ended_by_id, talk.ended_at, talk.reason = actor.person_id, now(), reason


def _about(talk: Talk) -> tuple[int, int, int]:
    return talk.idea_id, talk.interest_id, talk.funder_id
