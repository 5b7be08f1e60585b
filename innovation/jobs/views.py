"""The page of a long job: how far it has come, and in the end what became of each thing."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for

from innovation import exports
from innovation.downloads import download
from innovation.jobs import commands, exporting, policy, queries
from innovation.jobs.kinds import KINDS
from innovation.jobs.models import Job
from innovation.jobs.running import NOT_SEEN
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.web import me
from workflows import Refused

bp = Blueprint("jobs", __name__)
UNNAMED = "…"


class Line(NamedTuple):
    """What became of one thing, as it is told."""

    what: str
    reasons: list[str]


@bp.get("/jobs")
def jobs() -> Any:
    policy.may_list_jobs.require(me())
    state = ListState.read((), "")
    return render_template("jobs/jobs.html", jobs=state.on(queries.list_jobs(me(), page=state.number)), kinds=KINDS)


@bp.get("/jobs/<int:job_id>")
def job(job_id: int) -> Any:
    """The whole page, or for a page that is open already the part of it that changes."""
    found = queries.find_job(me(), job_id)
    part = request.headers.get("HX-Request") == "true"
    return render_template("jobs/progress.html" if part else "jobs/job.html", **_shown(found))


def _shown(found: Job) -> dict[str, Any]:
    """What the templates show; things that failed for the same reasons stand together."""
    lines = [] if found.is_open else _lines(found)
    failed = sorted((line for line in lines if line.reasons), key=lambda line: line.reasons)
    return {
        "job": found,
        "kind": KINDS[found.kind],
        "pages": KINDS[found.kind].back(found),
        "went_well": [line.what for line in lines if not line.reasons and line.what != UNNAMED],
        "failures": [(why, [line.what for line in same]) for why, same in groupby(failed, lambda line: line.reasons)],
        "unlisted": found.failed - len(failed),
        "has_file": KINDS[found.kind].file is not None and queries.has_file(found),
        "makes_file": KINDS[found.kind].file is not None,
    }


def _lines(found: Job) -> list[Line]:
    """What became of each thing; of what has closed to the person since nothing is told any more."""
    lines = [Line(line.what, line.reasons) for line in queries.list_lines(found)]
    seen = KINDS[found.kind].seen
    known = seen(me(), [line.what for line in lines]) if seen else {line.what for line in lines}
    return [
        line if line.what in (*known, UNNAMED) else Line(UNNAMED, [NOT_SEEN] if line.reasons else []) for line in lines
    ]


@bp.get("/jobs/<int:job_id>/file")
def file(job_id: int) -> Any:
    """What the job has made, while it is kept: put together as it is sent."""
    found = queries.find_job(me(), job_id)
    made = KINDS[found.kind].file
    if made is None or not queries.has_file(found):
        raise NotThere
    told = made(me(), found)
    return download(told.chunks, told.name, told.content_type)


@bp.route("/jobs/export/<what>", methods=["GET", "POST"])
def export(what: str) -> Any:
    """A list that is too long to wait for: says so, and has it made."""
    policy.may_ask_job.require(me())
    told = exports.unseal(what)
    of = exports.LISTINGS.get(told["list"]) if told else None
    if told is None or of is None:
        raise NotThere
    ids = of.ids(me(), told["asked"], exports.MOST + 1)
    if request.method == "POST":
        kept = ids[: exports.MOST]
        key = request.form.get("once", "")
        plan = exporting.plan_of(kept)
        job = commands.ask_with_plan(me(), plan, kind="export", payload=told, total=len(kept), form_key=key)
        return redirect(url_for(".job", job_id=job.id))
    return render_template("jobs/export.html", of=of, what=what, count=len(ids), most=exports.MOST)


@bp.post("/jobs/<int:job_id>/stop")
def stop(job_id: int) -> Any:
    found = queries.find_job(me(), job_id)
    try:
        commands.stop_job(me(), found)
        flash(_("It is stopped. What was done stays done."))
    except Refused:
        flash(_("It had ended already."), "warning")
    return redirect(url_for(".job", job_id=job_id))
