"""The chair's decision, the other co-chair's signature, and a decision that supersedes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation import once
from innovation.gates import commands, policy, queries
from innovation.gates.after_models import WithheldDecision
from innovation.gates.forms import SignForm, decision_form, supersede_form
from innovation.gates.models import Decision, Review
from innovation.gates.queries import PanelView
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me


def _page(review: Review, view: PanelView, form: Any, **more: Any) -> Any:
    page = {
        "review": review,
        "idea": review.idea,
        "gate": review.gate,
        "view": view,
        "form": form,
        "off": queries.ruled_out(review),
        "reasons": (*((queries.AT_MEETING,) if review.locked_at else ()), *queries.before_deciding(me(), review)),
        "back": url_for(".review", review_id=review.id),
    }
    return render_template("gates/decision.html", **page, **more), form.status


@bp.route("/reviews/<int:review_id>/decision", methods=["GET", "POST"])
def decision(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    if request.method == "POST" and review.is_open and review.settled_at is None:
        return _decide(review)
    view = queries.panel_view(me(), review)
    form = decision_form(review, view.result_id)
    if not review.is_open and review.decision is not None and (not form.was_sent or _says(form, review.decision)):
        return redirect(url_for(".outcome", review_id=review.id))
    policy.may_record_decision.require(me(), review)
    if view.settled and (not form.was_sent or (view.withheld is not None and _says(form, view.withheld))):
        return redirect(url_for(".review", review_id=review.id))
    if form.submit_to(commands.record_decision, me(), review):
        return _decided(review, form)
    return _page(review, view, form, correcting=False)


def _decide(review: Review) -> Any:
    """What was sent; what the panel is shown is put together only where the form is shown again."""
    queries.reading(me(), review)  # there is nothing here for somebody with an interest
    policy.may_record_decision.require(me(), review)
    form = decision_form(review, queries.newest_card_id(review))
    once.lead_to(url_for(".outcome", review_id=review.id))
    if form.submit_to(commands.record_decision, me(), review):
        return _decided(review, form)
    return _page(review, queries.panel_view(me(), review), form, correcting=False)


def _decided(review: Review, form: Any) -> Any:
    if isinstance(form.result, WithheldDecision):
        flash(_("The decision is recorded and held back. Nobody is told before it is announced."))
        return redirect(url_for("notifications.announcement", review_id=review.id))
    if isinstance(form.result, Decision):
        flash(_("The decision is recorded, and the team is told."))
        return redirect(url_for(".outcome", review_id=review.id))
    flash(_("You have signed. The decision takes effect when the other co-chair has signed as well."))
    return redirect(url_for(".review", review_id=review.id))


def _says(form: Any, made: Decision | WithheldDecision) -> bool:
    """Whether the same form made the decision: it was sent twice. Another text is refused, and kept on the page."""
    rationale = made.rationale if isinstance(made, Decision) else made.content["rationale"]
    return bool((form.outcome.data, form.rationale.data) == (made.outcome, rationale))


@bp.route("/reviews/<int:review_id>/signature", methods=["GET", "POST"])
def signature(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    policy.may_record_decision.require(me(), review)
    view = queries.panel_view(me(), review)
    proposal = review.proposal
    if proposal is None or not review.is_open:
        return redirect(url_for(".outcome" if review.decision else ".review", review_id=review.id))
    if view.result is None:
        raise NotThere
    form = SignForm.read(version=review.version)
    if form.submit_to(commands.sign_decision, me(), review):
        if isinstance(form.result, WithheldDecision):
            flash(_("Both co-chairs have signed. The decision is held back until it is announced."))
            return redirect(url_for(".review", review_id=review.id))
        flash(_("Both co-chairs have signed. The decision is recorded, and the team is told."))
        return redirect(url_for(".outcome", review_id=review.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form}
    page |= {"proposal": proposal, "off": queries.ruled_out(review)}
    return render_template("gates/signature.html", **page), form.status


@bp.route("/reviews/<int:review_id>/correction", methods=["GET", "POST"])
def correction(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    policy.may_supersede_decision.require(me(), review)
    view = queries.panel_view(me(), review)
    if review.decision is None:
        raise NotThere
    form = supersede_form(review)
    if form.submit_to(commands.supersede_decision, me(), review):
        flash(_("The new decision stands in the place of the last one. Both are kept."))
        return redirect(url_for(".outcome", review_id=review.id))
    return _page(review, view, form, correcting=True)
