"""Minutes: read, corrected, circulated, commented on and signed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.languages import gettext as _
from innovation.meetings import commands, drafting, policy, queries
from innovation.meetings.forms import AnswerForm, CommentForm, SignForm, minutes_form
from innovation.meetings.models import Meeting, Minutes
from innovation.meetings.views.blueprint import bp
from innovation.permission import NotThere
from innovation.web import me


def _find(meeting_id: int) -> tuple[Meeting, Minutes]:
    meeting = queries.find_meeting(me(), meeting_id)
    return meeting, queries.find_minutes(me(), meeting)


def _page(meeting: Meeting, minutes: Minutes, status: int = 200, **forms: Any) -> Any:
    found = queries.read_minutes(me(), meeting, minutes)
    made: dict[str, Any] = {"comment_form": _comment_form(found), "answer_form": AnswerForm(), "answered": 0}
    made["sign_form"] = SignForm(number=str(minutes.number))
    return render_template(
        "meetings/minutes.html", meeting=meeting, minutes=minutes, found=found, **(made | forms)
    ), status


def _comment_form(found: queries.Reading) -> CommentForm:
    return CommentForm.offering([(item.item_id, item.title) for item in found.items if item.told])


@bp.get("/meetings/<int:meeting_id>/minutes")
def minutes(meeting_id: int) -> Any:
    return _page(*_find(meeting_id))


@bp.route("/meetings/<int:meeting_id>/minutes/text", methods=["GET", "POST"])
def correct(meeting_id: int) -> Any:
    meeting, found = _find(meeting_id)
    policy.may_write_minutes.require(me(), meeting)
    screen = queries.screen(me(), meeting)
    form = minutes_form(found.content, [each.item_id for each in screen.items if each.hears], found.number)
    if form.submit_to(commands.correct_minutes, me(), meeting):
        flash(_("This is version %(number)s of the minutes. Circulate it when it is ready.", number=form.result.number))
        return redirect(url_for(".minutes", meeting_id=meeting.id))
    items = drafting.in_order_of(found.content, [each.item_id for each in screen.items])
    page = {"meeting": meeting, "minutes": found, "content": found.content, "form": form, "minuted": items}
    return render_template("meetings/correct.html", **page), form.status


@bp.post("/meetings/<int:meeting_id>/minutes/circulation")
def circulation(meeting_id: int) -> Any:
    meeting, _minutes = _find(meeting_id)
    commands.circulate_minutes(me(), meeting)
    flash(_("The minutes go round. Each reads them without the items that are closed to them."))
    return redirect(url_for(".minutes", meeting_id=meeting_id))


@bp.post("/meetings/<int:meeting_id>/minutes/comments")
def comments(meeting_id: int) -> Any:
    meeting, found = _find(meeting_id)
    form = _comment_form(queries.read_minutes(me(), meeting, found))
    if form.submit_to(commands.comment_minutes, me(), meeting):
        flash(_("Your comment is there. Whoever writes the minutes answers it before the chair signs."))
        return redirect(url_for(".minutes", meeting_id=meeting.id, _anchor="comments"))
    return _page(meeting, found, form.status, comment_form=form)


@bp.post("/meetings/<int:meeting_id>/minutes/comments/<int:comment_id>/answer")
def answer(meeting_id: int, comment_id: int) -> Any:
    meeting, found = _find(meeting_id)
    comment = queries.find_comment(meeting, comment_id)
    if comment.item is not None and not queries.relation_to(me(), comment.item).hears:
        raise NotThere
    form = AnswerForm.read()
    if form.submit_to(commands.answer_comment, me(), comment):
        flash(_("The comment is answered."))
        return redirect(url_for(".minutes", meeting_id=meeting.id, _anchor="comments"))
    return _page(meeting, found, form.status, answer_form=form, answered=comment.id)


@bp.post("/meetings/<int:meeting_id>/minutes/signature")
def signature(meeting_id: int) -> Any:
    meeting, found = _find(meeting_id)
    form = SignForm.read()
    if form.submit_to(commands.sign_minutes, me(), meeting):
        flash(_("The minutes are signed and kept as they are."))
        return redirect(url_for(".minutes", meeting_id=meeting.id))
    return _page(meeting, found, form.status, sign_form=form)
