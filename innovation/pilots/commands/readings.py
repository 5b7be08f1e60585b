"""Readings typed in for a term, or sent one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row
from innovation.events import record
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.events import ReadingsWritten, StopThresholdCrossed
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import Reading
from innovation.pilots.watching import Raised
from innovation.pilots.writing import Cell, CellsMoved, Measured, Written, require_of, standing_in, write_readings
from workflows import PILOT, Refused

NO_TERM = "The pilot does not run in this term."


@command(policy.may_type_readings)
def type_readings(
    actor: Actor, pilot: Pilot, *, given: Mapping[Cell, Measured | None], seen: Mapping[Cell, int | None]
) -> Written:
    """Write what was typed into the cells of a page, each of which showed the reading that ``seen`` names."""
    _require_terms(pilot, {cell.term for cell in given})
    require_of(pilot, given)
    there = standing_in(given)
    moved = [cell for cell in given if (there[cell].id if cell in there else None) != seen.get(cell)]
    if moved:
        raise CellsMoved(moved)
    return tell_of(actor, pilot, write_readings(actor, pilot, given))


@command(policy.may_record_reading)
def record_reading(
    actor: Actor,
    pilot: Pilot,
    *,
    cell: Cell,
    measured: Measured,
    client_id: str,
    taken_on: dt.date | None = None,
    note: str = "",
) -> Reading:
    """Write one reading that a device has made; under the same ``client_id`` the same reading is given again."""
    again = db.session.scalar(sa.select(Reading).where(Reading.client_id == client_id))
    if again is not None:
        require_of(pilot, [Cell(again.indicator_id, again.site_id, again.term)])
        return again
    _require_terms(pilot, {cell.term})
    require_of(pilot, [cell])
    more = {"client_id": client_id, "taken_on": taken_on, "note": note}
    tell_of(actor, pilot, write_readings(actor, pilot, {cell: measured}, more))
    return db.session.get_one(Reading, standing_in([cell])[cell].id)


def tell_of(actor: Actor, pilot: Pilot, written: Written) -> Written:
    """Record what was written; where a warning was raised the pilot asks for a decision. Part of a command."""
    if written.changed:
        record(actor, ReadingsWritten(pilot.idea_id, pilot.id, written.new, written.corrected, written.removed))
    ask_for_decision(actor, pilot, written.raised)
    return written


def ask_for_decision(actor: Actor, pilot: Pilot, raised: Raised) -> None:
    """Let the pilot ask whether it goes on, where a warning was raised. Part of a command."""
    if raised.number:
        db.session.flush()
        hold_row(pilot)  # an answer to earlier warnings waits, or has been given
        if pilot.state == "running":
            pilot.state = PILOT.fire(pilot.state, "warn", queries.facts_of(pilot))
    if raised.to_tell:
        record(actor, StopThresholdCrossed(pilot.idea_id, pilot.id, raised.to_tell))


def _require_terms(pilot: Pilot, terms: set[str]) -> None:
    if not terms <= set(queries.terms_of(pilot)):
        raise Refused((NO_TERM,))
