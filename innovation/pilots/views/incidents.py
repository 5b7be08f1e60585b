"""The pages of incidents: the list, one to report, and each with what was added to it; and the pilot that goes on."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.forms import Form
from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pilots import commands, incidents, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.incidents import (
    GradeForm,
    ReopenForm,
    SettleForm,
    ToldForm,
    incident_form,
)
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import PilotVisit
from innovation.web import me, today
from workflows import PILOT

WORDS = {
    "kinds": incidents.KINDS,
    "severities": incidents.SHORT,
    "tones": incidents.TONES,
    "states": incidents.STATES,
}


def _pilot(reference: str) -> Pilot:
    pilot = queries.find_pilot(me(), reference)
    if not policy.may_see_incidents.allows(me(), pilot):
        raise NotThere
    return pilot


@bp.get("/ideas/<reference>/pilot/incidents")
def incident_list(reference: str) -> Any:
    """Every incident, without a word of what happened; nothing of it can be taken along as a file."""
    pilot = _pilot(reference)
    state = ListState.read((), "")
    shown = request.args.get("state", "")
    shown = shown if shown in incidents.STATES else ""
    page = state.on(queries.list_incidents(pilot, state=shown, page=state.number))
    facts = queries.facts_of(pilot)
    return render_template(
        "pilots/incidents.html",
        idea=pilot.idea,
        pilot=pilot,
        page=page,
        shown=shown,
        facts=facts,
        why_not=PILOT.reasons(pilot.state, "resume", facts) if pilot.state == "paused" else (),
        today=today(),
        **WORDS,
    )


def _one_called(pilot: Pilot, text: str) -> int | None:
    """The one site with this number or name."""
    found = queries.list_sites_called(pilot, text)
    return found[0] if len(found) == 1 else None


def _visit(pilot: Pilot) -> PilotVisit | None:
    """The visit at which it was seen, where the address names one."""
    number = whole_number(request.args.get("visit", ""))
    return queries.visit_numbered(pilot, number) if number else None


@bp.route("/ideas/<reference>/pilot/incidents/new", methods=["GET", "POST"])
def report_incident(reference: str) -> Any:
    pilot = _pilot(reference)
    words = pilot.idea.definition.words
    form = incident_form(
        queries.list_visitable(pilot), lambda text: _one_called(pilot, text), words, today(), _visit(pilot)
    )
    if form.submit_to(commands.report_incident, me(), pilot):
        made: Incident = form.result
        if made.severity == incidents.HARM and pilot.state == "paused":
            flash(_("It is written down. The pilot is paused; owner, coordinator and chair are told now."), "warning")
        else:
            flash(_("It is written down, and the coordinator is told."))
        return redirect(url_for(".incident", reference=reference, incident_id=made.id))
    return render_template("pilots/report_incident.html", idea=pilot.idea, pilot=pilot, form=form), form.status


@bp.get("/ideas/<reference>/pilot/incidents/<int:incident_id>")
def incident(reference: str, incident_id: int) -> Any:
    return _page(_incident(reference, incident_id))


@bp.post("/ideas/<reference>/pilot/incidents/<int:incident_id>/notices")
def tell_outside(reference: str, incident_id: int) -> Any:
    found = _incident(reference, incident_id)
    form = ToldForm.read(prefix="t")
    if form.submit_to(commands.tell_outside, me(), found):
        flash(_("It is noted who was told."))
        return _back(found)
    return _page(found, told=form)


@bp.post("/ideas/<reference>/pilot/incidents/<int:incident_id>/settlement")
def settle_incident(reference: str, incident_id: int) -> Any:
    found = _incident(reference, incident_id)
    form = SettleForm.read(prefix="s")
    if form.submit_to(commands.settle_incident, me(), found):
        flash(
            _("It is settled. The pilot stays paused until you let it go on.")
            if found.pilot.state == "paused"
            else _("It is settled.")
        )
        return _back(found)
    return _page(found, settle=form)


@bp.post("/ideas/<reference>/pilot/incidents/<int:incident_id>/reopening")
def reopen_incident(reference: str, incident_id: int) -> Any:
    found = _incident(reference, incident_id)
    form = ReopenForm.read(prefix="r")
    if form.submit_to(commands.reopen_incident, me(), found):
        flash(_("It is open again."))
        return _back(found)
    return _page(found, reopen=form)


@bp.post("/ideas/<reference>/pilot/incidents/<int:incident_id>/severity")
def grade_incident(reference: str, incident_id: int) -> Any:
    found = _incident(reference, incident_id)
    form = GradeForm.read(prefix="g")
    if form.submit_to(commands.grade_incident, me(), found):
        flash(_("It is noted. What was reported stays beside it."))
        return _back(found)
    return _page(found, grade=form)


@bp.post("/ideas/<reference>/pilot/resumption")
def resume(reference: str) -> Any:
    pilot = _pilot(reference)
    commands.resume_pilot(me(), pilot)
    flash(
        _("The pilot goes on.")
        if pilot.state == "running"
        else _("The pilot is no longer paused. It asks for a decision: a stop threshold is not answered for.")
    )
    return redirect(url_for(".incident_list", reference=reference))


def _incident(reference: str, incident_id: int) -> Incident:
    return queries.find_incident(me(), _pilot(reference), incident_id)


def _back(found: Incident) -> Any:
    return redirect(url_for(".incident", reference=found.idea.reference, incident_id=found.id))


def _page(found: Incident, **sent: Form) -> Any:
    words = found.idea.definition.words
    entries = queries.list_entries([found])[found.id]
    people = [found.reported_by_id, *(entry.made_by_id for entry in entries)]
    form = next(iter(sent.values()), None)
    forms: dict[str, Any] = {
        "told": ToldForm(prefix="t"),
        "settle": SettleForm(prefix="s", data={"settled_on": today()}),
        "reopen": ReopenForm(prefix="r"),
        "grade": GradeForm(prefix="g"),
        **sent,
    }
    forms["told"].speak(words)
    return render_template(
        "pilots/incident.html",
        idea=found.idea,
        pilot=found.pilot,
        incident=found,
        place=queries.place_of(found),
        entries=entries,
        names=names_of(people),
        bodies=incidents.body_names(words),
        forms=forms,
        form=form,
        today=today(),
        **WORDS,
    ), (form.status if form else 200)
