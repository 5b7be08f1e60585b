"""Visits to the sites of a pilot: their list with how faithfully it is done, the short form, and each visit's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.downloads import pictured
from innovation.ideas import store
from innovation.ideas.photos import photo_of
from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pilots import commands, coursing, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.fidelity import DIMENSIONS, SHORT, marks_of, mean_of
from innovation.pilots.forms.visits import CorrectionForm, NewVisitForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.visits import MOST_EXPORTED, ON_PAGE
from innovation.pilots.views.asked import asked_pilot
from innovation.pilots.visit_models import PilotVisit, VisitCorrection
from innovation.tables import Columns, write_table
from innovation.web import day, me, today
from workflows import Refused


@bp.get("/ideas/<reference>/pilot/visits")
def visits(reference: str) -> Any:
    """A page of visits; or all that are shown, as a file."""
    pilot = asked_pilot(reference)
    state, text = ListState.read((), ""), request.args.get("text", "")[:60]
    size, number = (MOST_EXPORTED, 1) if state.export else (ON_PAGE, state.number)
    page = state.on(queries.list_visits(pilot, text=text, page=number, size=size))
    if state.export:
        return write_table(_columns(), _lines(pilot, page.items), state.export, f"{pilot.idea.reference}-visits")
    courses = queries.list_courses(pilot, text=text)
    return render_template(
        "pilots/visits.html",
        idea=pilot.idea,
        pilot=pilot,
        page=page,
        list=state,
        text=text,
        mean=lambda visit: mean_of(marks_of(visit)),
        coverage=queries.read_coverage(pilot),
        seen=queries.read_dimensions(pilot),
        picture=coursing.draw(courses),
        phones=_phones(pilot),
        dimensions=DIMENSIONS,
        short=SHORT,
    )


def _phones(pilot: Pilot) -> list[Any]:
    """Those that this person may shut out."""
    return [phone for phone in queries.list_phones(pilot) if policy.may_shut_out_visit_phone.allows(me(), phone)]


def _columns() -> Columns:
    return [
        ("reference", _("Visit")),
        ("day", _("Day")),
        ("place", _("Number or place")),
        ("site", _("Site")),
        *((name, label) for name, label in SHORT.items()),
        ("mean", _("Mean")),
        ("learners", _("Learners")),
        ("teachers", _("Teachers")),
        ("worked", _("What worked")),
        ("did_not", _("What did not work")),
        ("next_step", _("What to do next")),
        ("next_who", _("Who does it")),
        ("harm", _("Harm")),
        ("visitor", _("Visited by")),
    ]


def _lines(pilot: Pilot, rows: Any) -> Iterator[Mapping[str, Any]]:
    """As on the page: how many learners took part is left out where they are few, but for those who write it down."""
    writes = policy.may_record_visit.allows(me(), pilot)
    for visit, site, visitor in rows:
        line = {name: getattr(visit, name) for name in (*DIMENSIONS, "teachers", "worked", "did_not")}
        line |= {"next_step": visit.next_step, "next_who": visit.next_who, "harm": _("yes") if visit.harm else _("no")}
        line |= {"reference": queries.reference_of(visit), "day": visit.visited_on, "mean": mean_of(marks_of(visit))}
        few = queries.is_small(visit.learners) and not writes
        line["learners"] = _("fewer than 10") if few else visit.learners
        yield line | {"place": visit.site.place, "site": site, "visitor": visitor or ""}


@bp.route("/ideas/<reference>/pilot/visits/form", methods=["GET", "POST"])
def visit_form(reference: str) -> Any:
    """The short form, as it works without scripts."""
    pilot = asked_pilot(reference)
    policy.may_record_visit.require(me(), pilot)
    first = {"visited_on": today(), "site": request.args.get("site", "")}
    form = NewVisitForm.read(data=first, pilot=pilot)
    if form.was_sent and _submitted(form, pilot):
        flash(_("The visit is kept."))
        return redirect(url_for(".visit", reference=reference, number=form.result.visit.number))
    return render_template("pilots/visit_form.html", idea=pilot.idea, pilot=pilot, form=form, visit=None), form.status


def _submitted(form: NewVisitForm, pilot: Pilot) -> bool:
    try:
        photo = photo_of(form.photo)
    except Refused as refused:
        form.refuse(refused, 422)
        return False
    return form.submit_to(commands.record_visit, me(), pilot, photo=photo)


@bp.get("/ideas/<reference>/pilot/visits/<int:number>")
def visit(reference: str, number: int) -> Any:
    pilot = asked_pilot(reference)
    told = queries.find_visit(me(), pilot, number)
    found = told.visit
    return render_template(
        "pilots/visit.html",
        idea=pilot.idea,
        pilot=pilot,
        visit=found,
        spot=told.site,
        reference=queries.reference_of(found),
        mean=mean_of(marks_of(found)),
        dimensions=DIMENSIONS,
        few=queries.is_small(found.learners) and not policy.may_record_visit.allows(me(), pilot),
        corrections=[(each, _changes(pilot, each)) for each in found.corrections],
        names=names_of({each.made_by_id for each in found.corrections if each.made_by_id}),
    )


def _changes(pilot: Pilot, correction: VisitCorrection) -> list[tuple[str, str, str]]:
    """What was changed, from what to what, in words."""
    form: Any = NewVisitForm(None, pilot=pilot)
    labels = {name: SHORT.get(name) or form[name].label.text for name in form.data if name not in ("form_key", "photo")}
    labels["site_id"] = form.site.label.text
    sites = {each.id: each.name for each in queries.list_visitable(pilot) or ()}
    shows_few = policy.may_record_visit.allows(me(), pilot)

    def said(what: str, value: Any) -> str:
        if what == "learners" and queries.is_small(value) and not shows_few:
            return _("fewer than 10")
        if what == "visited_on":
            return str(day(dt.date.fromisoformat(value)))
        if what == "harm":
            return _("yes") if value else _("no")
        if what == "site_id":
            return sites.get(value, "–")
        return "–" if value in (None, "") else str(value)

    return [
        (str(labels[each["what"]]), said(each["what"], each["before"]), said(each["what"], each["after"]))
        for each in correction.changes
    ]


@bp.route("/ideas/<reference>/pilot/visits/<int:number>/correction", methods=["GET", "POST"])
def visit_correction(reference: str, number: int) -> Any:
    """The form again, for who wrote it down."""
    pilot = asked_pilot(reference)
    found = queries.find_visit(me(), pilot, number).visit
    policy.may_correct_visit.require(me(), found)
    form = CorrectionForm.of(found)
    if form.submit_to(commands.correct_visit, me(), found):
        flash(_("The visit is corrected. What stood before is kept with it."))
        return redirect(url_for(".visit", reference=reference, number=number))
    return render_template("pilots/visit_form.html", idea=pilot.idea, pilot=pilot, form=form, visit=found), form.status


@bp.route("/ideas/<reference>/pilot/visits/<int:number>/photo", methods=["GET", "POST"])
def visit_photo(reference: str, number: int) -> Any:
    """The photo; sent to this address, it is taken away."""
    pilot = asked_pilot(reference)
    found = queries.find_visit(me(), pilot, number).visit
    if request.method == "POST":
        commands.remove_visit_photo(me(), found)
        flash(_("The photo is taken away."))
        return redirect(url_for(".visit", reference=reference, number=number))
    return _picture(found)


def _picture(found: PilotVisit) -> Response:
    try:
        content = store.store().get(found.photo_key) if found.photo_key and found.shows_photo else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise NotThere
    return pictured(content, found.photo_type)


@bp.post("/ideas/<reference>/pilot/visits/phones/<int:phone_id>/end")
def end_visit_phone(reference: str, phone_id: int) -> Any:
    pilot = asked_pilot(reference)
    commands.shut_out_visit_phone(me(), queries.find_phone_of(pilot, phone_id))
    flash(_("That phone can send nothing more."))
    return redirect(url_for(".visits", reference=reference, _anchor="phones"))
