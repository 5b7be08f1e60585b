"""Reviews: the list, one review, and the declarations that open it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.drafts import Tab
from innovation.exports import export
from innovation.forms import sent_tab
from innovation.gates import commands, policy, queries
from innovation.gates.forms import DeclarationForm, ReviewFilterForm, ScorecardForm, SettleForm, scorecard_form
from innovation.gates.forms.words import options
from innovation.gates.models import Review
from innovation.gates.queries import PanelView
from innovation.gates.views.blueprint import bp
from innovation.gates.views.export import REVIEWS
from innovation.gates.views.pack import pack_of
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.programmes.queries import main_programme
from innovation.rereading import unless_changed
from innovation.web import can, me, today
from workflows.judging import FEWEST


@bp.get("/reviews")
def reviews() -> Any:
    policy.may_list_reviews.require(me())
    form, state = ReviewFilterForm.of_query(), ListState.read((), "")
    programme = main_programme(me())
    gates = programme.workflow_version.definition.gates if programme else ()
    form.gate.choices = options([("", _("Any gate")), *((gate.key, _(gate.name)) for gate in gates)])
    filters = form.filters()
    if state.export:
        asked = {"filters": vars(filters), "scores": request.args.get("scores") == "yes"}
        return export(REVIEWS, me(), asked, state.export)
    page = state.on(queries.list_reviews(me(), filters, page=state.number, today=today()))
    ids = [review.id for review in page.items]
    shown = {"page": page, "form": form, "state": state, "counts": queries.count_cards(ids)}
    shown["submitted"] = queries.submitted_by(me(), ids)
    settled = {review.id for review in page.items if review.settled_at is not None}
    shown["settled"] = settled - queries.of_own_ideas(me(), settled)
    return render_template("gates/reviews.html", **shown, any_filter=any(vars(filters).values()))


@bp.get("/reviews/<int:review_id>")
@unless_changed
def review(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    view = queries.panel_view(me(), review)
    if view.relation in ("team", "facilitator") or (review.state == "cancelled" and not view.sees_pack):
        return redirect(url_for(".outcome", review_id=review.id))
    if not view.sees_pack:
        return redirect(url_for(".declaration", review_id=review.id))
    return show_review(review, view)


def show_review(review: Review, view: PanelView, form: Any = None, status: int = 200) -> Any:
    """The review as the person sees it, with their own scorecard at its side."""
    beside = beside_card(review, view)
    if form is None and view.seat is not None and view.seat.scores and view.sees_pack:
        form = card_form(review, view, beside)
    pack = pack_of(me(), review)
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form, "pack": pack}
    page |= beside
    page["weights"] = queries.weights_moved(view, review)
    if can("see_panel_interests", review) and can("see_names", review):
        page["noticed"], page["works_for"] = queries.flags_of_panel(review)
    else:
        page["noticed"], page["works_for"] = {}, queries.funders_at_table(me(), review)
    page["off"] = queries.ruled_out(review) if view.result is not None and review.is_open else {}
    return render_template("gates/review.html", **page, **tabs_of(view, form), settle_form=SettleForm()), status


def beside_card(review: Review, view: PanelView) -> dict[str, Any]:
    """The member's card of the round before, and what the team has changed since they gave their marks.

    Beside both, what is on record for the must-meets and the criteria.
    """
    scoring = view.seat is not None and view.seat.scores and view.sees_pack and not view.seat.abstains
    earlier = queries.earlier_card(review, view.seat) if scoring and view.seat and view.card is None else None
    marked = view.card if view.is_behind else earlier
    changed = marked is not None and marked.revision_id != review.revision_id
    told = queries.told_beside(review.idea, review.gate) if view.sees_pack else {}
    known = queries.offered_marks(review.idea, review.gate) if scoring else {}
    since = queries.what_changed(review, marked) if changed and marked else None
    return {"earlier": earlier, "since": since, "told": told, "offered": known}


def card_form(review: Review, view: PanelView, beside: dict[str, Any]) -> ScorecardForm:
    """The person's own card as a form: the draft, or the card that is in, or that of the round before."""
    known = {"earlier": beside["earlier"], "revision_id": review.revision_id}
    return scorecard_form(review.gate, view.inherited, view.draft or view.card, **known)


