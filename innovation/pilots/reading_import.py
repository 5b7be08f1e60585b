"""Readings brought in from tables: batch by batch, each in one transaction with its summaries and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from innovation.command import command
from innovation.permission import Actor
from innovation.pilots import policy
from innovation.pilots.commands.readings import tell_of
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_rows import Checked
from innovation.pilots.writing import Cell, Measured, Written, require_of, standing_in, write_readings

BATCH = 2500  # readings in a transaction


@command(policy.may_import_readings)
def import_readings(actor: Actor, pilot: Pilot, *, given: Mapping[Cell, Measured]) -> Written:
    """Write what is new or differs; what stands already is left as it is."""
    require_of(pilot, given)
    return tell_of(actor, pilot, write_readings(actor, pilot, given))


def batches(checked: Checked) -> Iterator[dict[Cell, Measured]]:
    for at in range(0, len(checked.readings), BATCH):
        yield batch(checked, range(at, at + BATCH))


def batch(checked: Checked, which: range) -> dict[Cell, Measured]:
    return {cell: measured for _row, cell, measured in checked.readings[which.start : which.stop]}


def rehearse(given: Mapping[Cell, Measured]) -> Written:
    """What an import would do."""
    there = standing_in(given)
    known = sum(there[cell].measured == measured for cell, measured in given.items() if cell in there)
    return Written(new=len(given) - len(there), corrected=len(there) - known, known=known)
