"""Conditions on ideas by what a funder's people keep of them; none holds for who takes part in the idea themselves."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.funders.models import Funder
from innovation.funders.workspace_models import Passed, Shortlisted
from innovation.ideas.models import Contributor, Idea
from innovation.permission import Actor

Condition = sa.ColumnElement[bool]


def takes_part(actor: Actor) -> Condition:
    """The person owns the idea or contributes to it: then a funder they work for keeps its thoughts from them."""
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    return sa.or_(Idea.owner_id == actor.person_id, Idea.id.in_(contributes))


def shortlisted(actor: Actor, funder: Funder) -> Condition:
    """On the funder's shortlist now, as far as the person may know."""
    now_on = sa.select(Shortlisted.idea_id).where(Shortlisted.funder_id == funder.id, Shortlisted.ended_at.is_(None))
    return sa.and_(Idea.id.in_(now_on), ~takes_part(actor))


def passed(actor: Actor, funder: Funder) -> Condition:
    """The funder does not take the idea further, as far as the person may know."""
    gone = sa.select(Passed.idea_id).where(Passed.funder_id == funder.id, Passed.ended_at.is_(None))
    return sa.and_(Idea.id.in_(gone), ~takes_part(actor))


def within(actor: Actor, funder: Funder, part: str) -> Condition:
    """The part of the ideas that is browsed: all but those passed on, the shortlist, or those passed on."""
    if part == "passed":
        return passed(actor, funder)
    open_ones = ~passed(actor, funder)
    return sa.and_(open_ones, shortlisted(actor, funder)) if part == "shortlist" else open_ones