def tabs_of(view: PanelView, form: Any) -> dict[str, Any]:
    """What a page with a scorecard says of its tab, and the copies that other tabs have left."""
    copies = queries.list_scorecard_copies(view.seat) if view.seat is not None and view.seat.scores else []
    tab = sent_tab() if form is not None and form.was_sent else Tab.on(view.draft)
    return {"tab": tab, "copies": copies, "looked_at": None}


@bp.route("/reviews/<int:review_id>/declaration", methods=["GET", "POST"])
def declaration(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    view = queries.panel_view(me(), review)
    if view.seat is None:
        raise NotThere
    form = DeclarationForm.read()
    if form.submit_to(commands.declare_interest, me(), view.seat):
        return _declared(review, "declare" if form.result.stance == "declared" else form.level.data)
    hidden = queries.reads_nameless(view.seat)
    people = [] if hidden else queries.people_behind(review.idea)
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "seat": view.seat, "form": form}
    page |= {"people": people, "clinic_title": queries.clinic_title(review.idea), "nameless": hidden}
    page["flags"] = queries.flags_on(view.seat.person_id, review.idea_id)
    if page["flags"]:
        form.text.label.text = _("Your interest, or why it is none")
    return render_template("gates/declaration.html", **page), form.status


def _declared(review: Review, level: str) -> Any:
    if level == "recuse":
        flash(_("You have stepped back. This idea is closed to you from now on."))
        return redirect(url_for(".reviews"))
    if level == "declare":
        flash(_("Your interest is declared. The idea opens to you if the chair accepts it."))
        return redirect(url_for(".declaration", review_id=review.id))
    flash(_("Thank you. The idea is open to you."))
    return redirect(url_for(".review", review_id=review.id))


@bp.post("/reviews/<int:review_id>/seats/<int:seat_id>/interest")
def interest(review_id: int, seat_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    seat = queries.find_seat(me(), review, seat_id)
    form = SettleForm.read()
    if form.submit_to(commands.settle_interest, me(), seat):
        flash(_("The interest is answered, and the member is told."))
        return redirect(url_for(".review", review_id=review.id))
    view = queries.panel_view(me(), review)
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "form": form, "seat": seat}
    return render_template("gates/interest.html", **page), form.status


@bp.get("/reviews/<int:review_id>/severity")
def severity(review_id: int) -> Any:
    """How harsh or lenient the members of this panel have been in past reviews."""
    review = queries.find_review(me(), review_id)
    policy.may_read_severity.require(me(), review)
    page = {"review": review, "idea": review.idea, "gate": review.gate, "fewest": FEWEST}
    return render_template("gates/severity.html", **page, judges=queries.list_judges(me(), review))


@bp.get("/reviews/<int:review_id>/outcome")
def outcome(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    view = queries.panel_view(me(), review)
    if not view.sees_pack and review.state != "cancelled":
        return redirect(url_for(".declaration", review_id=review.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "view": view, "decision": view.decision}
    page |= _asking(review, view)
    panel = view.decision if view.relation in ("seat", "staff") else None
    page |= {
        "basis": queries.find_basis(panel) if panel else None,
        "rests": queries.cards_behind(panel) if panel else [],
    }
    return render_template("gates/outcome.html", **page)


def _asking(review: Review, view: PanelView) -> dict[str, Any]:
    """Where a request to look at the decision again stands, and whether its reader can make one."""
    decision = view.decision
    asked = queries.reconsideration_of(decision) if decision else None
    may = decision is not None and asked is None and policy.may_ask_reconsideration.allows(me(), review)
    until = queries.asking_until(decision) if may and decision else None
    return {"asked": asked, "may_ask": may and (until is None or until >= today()), "asking_until": until}
