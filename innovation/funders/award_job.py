"""Importing past awards as a long job: the file waits, and the job goes through its rows, funder by funder."""

from __future__ import annotations

from functools import partial

from innovation.funders import award_files, award_import
from innovation.funders.award_import import BATCH, Rows
from innovation.funders.award_rows import TARGETS, Reading
from innovation.ideas.imported_rows import Fault
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor, NotThere
from workflows import Refused

GONE = "The file is no longer there. Send it again; what was imported is known and left as it is."


def _begin(actor: Actor, job: Job) -> Work:
    """The whole file is read once; each batch is then set against what is there at that moment."""
    try:
        waiting = award_files.find(actor, job.payload["file"])
    except NotThere:
        raise Refused((GONE,)) from None
    rows, reading = award_files.rows_in(waiting), award_files.reading_in(waiting)
    names = [str(number) for number, _row in rows]
    seen: set[tuple[object, str]] = set()
    return Work(names, partial(_do, rows, reading, seen), partial(award_files.drop, waiting.key))


def _do(rows: Rows, reading: Reading, seen: set[tuple[object, str]], actor: Actor, which: range) -> list[Outcome]:
    """Write what is new or changed; what is there already and what has faults is told apart."""
    before = set(seen)
    plan = award_import.plan_part(rows[which.start : which.stop], reading, before)
    award_import.import_awards(actor, plan)
    seen |= before
    outcomes = [Outcome()] * (len(plan.new) + len(plan.changed)) + [Outcome(result="known")] * plan.unchanged
    return outcomes + _faulty(plan.faults)


def _faulty(faults: list[Fault]) -> list[Outcome]:
    """One outcome for each row, with all that is wrong in it."""
    by_row: dict[int, list[str]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(f"{TARGETS[fault.column]}: {fault.message}")
    return [Outcome(str(row), "failed", tuple(messages)) for row, messages in by_row.items()]


def _back(job: Job) -> list[Page]:
    file = Page(lazy_gettext("Look at the file again"), "funders.import_step", {"key": job.payload["file"]})
    funders = Page(lazy_gettext("Funders"), "funders.funders", {})
    return [file, funders] if job.failed else [funders]


KIND = Kind(lazy_gettext("Import past awards"), _begin, batch=BATCH, back=_back)
