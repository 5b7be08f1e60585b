"""Dossiers: the page that says what is in one, and the answers that hand it out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from innovation.db import begin_reading
from innovation.dossiers import commands, making, meeting_dossier, policy, queries
from innovation.dossiers.for_funders import make_for_funder
from innovation.dossiers.making import Dossier
from innovation.downloads import download
from innovation.funders import policy as funders_policy
from innovation.funders import queries as funders
from innovation.funders.views.browsing import acting
from innovation.gates import queries as gates
from innovation.ideas import queries as ideas
from innovation.jobs.zipping import stream_zip
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.meetings import queries as meetings
from innovation.permission import NotThere
from innovation.pipeline import queries as pipeline
from innovation.pipeline.views import SORTS, order_of, read_filters
from innovation.web import me
from workflows import Refused

bp = Blueprint("dossiers", __name__)
TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


@bp.get("/ideas/<reference>/dossier")
def dossier(reference: str) -> Any:
    """What a dossier of this idea holds for this person, and what it leaves out."""
    found = queries.read_contents(me(), reference)
    policy.may_take_dossier.require(me(), found.idea)
    made = making.dossier_of(found)
    parts = [section["heading"] for section in made.sections]
    return render_template(
        "dossiers/dossier.html", idea=found.idea, reader=made.reader, parts=parts, left_out=made.records["left_out"]
    )


@bp.post("/ideas/<reference>/dossier")
def take_dossier(reference: str) -> Any:
    form = _form()
    commands.take_dossier(me(), ideas.find_idea(me(), reference), form=form)
    begin_reading()  # that it was taken is written; making it keeps nobody else from writing
    return _hand_out(making.make(me(), reference), form)


@bp.post("/funders/ideas/<reference>/dossier")
def take_pack(reference: str) -> Any:
    """The same for a funder's people, of an idea that they may browse."""
    if not funders_policy.may_browse_ideas.allows(me()):
        raise NotThere
    form, idea = _form(), funders.find_listed(me(), reference)
    funder = acting()
    commands.take_dossier(me(), idea, form=form)
    begin_reading()
    return _hand_out(make_for_funder(me(), funder, funders.find_listed(me(), reference)), form)


def _form() -> str:
    form = request.form.get("form", "pdf")
    if form not in TYPES:
        abort(400)
    return form


def _hand_out(made: Dossier, form: str) -> Response:
    chunks = [made.as_pdf()] if form == "pdf" else stream_zip(making.files_of(made))
    return download(chunks, f"{made.reference}.{form}", TYPES[form])


# A whole meeting


@bp.post("/meetings/<int:meeting_id>/dossier")
def take_meeting(meeting_id: int) -> Any:
    """The papers of a meeting at once; with the dossiers of its ideas as a ZIP that the worker makes."""
    meeting, form = meetings.find_meeting(me(), meeting_id), _form()
    if form == "zip":
        job = commands.ask_meeting_dossier(me(), meeting, form_key=request.form.get("once", ""))
        return redirect(url_for("jobs.job", job_id=job.id))
    commands.take_meeting_dossier(me(), meeting, form=form)
    begin_reading()
    return _hand_out(meeting_dossier.make(me(), meeting_id), form)


# Several ideas


@bp.get("/dossiers")
def dossiers() -> Any:
    """The ideas of a list, as the address has it, whose dossiers can be asked for together."""
    return _several(200)


@bp.post("/dossiers")
def ask_dossiers() -> Any:
    try:
        job = commands.ask_dossiers(me(), references=_references(), form_key=request.form.get("once", ""))
    except Refused as refused:
        for reason in refused.reasons:
            flash(_(reason), "warning")
        return _several(422)
    return redirect(url_for("jobs.job", job_id=job.id))


def _several(status: int) -> Any:
    policy.may_take_dossiers.require(me())
    references = _references()
    titles = gates.titles_of(me(), references[: commands.MOST])
    listed = [(reference, titles[reference]) for reference in references if reference in titles]
    return render_template(
        "dossiers/dossiers.html",
        listed=listed,
        too_many=len(references) > commands.MOST,
        most=commands.MOST,
        here=request.full_path.rstrip("?"),
    ), status


def _references() -> list[str]:
    """The ideas that the address names, or those of the pipeline as the address narrows and sorts it."""
    named = [reference.upper()[:20] for reference in request.args.getlist("idea")]
    if named:
        return list(dict.fromkeys(named))[: commands.MOST + 1]
    programmes = pipeline.list_programmes(me())
    programme = pipeline.pick_programme(programmes, request.args.get("programme", ""))
    sort = order_of(ListState.read(SORTS, "days"))
    found = ideas.list_ideas(me(), read_filters(programme), sort=sort, size=commands.MOST + 1, counted=0)
    return [idea.reference for idea in found.items]
