"""Importing readings as a long job: the table waits, and the job goes through its readings."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from innovation.db import db
from innovation.ideas.imported_rows import Fault
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor, NotThere
from innovation.pilots import reading_files
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_import import BATCH, batch, import_readings
from innovation.pilots.reading_models import WaitingReadings
from innovation.pilots.reading_rows import Checked
from workflows import Refused

GONE = "The file is no longer there. Send it again; what was imported is known and left as it is."
CHANGED = "The sites or indicators of the pilot have changed since. Look at the file again, and import what is left."


def payload(waiting: WaitingReadings, checked: Checked) -> dict[str, Any]:
    told = {"file": waiting.key, "pilot": waiting.pilot_id, "idea": waiting.pilot.idea.reference}
    return told | {"order": _order_of(checked)}


def _order_of(checked: Checked) -> str:
    """A digest of what is gone through, in its order: a job goes on where it was, by that place alone."""
    told = [[row, *cell] for row, cell, _measured in checked.readings], checked.faulty
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _begin(actor: Actor, job: Job) -> Work:
    """The whole table is read and checked once; each batch is then set against what stands at that moment."""
    pilot = db.session.get_one(Pilot, job.payload["pilot"])
    try:
        checked = reading_files.checked_in(reading_files.find(actor, pilot, job.payload["file"]))
    except NotThere:
        raise Refused((GONE,)) from None
    if checked.total != job.total or job.payload.get("order") not in (None, _order_of(checked)):
        raise Refused((CHANGED,))
    names = [str(row) for row, _cell, _measured in checked.readings] + [str(row) for row in checked.faulty]
    return Work(
        names, partial(_do, checked, _by_row(checked), pilot.id), partial(reading_files.drop, job.payload["file"])
    )


def _by_row(checked: Checked) -> dict[int, list[Fault]]:
    found: dict[int, list[Fault]] = {}
    for fault in checked.faults:
        found.setdefault(fault.row, []).append(fault)
    return found


def _do(checked: Checked, faults: dict[int, list[Fault]], pilot_id: int, actor: Actor, which: range) -> list[Outcome]:
    """The readings come first, then the rows that are left out."""
    given, outcomes = batch(checked, which), []
    if given:
        written = import_readings(actor, db.session.get_one(Pilot, pilot_id), given=given)
        outcomes = [Outcome()] * written.changed + [Outcome(result="known")] * written.known
    first = len(checked.readings)
    for row in checked.faulty[max(which.start - first, 0) : max(which.stop - first, 0)]:
        told = tuple(f"{each.column}: {each.message}" if each.column else each.message for each in faults[row])
        outcomes.append(Outcome(str(row), "failed", told))
    return outcomes


def _back(job: Job) -> list[Page]:
    idea = {"reference": job.payload["idea"]}
    file = Page(
        lazy_gettext("Look at the file again"), "pilots.import_readings_step", {**idea, "key": job.payload["file"]}
    )
    readings = Page(lazy_gettext("What the readings come to"), "pilots.measured", idea)
    return [file, readings] if job.failed else [readings]


KIND = Kind(lazy_gettext("Import readings"), _begin, batch=BATCH, back=_back)
