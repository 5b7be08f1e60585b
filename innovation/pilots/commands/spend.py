"""What is done about spend: entered against a line of the budget, and corrected by an entry against it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now, this_day
from innovation.events import record
from innovation.ideas import filecheck, store
from innovation.permission import Actor
from innovation.pilots import policy
from innovation.pilots.events import SpendCorrected, SpendEntered
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.spend_models import SpendEntry
from workflows import Refused


LONGEST_BEFORE = dt.timedelta(days=365)  # what is bought beforehand is a part of what it costs


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
    file: tuple[str, bytes] | None = None,
) -> SpendEntry:
    """Write down what was spent, or what was given and is worth so much; a file may show it."""
    if amount_cents <= 0:
        raise Refused(("Write an amount above nought.",))
    if spent_on > this_day() + dt.timedelta(days=1):  # it may be tomorrow where they are
        raise Refused(("A day that is still to come cannot be right here.",))
    if pilot.starts_on and spent_on < pilot.starts_on - LONGEST_BEFORE:
        raise Refused(("This day is long before the pilot began.",))
    line = db.session.get(PilotBudgetLine, line_id) if line_id is not None else None
    if line_id is not None and (line is None or line.pilot_id != pilot.id):
        raise Refused(("This line is not in the budget any more. Choose another one.",))
    checked = filecheck.check(*file, store.size_limit()) if file else None
    entry = SpendEntry(
        pilot=pilot,
        line_id=line_id,
        spent_on=spent_on,
        amount_cents=amount_cents,
        in_kind=in_kind,
        what=what,
        file_key=store.store().put(checked.content) if checked else None,
        file_name=checked.name if checked else "",
        file_type=checked.content_type if checked else "",
        entered_by_id=actor.person_id,
        entered_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
    record(actor, SpendEntered(pilot.idea_id, pilot.id, entry.id))
    return entry


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
