"""Reading the warnings that a stop threshold was crossed."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.incidents import count_harm
from innovation.pilots.queries.readings import names_of
from innovation.pilots.reading_models import StopWarning
from workflows import PilotFacts

MOST_WARNINGS = 20
MOST_NAMED = 5


class Warned(NamedTuple):
    """Warnings that are answered together: about the mean in a term, or about its single sites."""

    warning: StopWarning  # one that stands for all
    number: int
    taken_back: int
    some: list[StopWarning]
    answered_by: str


def find_warning(actor: Actor, pilot: Pilot, warning_id: int) -> StopWarning:
    """A warning of the pilot, for whoever may see it."""
    load = (joinedload(StopWarning.pilot).joinedload(Pilot.idea), joinedload(StopWarning.indicator))
    found = db.session.get(StopWarning, warning_id, options=load)
    if found is None or found.pilot_id != pilot.id or not policy.may_see_pilot.allows(actor, pilot):
        raise NotThere
    return found


def list_open(pilot: Pilot) -> list[Warned]:
    """What waits for an answer, the oldest first; bounded, however many sites are concerned."""
    return _grouped(pilot, StopWarning.answered_at.is_(None), sa.func.min(StopWarning.id))


def list_answered(pilot: Pilot) -> list[Warned]:
    """What was answered, the newest first."""
    return _grouped(pilot, StopWarning.answered_at.is_not(None), -sa.func.max(StopWarning.id))


def _grouped(pilot: Pilot, which: sa.ColumnElement[bool], order: Any) -> list[Warned]:
    of_site = StopWarning.site_id.is_not(None)
    groups = sa.select(
        sa.func.min(StopWarning.id).label("first"),
        sa.func.count().label("number"),
        sa.func.count(StopWarning.taken_back_at).label("taken_back"),
    )
    groups = groups.where(StopWarning.pilot_id == pilot.id, which)
    groups = groups.group_by(StopWarning.indicator_id, StopWarning.term, of_site, StopWarning.answered_at)
    rows = db.session.execute(groups.order_by(order).limit(MOST_WARNINGS)).all()
    load = (joinedload(StopWarning.indicator), joinedload(StopWarning.site))
    ids = sa.select(StopWarning).where(StopWarning.id.in_([row.first for row in rows])).options(*load)
    found = {each.id: each for each in db.session.scalars(ids)}
    who = {each.answered_by_id for each in found.values() if each.answered_by_id}
    names = names_of(who)
    return [
        Warned(
            found[row.first],
            row.number,
            row.taken_back,
            _some(found[row.first], row.number),
            names.get(found[row.first].answered_by_id or 0, ""),
        )
        for row in rows
    ]


def _some(of: StopWarning, number: int) -> list[StopWarning]:
    """The first sites that are concerned."""
    if number == 1 or of.site_id is None:
        return [of]
    together = (StopWarning.indicator_id == of.indicator_id, StopWarning.term == of.term)
    when = StopWarning.answered_at.is_(None) if of.answered_at is None else StopWarning.answered_at == of.answered_at
    query = sa.select(StopWarning).where(*together, StopWarning.site_id.is_not(None), when)
    query = query.options(joinedload(StopWarning.site), joinedload(StopWarning.indicator))
    return list(db.session.scalars(query.order_by(StopWarning.id).limit(MOST_NAMED)))


def count_open_warnings(pilot: Pilot) -> int:
    query = sa.select(sa.func.count()).where(StopWarning.pilot_id == pilot.id, StopWarning.answered_at.is_(None))
    return db.session.scalar(query) or 0


def facts_of(pilot: Pilot) -> PilotFacts:
    """What the way of a pilot asks for."""
    return PilotFacts(harm=count_harm(pilot), warnings=count_open_warnings(pilot))
