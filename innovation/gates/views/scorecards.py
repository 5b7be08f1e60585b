"""One's own scorecard: filled in beside the pack, saved as one types, submitted, and changed with a reason."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from innovation.gates import commands, queries
from innovation.gates.forms import ScorecardForm, scorecard_form
from innovation.gates.models import Review, Seat
from innovation.gates.queries import PanelView
from innovation.gates.views.blueprint import bp
from innovation.gates.views.reviews import show_review
from innovation.permission import NotThere
from innovation.web import local, me


def _own_card(review_id: int) -> tuple[Review, PanelView, Seat, ScorecardForm]:
    """The person's own card on a review that is open to them."""
    review = queries.find_review(me(), review_id)
    view = queries.panel_view(me(), review)
    if view.seat is None or not view.seat.scores:
        raise NotThere
    card = (view.draft or view.card) if view.sees_pack else None
    return review, view, view.seat, scorecard_form(review.gate, view.inherited if view.sees_pack else (), card)


@bp.route("/reviews/<int:review_id>/scorecard", methods=["GET", "POST"])
def scorecard(review_id: int) -> Any:
    review, view, seat, form = _own_card(review_id)
    if not view.sees_pack:
        return redirect(url_for(".declaration", review_id=review.id))
    if form.submit_to(commands.submit_scorecard, me(), seat):
        flash(_("Your scorecard is in. Thank you."))
        return redirect(url_for(".review", review_id=review.id))
    if form.was_sent:
        return show_review(review, view, form, form.status)
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form}
    return render_template("gates/scorecard.html", **page)


@bp.post("/reviews/<int:review_id>/scorecard/draft")
def draft(review_id: int) -> Any:
    _review, _view, seat, form = _own_card(review_id)
    card = commands.save_scorecard(me(), seat, **form.details())
    if request.headers.get("X-Autosave") or request.accept_mimetypes.best == "application/json":
        return jsonify(saved_at=f"{local(card.saved_at):%H:%M}")
    flash(_("Your draft is saved. Nobody else sees it."))
    return redirect(url_for(".review", review_id=review_id))
