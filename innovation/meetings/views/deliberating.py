"""What is done with an item: notes, votes, leave, the decision, or that it is put off."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.gates import queries as gates
from innovation.gates.after_models import WithheldDecision
from innovation.gates.forms import decision_form
from innovation.gates.models import Decision
from innovation.languages import gettext as _
from innovation.meetings import commands, policy, queries
from innovation.meetings.forms import MotionForm, NoteForm, PutOffForm, VoteForm
from innovation.meetings.models import AgendaItem, Meeting, Motion
from innovation.meetings.views.blueprint import bp, page_of
from innovation.permission import NotThere
from innovation.web import me


def _find(meeting_id: int, item_id: int) -> tuple[Meeting, AgendaItem]:
    """An item that is open to whoever asks; there is none for anybody else."""
    meeting = queries.find_meeting(me(), meeting_id)
    item = queries.find_item(meeting, item_id)
    if queries.relation_to(me(), item).relation != "full":
        raise NotThere
    return meeting, item


def _back(meeting: Meeting, anchor: str = "") -> Any:
    return redirect(url_for(".meeting", meeting_id=meeting.id, _anchor=anchor or None))


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/notes")
def notes(meeting_id: int, item_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    form = NoteForm.read()
    if form.submit_to(commands.take_note, me(), item):
        flash(_("The note is kept for the minutes."))
        return _back(meeting, "tools")
    return page_of(meeting, form.status, note_form=form)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/motion")
def motion(meeting_id: int, item_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    form = MotionForm.about(item.review, gates.ruled_out(item.review) if item.review.is_open else ())
    if form.submit_to(commands.put_motion, me(), item):
        flash(_("The vote is open."))
        return _back(meeting)
    return page_of(meeting, form.status, motion_form=form)


def _motion(item: AgendaItem) -> Motion:
    if not item.motions:
        raise NotThere
    return item.motions[-1]


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/votes")
def votes(meeting_id: int, item_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    form = VoteForm.read()
    if form.submit_to(commands.cast_vote, me(), _motion(item)):
        flash(_("Your vote is recorded. You can change it until it is counted."))
        return _back(meeting)
    return page_of(meeting, form.status, refused=form)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/count")
def count(meeting_id: int, item_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    commands.count_votes(me(), _motion(item))
    flash(_("The vote is counted."))
    return _back(meeting)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/leave/<int:seat_id>")
def leave(meeting_id: int, item_id: int, seat_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    commands.give_leave(me(), item, seat_id=seat_id)
    flash(_("The member may change their scorecard once, and is told."))
    return _back(meeting, "tools")


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/postponement")
def postponement(meeting_id: int, item_id: int) -> Any:
    meeting, item = _find(meeting_id, item_id)
    form = PutOffForm.read()
    if form.submit_to(commands.put_off, me(), item):
        flash(_("The item is put off."))
        return _back(meeting)
    return page_of(meeting, form.status, put_off_form=form)


def _told(made: object) -> str:
    if isinstance(made, Decision):
        return _("The decision is recorded, and the team is told.")
    if isinstance(made, WithheldDecision):
        return _("The decision is recorded and held back. Nobody outside is told before it is announced.")
    return _("You have signed. The decision stands when the other co-chair has signed as well.")


@bp.route("/meetings/<int:meeting_id>/items/<int:item_id>/decision", methods=["GET", "POST"])
def decision(meeting_id: int, item_id: int) -> Any:
    """The same form as on the page of the review, with the vote before one's eyes."""
    meeting, item = _find(meeting_id, item_id)
    review = item.review
    if (item.state == "decided" and not item.is_undone) or not review.is_open:
        return _back(meeting)
    policy.may_decide_item.require(me(), item)
    queries.load_cards([review])
    view = gates.panel_view(me(), review)
    form = decision_form(review, view.result_id)
    if form.submit_to(commands.decide_item, me(), item):
        flash(_told(form.result))
        return _back(meeting)
    counted = next((each for each in reversed(item.motions) if each.counted_at), None)
    if counted is not None and counted.carried and not form.was_sent:
        form.outcome.data = counted.outcome
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form}
    page |= {"off": gates.ruled_out(review), "reasons": gates.before_deciding(me(), review)}
    page |= {"meeting": meeting, "item": item, "counted": counted}
    page["back"] = url_for("gates.review", review_id=review.id)
    return render_template("meetings/decision.html", **page, correcting=False), form.status
