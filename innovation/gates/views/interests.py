"""The interests of a panel: what was noticed and said, rulings of the chair, and who chairs now."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.gates import commands, policy, queries
from innovation.gates.forms import RulingForm
from innovation.gates.models import Review
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.permission import Policy
from innovation.web import me


def _review(review_id: int, may: Policy) -> tuple[Review, dict[str, Any]]:
    review = queries.find_review(me(), review_id)
    may.require(me(), review)
    return review, {"review": review, "idea": review.idea, "gate": review.gate}


@bp.get("/reviews/<int:review_id>/interests")
def interests(review_id: int) -> Any:
    review, page = _review(review_id, policy.may_see_panel_interests)
    found, works_for = queries.list_panel_interests(me(), review)
    return render_template("gates/interests.html", **page, interests=found, works_for=works_for)


@bp.route("/reviews/<int:review_id>/seats/<int:seat_id>/ruling", methods=["GET", "POST"])
def ruling(review_id: int, seat_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    seat = queries.find_seat(me(), review, seat_id)
    policy.may_overrule_interest.require(me(), seat)
    form = RulingForm.read(data={"answer": "admitted" if seat.stance == "recused" else "removed"})
    if form.submit_to(commands.overrule_interest, me(), seat):
        flash(_("It is decided and kept with its reason. The member and the coordinator are told."))
        return redirect(url_for(".interests", review_id=review.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "seat": seat, "form": form}
    return render_template("gates/ruling.html", **page), form.status


@bp.get("/reviews/<int:review_id>/chair")
def chairing(review_id: int) -> Any:
    review, page = _review(review_id, policy.may_see_chair)
    claims = queries.chairing(review)
    return render_template("gates/chairing.html", **page, claims=claims, leading=review.leading)
