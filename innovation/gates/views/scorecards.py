"""One's own scorecard: filled in beside the pack, saved as one types, submitted, and changed with a reason."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from innovation import once
from innovation.db import whole_number
from innovation.forms import sent_tab
from innovation.gates import commands, queries
from innovation.gates.forms import ScorecardForm, card_of_copy, scorecard_form
from innovation.gates.models import Review, Seat
from innovation.gates.views.blueprint import bp
from innovation.gates.views.reviews import beside_card, card_form, show_review, tabs_of
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import local, me, told_of_copy


def _own_seat(review_id: int, *, marks: bool = True) -> tuple[Review, Seat, bool]:
    """The person's own scoring seat at a review, and whether its pack is open to them."""
    review = queries.find_review(me(), review_id, marks=marks)
    relation, seat, sees_pack = queries.reading(me(), review)
    if relation != "seat" or seat is None or not seat.scores:
        raise NotThere
    return review, seat, sees_pack


def _sent_card(review: Review, *, sees_pack: bool) -> ScorecardForm:
    """What was sent; what stands beside it on its page is put together only where it is shown again."""
    return scorecard_form(review.gate, queries.open_conditions(review.idea) if sees_pack and review.is_open else ())


@bp.route("/reviews/<int:review_id>/scorecard", methods=["GET", "POST"])
def scorecard(review_id: int) -> Any:
    is_sent = request.method == "POST"
    review, seat, sees_pack = _own_seat(review_id, marks=not is_sent)
    if not sees_pack:
        return redirect(url_for(".declaration", review_id=review.id))
    return _submit(review, seat) if is_sent else _show(review, seat)


def _show(review: Review, seat: Seat) -> Any:
    view = queries.panel_view(me(), review)
    beside = beside_card(review, view)
    form = card_form(review, view, beside)
    wanted = whole_number(request.args.get("copy"))
    looked_at = None if wanted is None else queries.find_scorecard_copy(me(), seat, wanted)
    if looked_at is not None:
        form = scorecard_form(review.gate, view.inherited, card_of_copy(looked_at))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form, **beside}
    return render_template("gates/scorecard.html", **page, **tabs_of(view, form) | {"looked_at": looked_at})


def _submit(review: Review, seat: Seat) -> Any:
    form = _sent_card(review, sees_pack=True)
    once.lead_to(url_for(".review", review_id=review.id))
    if form.submit_to(commands.submit_scorecard, me(), seat, tab=sent_tab(), revision_id=form.revision_read):
        return _onward(review)
    queries.read_marks(review)
    view = queries.panel_view(me(), review)
    form.earlier = beside_card(review, view)["earlier"]
    form.revision_id.data = str(review.revision_id)
    return show_review(review, view, form, form.status)


def _onward(review: Review) -> Any:
    """Back to the review, or on to the next one that waits for the person's marks."""
    if request.form.get("then") != "next":
        flash(_("Your scorecard is in. Thank you."))
        return redirect(url_for(".review", review_id=review.id))
    following = queries.next_to_score(me(), review)
    if following is None:
        flash(_("Your scorecard is in. Nothing else waits for your marks."))
        return redirect(url_for(".review", review_id=review.id))
    flash(_("Your scorecard is in. This is the next idea that waits for you."))
    return redirect(url_for(".review", review_id=following.id))


@bp.post("/reviews/<int:review_id>/scorecard/copies/<int:copy_id>/use")
def use_copy(review_id: int, copy_id: int) -> Any:
    _review, seat, _sees_pack = _own_seat(review_id)
    commands.use_scorecard_copy(me(), seat, copy_id=copy_id)
    flash(_("You go on from this copy now. The draft that was here is kept as the other copy."))
    return redirect(url_for(".scorecard", review_id=review_id))


@bp.post("/reviews/<int:review_id>/scorecard/copies/<int:copy_id>/removal")
def discard_copy(review_id: int, copy_id: int) -> Any:
    _review, seat, _sees_pack = _own_seat(review_id)
    commands.discard_scorecard_copy(me(), seat, copy_id=copy_id)
    flash(_("The copy is gone. Your draft stays."))
    return redirect(url_for(".scorecard", review_id=review_id))


@bp.post("/reviews/<int:review_id>/scorecard/draft")
def draft(review_id: int) -> Any:
    review, seat, sees_pack = _own_seat(review_id)
    form = _sent_card(review, sees_pack=sees_pack)
    card = commands.save_scorecard(me(), seat, **form.details(), tab=sent_tab())
    if request.headers.get("X-Autosave") or request.accept_mimetypes.best == "application/json":
        answer = {"saved_at": f"{local(card.saved_at):%H:%M}"}
        for copy in queries.list_scorecard_copies(seat, limit=1):
            answer |= told_of_copy(copy.saved_at, url_for(".scorecard", review_id=review_id, copy=copy.id))
        return jsonify(answer)
    flash(_("Your draft is saved. Nobody else sees it."))
    return redirect(url_for(".review", review_id=review_id))
