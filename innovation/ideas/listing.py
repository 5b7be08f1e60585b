"""When funders may browse an idea: the one place that sets and clears ``Idea.listed_at``."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db, now
from innovation.ideas.codes import SHARE
from innovation.ideas.models import Ask, Consent, Idea


def relist(idea: Idea) -> None:
    """List the idea for funders, or take it off at once, by where it stands, its ask and its owner's consent."""
    reached = reaches_funders(idea)
    if reached and idea.pilot_ready_at is None:
        idea.pilot_ready_at = now()
    if not (reached and idea.standing == "active" and _has_ask(idea) and shares(idea)):
        idea.listed_at = None
    elif idea.listed_at is None:
        idea.listed_at = now()


def reaches_funders(idea: Idea) -> bool:
    """True when the idea stands at, or past, the place from which funders see ideas."""
    definition = idea.definition
    return definition.place_index(idea.place) >= definition.place_index(definition.funders_from)


def shares(idea: Idea) -> bool:
    """True while the present owner's consent to share with funders is in force."""
    db.session.flush()
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Consent.idea_id == idea.id,
                    Consent.person_id == idea.owner_id,
                    Consent.purpose == SHARE,
                    Consent.withdrawn_at.is_(None),
                )
            )
        )
    )


def _has_ask(idea: Idea) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Ask.idea_id == idea.id))))
