"""Meetings before they begin: the list, the plan, the agenda and its order, and the invitation."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for

from innovation.db import db
from innovation.forms import choices
from innovation.gates import queries as gates
from innovation.gates.models import Panel
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.meetings import commands, invitations, policy, queries
from innovation.meetings.forms import (
    STATE_NAMES,
    AskForm,
    MeetingFilterForm,
    MeetingForm,
    PlanForm,
    agenda_form,
    order_form,
)
from innovation.meetings.models import Meeting
from innovation.meetings.views.blueprint import bp, page_of
from innovation.permission import Actor
from innovation.programmes.models import Programme
from innovation.programmes.queries import main_programme
from innovation.tables import write_table
from innovation.web import full_address, me

MOST_PANELS = 200
MOST_EXPORTED = 2000


@bp.get("/meetings")
def meetings() -> Any:
    policy.may_list_meetings.require(me())
    form, state = MeetingFilterForm.of_query(), ListState.read((), "")
    programme = main_programme(me())
    named = programme.workflow_version.definition.gates if programme else ()
    form.gate.choices = choices([("", _("Any gate")), *((gate.key, _(gate.name)) for gate in named)])
    filters = queries.MeetingFilters(form.q.data or "", form.state.data or "", form.gate.data or "")
    size = MOST_EXPORTED if state.export else 20
    page = queries.list_meetings(me(), filters, page=1 if state.export else state.number, size=size)
    counts = queries.count_items([meeting.id for meeting in page.items])
    if state.export:
        return write_table(_columns(), (_line(each, counts) for each in page.items), state.export, "meetings")
    shown = {"page": state.on(page), "form": form, "state": state, "counts": counts}
    return render_template("meetings/meetings.html", **shown, narrowed=any(form.data.values()))


def _columns() -> list[tuple[str, str]]:
    return [
        ("title", _("Meeting")),
        ("gate", _("Gate")),
        ("panel", _("Panel")),
        ("starts", _("Begins")),
        ("venue", _("Place")),
        ("items", _("Items")),
        ("state", _("State")),
    ]


def _line(meeting: Meeting, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "gate": _(meeting.gate.name),
        "panel": meeting.panel.name,
        "starts": meeting.starts_at,
        "venue": meeting.venue,
        "items": counts.get(meeting.id, 0),
        "state": str(STATE_NAMES[meeting.state]),
    }


@bp.route("/meetings/new", methods=["GET", "POST"])
def plan() -> Any:
    policy.may_plan_meeting.require(me())
    panels = _panels(me())
    programme = db.session.get(Programme, panels[0].programme_id) if panels else None
    form = PlanForm.offering(panels, programme.timezone if programme else "UTC")
    if form.submit_to(_plan, me(), panels):
        flash(_("The meeting is planned. Everybody who sits is invited. Look at its agenda next."))
        return redirect(url_for(".meeting", meeting_id=form.result.id))
    return render_template("meetings/plan.html", form=form, meeting=None, panels=panels), form.status


def _panels(actor: Actor) -> list[Panel]:
    """The panels whose meetings this person may call."""
    found = gates.list_panel_rows(actor, gates.PanelFilters(), limit=MOST_PANELS)
    return [panel for panel in found if policy.may_call_panel_together.allows(actor, panel)]


def _plan(actor: Actor, panels: list[Panel], *, panel_id: int, **details: Any) -> Meeting:
    return commands.plan_meeting(actor, next(panel for panel in panels if panel.id == panel_id), **details)


@bp.get("/meetings/<int:meeting_id>")
def meeting(meeting_id: int) -> Any:
    return page_of(queries.find_meeting(me(), meeting_id))


@bp.route("/meetings/<int:meeting_id>/plan", methods=["GET", "POST"])
def change(meeting_id: int) -> Any:
    found = queries.find_meeting(me(), meeting_id)
    policy.may_prepare_meeting.require(me(), found)
    form = MeetingForm.of(found)
    if form.submit_to(commands.change_meeting, me(), found):
        flash(_("The plan is saved. Where calendars show it, everybody who is asked gets the change."))
        return redirect(url_for(".meeting", meeting_id=found.id))
    return render_template("meetings/plan.html", form=form, meeting=found, panels=[found.panel]), form.status


@bp.post("/meetings/<int:meeting_id>/cancellation")
def cancellation(meeting_id: int) -> Any:
    commands.cancel_meeting(me(), queries.find_meeting(me(), meeting_id))
    flash(_("The meeting is cancelled, and everybody who was asked is told."))
    return redirect(url_for(".meeting", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/people")
def people(meeting_id: int) -> Any:
    found = queries.find_meeting(me(), meeting_id)
    form = AskForm.read()
    if form.submit_to(commands.ask_to_meeting, me(), found):
        flash(_("The person is asked to the meeting."))
        return redirect(url_for(".meeting", meeting_id=found.id, _anchor="people"))
    return page_of(found, form.status, ask_form=form)


@bp.route("/meetings/<int:meeting_id>/agenda", methods=["GET", "POST"])
def agenda(meeting_id: int) -> Any:
    """Which items are on it."""
    found = queries.find_meeting(me(), meeting_id)
    policy.may_prepare_meeting.require(me(), found)
    screen = queries.screen(me(), found)
    could = queries.list_ready(me(), found.panel, whose="gate", which="open")
    form = agenda_form(screen, could)
    if form.submit_to(commands.set_agenda, me(), found):
        flash(_("The agenda is saved."))
        return redirect(url_for(".meeting", meeting_id=found.id))
    ready = {review.id for review in could if queries.has_quorum(review)}
    page = {"meeting": found, "screen": screen, "could": could, "form": form, "ready": ready}
    return render_template("meetings/agenda.html", **page), form.status


@bp.route("/meetings/<int:meeting_id>/order", methods=["GET", "POST"])
def order(meeting_id: int) -> Any:
    """In which order; the ranking is beside it for whoever sees every score in it."""
    found = queries.find_meeting(me(), meeting_id)
    policy.may_fix_agenda.require(me(), found)
    screen = queries.screen(me(), found)
    form = order_form(screen)
    if form.submit_to(commands.fix_agenda, me(), found):
        flash(_("The agenda is fixed. Everybody who is asked sees its order now."))
        return redirect(url_for(".meeting", meeting_id=found.id))
    return render_template("meetings/order.html", meeting=found, screen=screen, form=form), form.status


@bp.get("/meetings/<int:meeting_id>/invitation.ics")
def invitation(meeting_id: int) -> Response:
    """The meeting for one's own calendar."""
    found = queries.find_meeting(me(), meeting_id)
    text = invitations.write(
        found,
        method="CANCEL" if found.state == "cancelled" else "PUBLISH",
        to=("", ""),
        sender="",
        url=full_address(url_for(".meeting", meeting_id=found.id)),
    )
    headers = {"Content-Disposition": f'attachment; filename="meeting-{found.id}.ics"'}
    return Response(text, mimetype="text/calendar", headers=headers)
