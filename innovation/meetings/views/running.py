"""The meeting under way: the part of the page that follows it, who is there, and what is in hand."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.http import quote_etag

from innovation.languages import gettext as _
from innovation.meetings import commands, queries
from innovation.meetings.forms import MARK_NAMES, PresenceForm, TakeForm
from innovation.meetings.views.blueprint import bp, page_of
from innovation.web import me

FRESH = "private, no-cache"


@bp.get("/meetings/<int:meeting_id>/now")
def now_in_hand(meeting_id: int) -> Response:
    """What the page of a meeting asks for every few seconds; one cheap statement where nothing is new."""
    tag = queries.pulse_of(me(), meeting_id)
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        found = queries.find_meeting(me(), meeting_id)
        screen = queries.screen(me(), found)
        item = request.args.get("item", "")
        page_item = int(item) if item.isascii() and item.isdigit() and len(item) < 10 else None
        page = {"meeting": found, "screen": screen, "shown": screen.in_hand, "tag": tag, "page_item": page_item}
        answer = make_response(render_template("meetings/now.html", **page))
    answer.headers["ETag"] = quote_etag(tag)
    answer.headers["Cache-Control"] = FRESH
    return answer


@bp.post("/meetings/<int:meeting_id>/opening")
def opening(meeting_id: int) -> Any:
    commands.open_meeting(me(), queries.find_meeting(me(), meeting_id))
    flash(_("The meeting is open, and scorecards are locked. Note who is here, then take the first item."))
    return redirect(url_for(".meeting", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/closing")
def closing(meeting_id: int) -> Any:
    commands.close_meeting(me(), queries.find_meeting(me(), meeting_id))
    flash(_("The meeting is closed, and its minutes are drafted."))
    return redirect(url_for(".meeting", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/attendance/<int:attendee_id>")
def attendance(meeting_id: int, attendee_id: int) -> Any:
    found = queries.find_meeting(me(), meeting_id)
    form = PresenceForm.read()
    attendee = queries.find_attendee(found, attendee_id)
    if form.submit_to(commands.note_attendance, me(), attendee):
        mark = form.result.marks[-1]
        flash(_("Noted: %(name)s %(what)s.", name=attendee.person.name, what=MARK_NAMES[mark.what]))
        return redirect(url_for(".meeting", meeting_id=found.id, _anchor="people"))
    return page_of(found, form.status, refused=form)


@bp.post("/meetings/<int:meeting_id>/presence")
def presence(meeting_id: int) -> Any:
    """One's own."""
    found = queries.find_meeting(me(), meeting_id)
    form = PresenceForm.read()
    if form.submit_to(commands.say_presence, me(), found):
        flash(_("Noted."))
        return redirect(url_for(".meeting", meeting_id=found.id))
    return page_of(found, form.status, refused=form)


@bp.post("/meetings/<int:meeting_id>/item")
def item(meeting_id: int) -> Any:
    """Go to an item."""
    found = queries.find_meeting(me(), meeting_id)
    form = TakeForm.read()
    if form.submit_to(commands.take_item, me(), found):
        return redirect(url_for(".meeting", meeting_id=found.id))
    return page_of(found, form.status, refused=form)
