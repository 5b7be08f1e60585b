"""The pages of what is due: the list within one's sight, and one's own dates for a calendar program."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask_babel import force_locale

from innovation.accounts import queries as accounts
from innovation.languages import gettext as _
from innovation.languages import whole
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pipeline import due, money_dates, pilot_dates, work
from innovation.pipeline.blueprint import bp
from innovation.pipeline.calendar import feed
from innovation.pipeline.due import KINDS, Due, DueFilters
from innovation.pipeline.queries import EXPORT_LIMIT
from innovation.tables import write_table
from innovation.web import full_address, me, public, today

PAGES = {
    "review": ("gates.review", "review_id"),
    "meeting": ("meetings.meeting", "meeting_id"),
    "waiver": ("gates.asked_waiver", "number"),
    "announcement": ("notifications.announcement", "review_id"),
    "reconsideration": ("gates.reconsideration", "number"),
    "lesson": ("ideas.lesson", "lesson_id"),
}


@bp.get("/due")
def what_is_due() -> Any:
    actor, state = me(), ListState.read((), "")
    kind, when = request.args.get("kind", ""), request.args.get("when", "")
    filters = DueFilters(kind if kind in KINDS else "", when)  # what makes no sense narrows nothing
    if state.export:
        listed = due.list_all_due(actor, filters, most=EXPORT_LIMIT, today=today())
        return write_table(_columns(), map(_exported, listed), state.export, "due")
    page = state.on(due.list_due(actor, filters, page=state.number, today=today()))
    rows = [_row(item) for item in page.items]
    choices = {"kinds": list(_kinds().items()), "times": _times()}
    return render_template("pipeline/due.html", list=state, page=page, rows=rows, filters=filters, **choices)


@bp.get("/calendar/<secret>.ics")
@public
def calendar(secret: str) -> Any:
    """For calendar programs, which cannot sign in: the address itself is the secret."""
    found = accounts.find_calendar_reader(secret)
    if found is None:
        raise NotThere
    actor, language = found
    with force_locale(whole(language)):
        name = current_app.config["SETTINGS"].site_name
        body = feed(work.list_tasks(actor, today()), name=name, root=full_address("/"))
    response = Response(body, mimetype="text/calendar")
    response.add_etag()
    return response.make_conditional(request)


def _kinds() -> dict[str, str]:
    return {
        "review": _("A panel decides"),
        "meeting": _("A panel meets"),
        "idea": _("Work at a stage, or a gate without a panel"),
        "waiver": _("A request for a waiver waits"),
        "hold": _("A hold ends"),
        "announcement": _("A team is to be told what was decided"),
        "reconsideration": _("A decision is to be looked at again"),
        "condition": _("A condition is to be met"),
        "lesson": _("What was learnt is to be written down"),
        "milestone": _("A milestone is to be reached"),
        "report": _("Funders are to have a report"),
        "agreement": _("An agreement with a funder is to be signed"),
        "tranche": _("A tranche is to be released"),
        "stop_warning": _("A pilot asks whether it goes on"),
        "incident": _("An incident in a pilot is to be settled"),
        "post_review": _("An idea that was handed over is to be looked at"),
        "handover_step": _("A step of a hand-over is to be done"),
    }


def _times() -> list[tuple[str, str]]:
    return [
        ("overdue", _("Overdue")),
        ("week", _("Within a week")),
        ("month", _("Within a month")),
        ("later", _("Later than that")),
    ]


def _row(item: Due) -> dict[str, Any]:
    return {
        "due_on": item.due_on,
        "overdue": item.due_on < today(),
        "text": _kinds()[item.kind] if item.kind != "idea" else _what_waits(item),
        "url": _address(item),
        "reference": item.reference,
        "title": item.title,
    }


def _what_waits(item: Due) -> str:
    return _("No panel has been convened") if item.place.startswith("at_") else _("Work at its stage")


def _address(item: Due) -> str:
    if item.kind in PAGES:
        endpoint, name = PAGES[item.kind]
        about: dict[str, Any] = {name: item.thing}
        return url_for(endpoint, **about)
    if item.kind in money_dates.KINDS:
        return _to_money(item)
    if item.kind in pilot_dates.KINDS:
        page = {"stop_warning": "pilots.measured", "incident": "pilots.incident_list"}[item.kind]
        return url_for(page, reference=item.reference)
    if item.kind == "post_review":
        return url_for("replication.post_review", reference=item.reference, number=item.thing)
    if item.kind == "handover_step":
        return url_for("replication.system_home", reference=item.reference)
    return url_for("gates.conditions" if item.kind == "condition" else "pipeline.idea", reference=item.reference)


def _to_money(item: Due) -> str:
    """A fund's people go to their own commitment, everybody else to the page of the idea."""
    if item.place == money_dates.FUND:
        return url_for("funders.commitment", commitment_id=item.thing)
    endpoint = {"milestone": "pilots.milestones", "report": "funders.reports"}.get(item.kind, "funders.funding")
    return url_for(endpoint, reference=item.reference)


def _columns() -> list[tuple[str, str]]:
    return [("due", _("Due")), ("what", _("What")), ("reference", _("Reference")), ("title", _("Title"))]


def _exported(item: Due) -> dict[str, Any]:
    shown = _row(item)
    return {"due": item.due_on, "what": shown["text"], "reference": item.reference, "title": item.title}
