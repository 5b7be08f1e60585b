"""The page of a long job: how far it has come, and in the end what became of each thing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from innovation import exports
from innovation.downloads import download
from innovation.jobs import commands, exporting, policy, queries
from innovation.jobs.kinds import KINDS
from innovation.jobs.models import Job
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.web import me
from workflows import Refused

bp = Blueprint("jobs", __name__)


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
    lines = [] if found.is_open else queries.list_lines(found)
    failed = sorted((line for line in lines if line.reasons), key=lambda line: line.reasons)
    return {
        "job": found,
        "kind": KINDS[found.kind],
        "pages": KINDS[found.kind].back(found),
        "went_well": [line.what for line in lines if not line.reasons],
        "failures": [(why, [line.what for line in same]) for why, same in groupby(failed, lambda line: line.reasons)],
        "unlisted": found.failed - len(failed),
        "has_file": KINDS[found.kind].file is not None and queries.has_file(found),
        "makes_file": KINDS[found.kind].file is not None,
    }


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
