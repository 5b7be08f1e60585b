"""Reading the warnings that a stop threshold was crossed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.places import NAME, told_apart
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.queries.incidents import count_harm
from innovation.pilots.queries.readings import names_of
from innovation.pilots.reading_models import StopWarning
from innovation.places.models import School
from workflows import PilotFacts

MOST_WARNINGS = 20
MOST_NAMED = 5


class Beyond(NamedTuple):
    """A site on the wrong side of a threshold."""

    place: str
    value: float


class Warned(NamedTuple):
    """Warnings that are answered together: about the mean in a term, or about its single sites."""

    warning: StopWarning  # one that stands for all
    number: int
    taken_back: int
    some: list[Beyond]  # the first sites that are concerned; none where it is about the mean
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
    ids = [row.first for row in rows]
    query = sa.select(StopWarning).where(StopWarning.id.in_(ids)).options(joinedload(StopWarning.indicator))
    found = {each.id: each for each in db.session.scalars(query)}
    names = names_of({each.answered_by_id for each in found.values() if each.answered_by_id})
    some = _some(pilot, which, ids)
    return [
        Warned(
            found[row.first],
            row.number,
            row.taken_back,
            some.get(row.first, []),
            names.get(found[row.first].answered_by_id or 0, ""),
        )
        for row in rows
    ]


def _some(pilot: Pilot, which: sa.ColumnElement[bool], ids: Collection[int]) -> dict[int, list[Beyond]]:
    """The first sites of each group, by name, under the first warning of the group; one statement for all groups."""
    group: Any = {
        "partition_by": (StopWarning.indicator_id, StopWarning.term, StopWarning.answered_at),
        "order_by": StopWarning.id,
    }
    columns = (StopWarning.site_id, StopWarning.value, StopWarning.id)
    first = sa.func.first_value(StopWarning.id).over(**group).label("first")
    ranked = sa.select(*columns, first, sa.func.row_number().over(**group).label("place"))
    ranked = ranked.where(StopWarning.pilot_id == pilot.id, which, StopWarning.site_id.is_not(None))
    each = ranked.subquery()
    query = sa.select(each.c.first, each.c.value, PilotSite.id, NAME, PilotSite.place)
    query = query.join(PilotSite, PilotSite.id == each.c.site_id).outerjoin(School, School.emis == PilotSite.emis)
    query = query.where(each.c.place <= MOST_NAMED, each.c.first.in_(ids)).order_by(each.c.id)
    rows = db.session.execute(query).all()
    names = told_apart({row[2:] for row in rows})
    found: dict[int, list[Beyond]] = {}
    for number, value, site_id, _name, _place in rows:
        found.setdefault(number, []).append(Beyond(names[site_id], value))
    return found


def count_open_warnings(pilot: Pilot) -> int:
    query = sa.select(sa.func.count()).where(StopWarning.pilot_id == pilot.id, StopWarning.answered_at.is_(None))
    return db.session.scalar(query) or 0


def facts_of(pilot: Pilot) -> PilotFacts:
    """What the way of a pilot asks for."""
    return PilotFacts(harm=count_harm(pilot), warnings=count_open_warnings(pilot))
