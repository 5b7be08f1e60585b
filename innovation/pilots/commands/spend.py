"""What is done about spend: entered against a line of the budget, and corrected by an entry against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record, record_all
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.ideas.imported_rows import Fault
from innovation.permission import Actor
from innovation.pilots import policy, queries, spend_rows
from innovation.pilots.events import SpendCorrected, SpendEntered
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.spend_models import SpendEntry
from innovation.pilots.spend_rows import Sorted
from innovation.rows import insert_all
from innovation.tables import Table
from workflows import Refused

MOST_TOLD = 20  # faults of a table
LONGEST_BEFORE = dt.timedelta(days=365)  # what is bought beforehand is a part of what it costs


class Imported(NamedTuple):
    """How many entries are new, and how many were there already."""

    new: int
    known: int


class RowsRefused(Refused):
    """A table with faults, told row by row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = [f"Row {each.row}, {each.column}: {each.message}" for each in faults[:MOST_TOLD]]
        more = len(faults) - len(told)
        super().__init__((*told, f"And {more} more.") if more else told)


@command(policy.may_enter_spend)
def enter_spend(
    actor: Actor,
    pilot: Pilot,
    *,
    line_id: int | None,
    spent_on: dt.date,
    amount_cents: int,
    what: str,
    in_kind: bool = False,
    file: Checked | None = None,
) -> SpendEntry:
    """Write down what was spent, or what was given and is worth so much; a file may show it."""
    if amount_cents <= 0:
        raise Refused(("Write an amount above nought.",))
    if reason := _why_not(pilot, spent_on):
        raise Refused((reason,))
    line = db.session.get(PilotBudgetLine, line_id) if line_id is not None else None
    if line_id is not None and (line is None or line.pilot_id != pilot.id):
        raise Refused(("This line is not in the budget any more. Choose another one.",))
    entry = SpendEntry(
        pilot=pilot,
        line_id=line_id,
        spent_on=spent_on,
        amount_cents=amount_cents,
        in_kind=in_kind,
        what=what,
        file_key=store.store().put(file.content) if file else None,
        file_name=file.name if file else "",
        file_type=file.content_type if file else "",
        entered_by_id=actor.person_id,
        entered_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
    record(actor, SpendEntered(pilot.idea_id, pilot.id, entry.id))
    return entry


def _why_not(pilot: Pilot, day: dt.date) -> str:
    """What is wrong with a day on which something was spent; empty where nothing is."""
    if day > this_day() + dt.timedelta(days=1):  # it may be tomorrow where they are
        return "A day that is still to come cannot be right here."
    if pilot.starts_on and day < pilot.starts_on - LONGEST_BEFORE:
        return "This day is long before the pilot began."
    return ""


class Looked(NamedTuple):
    """How a table is read, and what would become of each of its rows; nothing is entered."""

    checked: spend_rows.Checked
    sorted: Sorted
    text: str


def look_at_spend(pilot: Pilot, table: Table) -> Looked:
    """Read a table as the import would; ``Refused`` where it is not one of spend."""
    lines = [(row.id, row.item) for row in queries.list_rows(pilot, "budget")]
    checked = spend_rows.check(table, lines, lambda day: _why_not(pilot, day))
    return Looked(checked, spend_rows.sort_out(checked, queries.count_alike(pilot)), spend_rows.as_text(table))


@command(policy.may_import_spend)
def import_spend(actor: Actor, pilot: Pilot, *, table: Table) -> Imported:
    """Enter each row of a table that is not there yet; where a row has a fault, none."""
    hold_row(pilot)  # the same table that comes at the same moment waits here
    found = look_at_spend(pilot, table)
    if found.checked.faults:
        raise RowsRefused(found.checked.faults)
    by: dict[str, Any] = {"pilot_id": pilot.id, "entered_by_id": actor.person_id, "entered_at": now()}
    entries = insert_all([SpendEntry(**by, **spent._asdict()) for spent in found.sorted.new.values()])
    if entries:
        record_all(actor, [SpendEntered(pilot.idea_id, pilot.id, entry.id) for entry in entries])
    return Imported(len(found.sorted.new), found.sorted.known)


@command(policy.may_correct_spend)
def correct_spend(actor: Actor, entry: SpendEntry, *, reason: str) -> SpendEntry:
    """Take an entry back with one of the opposite amount, on the same day and line; both stay."""
    if not reason:
        raise Refused(("Say what was wrong with it.",))
    if entry.corrects_id is not None:
        raise Refused(("This entry corrects another one. Enter the amount anew instead.",))
    if db.session.scalar(sa.select(SpendEntry.id).where(SpendEntry.corrects_id == entry.id)):
        raise Refused(("This entry is corrected already.",))
    against = SpendEntry(
        pilot=entry.pilot,
        line_id=entry.line_id,
        spent_on=entry.spent_on,
        amount_cents=-entry.amount_cents,
        in_kind=entry.in_kind,
        what=entry.what,
        corrects_id=entry.id,
        reason=reason,
        entered_by_id=actor.person_id,
        entered_at=now(),
    )
    db.session.add(against)
    db.session.flush()
    record(actor, SpendCorrected(entry.idea_id, entry.pilot_id, against.id, entry.id))
    return against
