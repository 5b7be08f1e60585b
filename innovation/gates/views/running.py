"""Running a review: opening it, reminding, seats that come and go, and cancelling."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.gates import commands, policy, queries
from innovation.gates.forms import SeatForm
from innovation.gates.models import Review
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.web import me


def _to_run(review_id: int) -> Review:
    """The review, for whoever may run it."""
    review = queries.find_review(me(), review_id)
    policy.may_run_review.require(me(), review)
    return review


@bp.post("/reviews/<int:review_id>/scoring")
def scoring(review_id: int) -> Any:
    commands.open_scoring(me(), _to_run(review_id))
    flash(_("Scoring is open."))
    return redirect(url_for(".review", review_id=review_id))


@bp.post("/reviews/<int:review_id>/reminder")
def reminder(review_id: int) -> Any:
    commands.remind_panel(me(), _to_run(review_id))
    flash(_("Whoever still has to declare or to score is reminded."))
    return redirect(url_for(".review", review_id=review_id))


@bp.post("/reviews/<int:review_id>/cancellation")
def cancellation(review_id: int) -> Any:
    review = commands.cancel_review(me(), _to_run(review_id))
    flash(_("The review is cancelled. The idea waits at its gate for another panel."))
    return redirect(url_for(".present", reference=review.idea.reference))


@bp.route("/reviews/<int:review_id>/seats", methods=["GET", "POST"])
def seats(review_id: int) -> Any:
    review = _to_run(review_id)
    form = SeatForm.read()
    if form.submit_to(commands.seat_person, me(), review):
        flash(_("The seat is taken, and the person is told."))
        return redirect(url_for(".seats", review_id=review.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": queries.panel_view(me(), review)}
    page |= {"people": queries.list_seatable(), "alternates": queries.alternates_of(review)}
    return render_template("gates/seats.html", **page, form=form), form.status


@bp.post("/reviews/<int:review_id>/seats/<int:seat_id>/absence")
def absence(review_id: int, seat_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    commands.excuse_seat(me(), queries.find_seat(me(), review, seat_id))
    flash(_("The member is excused from this review."))
    return redirect(url_for(".seats", review_id=review.id))
