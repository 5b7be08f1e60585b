"""Abstaining with a reason, and a newer revision: put before the panel, and one's marks confirmed for it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.gates import commands, policy, queries
from innovation.gates.forms import AbstentionForm
from innovation.gates.models import Review, Seat
from innovation.gates.queries import PanelView
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me


def _own_seat(review_id: int) -> tuple[Review, PanelView, Seat]:
    """The person's own scoring seat."""
    review = queries.find_review(me(), review_id)
    view = queries.panel_view(me(), review)
    if view.seat is None or not view.seat.scores:
        raise NotThere
    return review, view, view.seat


@bp.route("/reviews/<int:review_id>/abstention", methods=["GET", "POST"])
def abstention(review_id: int) -> Any:
    review, view, seat = _own_seat(review_id)
    if not view.sees_pack:
        return redirect(url_for(".declaration", review_id=review.id))
    if not review.is_open:
        return redirect(url_for(".review", review_id=review.id))
    form = AbstentionForm.read()
    if form.submit_to(commands.abstain, me(), seat):
        flash(_("You abstain. The chair and the coordinator are told."))
        return redirect(url_for(".review", review_id=review.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form}
    return render_template("gates/abstention.html", **page), form.status


@bp.post("/reviews/<int:review_id>/abstention/end")
def end_abstention(review_id: int) -> Any:
    review, _view, seat = _own_seat(review_id)
    commands.end_abstention(me(), seat)
    flash(_("You take part again. Your scorecard waits for you."))
    return redirect(url_for(".review", review_id=review.id))


@bp.post("/reviews/<int:review_id>/revision")
def revision(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    policy.may_take_revision.require(me(), review)
    commands.take_revision(me(), review)
    flash(_("The panel reads revision %(number)s now, and is told so.", number=review.revision.number))
    return redirect(url_for(".review", review_id=review.id))


@bp.post("/reviews/<int:review_id>/scorecard/confirmation")
def confirmation(review_id: int) -> Any:
    review, _view, seat = _own_seat(review_id)
    commands.confirm_scorecard(me(), seat, revision_id=whole_number(request.form.get("revision_id")))
    flash(_("Your marks stand for revision %(number)s.", number=review.revision.number))
    return redirect(url_for(".review", review_id=review.id))
