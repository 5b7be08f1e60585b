"""Reading what a pilot has cost so far: line by line, and entry by entry."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, raiseload

from innovation.accounts.models import Person
from innovation.db import Page, db, paginate
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.costing import Spent, set_beside, time_gone
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.queries.planning import count_sites, list_rows
from innovation.pilots.spend_models import SpendEntry

ON_PAGE = 25
MOST_EXPORTED = 20_000
OUTSIDE = "none"
"""What stands in no line of the plan, as filters say it."""


class Entered(NamedTuple):
    """An entry as the list shows it; ``taken_back`` says whether another one corrects it."""

    entry: SpendEntry
    line: str
    by: str
    taken_back: bool


def read_spend(pilot: Pilot, today: dt.date) -> Spent:
    """Planned against spent, in as many questions for many entries as for one."""
    total = sa.func.sum(SpendEntry.amount_cents)
    query = sa.select(SpendEntry.line_id, SpendEntry.in_kind, total).where(SpendEntry.pilot_id == pilot.id)
    rows = db.session.execute(query.group_by(SpendEntry.line_id, SpendEntry.in_kind))
    sums = {(line, in_kind): int(cents) for line, in_kind, cents in rows}
    gone = time_gone(pilot.starts_on, pilot.ends_on, today) if pilot.state != "planned" else None
    return set_beside(list_rows(pilot, "budget"), sums, count_sites(pilot).learners, gone)


def list_spend(pilot: Pilot, *, line: str = "", page: int = 1) -> Page[Entered]:
    """The entries, the newest day first; ``line`` is the number of one, or ``OUTSIDE``."""
    found = paginate(_entries(pilot, line), page=page, size=ON_PAGE, scalars=False)
    return Page([_entered(row) for row in found.items], found.number, found.size, found.counted, found.has_next)


def all_spend(pilot: Pilot, *, line: str = "") -> Iterator[Entered]:
    """The same as it is exported."""
    return (_entered(row) for row in db.session.execute(_entries(pilot, line).limit(MOST_EXPORTED)))


def _entries(pilot: Pilot, line: str) -> sa.Select[Any]:
    against = aliased(SpendEntry)
    columns: Any = (SpendEntry, PilotBudgetLine.item, Person.name, against.id)
    query: sa.Select[Any] = sa.select(*columns).where(SpendEntry.pilot_id == pilot.id).options(raiseload("*"))
    query = query.outerjoin(PilotBudgetLine, PilotBudgetLine.id == SpendEntry.line_id)
    query = query.outerjoin(Person, Person.id == SpendEntry.entered_by_id)
    query = query.outerjoin(against, against.corrects_id == SpendEntry.id)
    if line == OUTSIDE:
        query = query.where(SpendEntry.line_id.is_(None))
    elif line:
        query = query.where(SpendEntry.line_id == int(line))
    return query.order_by(SpendEntry.spent_on.desc(), SpendEntry.id.desc())


def _entered(row: Any) -> Entered:
    entry, line, by, against = row
    return Entered(entry, line or "", by or "", against is not None)


def count_alike(pilot: Pilot) -> Counter[tuple[Any, ...]]:
    """How many entries say the same, by line, day, amount, in kind or not, and words; also those taken back since."""
    same = (SpendEntry.line_id, SpendEntry.spent_on, SpendEntry.amount_cents, SpendEntry.in_kind, SpendEntry.what)
    query = sa.select(*same, sa.func.count()).where(SpendEntry.pilot_id == pilot.id, SpendEntry.corrects_id.is_(None))
    return Counter({tuple(row[:-1]): row[-1] for row in db.session.execute(query.group_by(*same))})


def find_spend(actor: Actor, pilot: Pilot, entry_id: int) -> SpendEntry:
    """An entry of the pilot, for whoever may see the pilot."""
    found = db.session.get(SpendEntry, entry_id, options=[joinedload(SpendEntry.pilot).joinedload(Pilot.idea)])
    if found is None or found.pilot_id != pilot.id or not policy.may_see_pilot.allows(actor, pilot):
        raise NotThere
    return found


def spent_on(line_ids: set[int]) -> bool:
    """True where something was spent on one of these lines of a budget."""
    return bool(line_ids) and db.session.scalar(sa.select(sa.exists().where(SpendEntry.line_id.in_(line_ids)))) is True
