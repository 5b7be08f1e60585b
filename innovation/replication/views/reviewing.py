"""The pages of reviews after the hand-over: those of one idea, one of them, and all ideas that are handed over."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.replication import commands, policy, queries, reviewing
from innovation.replication.blueprint import bp
from innovation.replication.forms.reviewing import AfterFilterForm, FiguresForm, OutcomeForm
from innovation.replication.queries import After
from innovation.replication.reviewing import Figures
from innovation.replication.system_codes import HANDOVER_STATES, OUTCOME_NOTES, OUTCOMES, REVIEW_STATES
from innovation.replication.system_models import PostReview
from innovation.tables import write_table
from innovation.web import me, today

SHOWN = {"outcomes": OUTCOMES, "review_states": REVIEW_STATES, "fewest": FEWEST_LEARNERS}
MOST_EXPORTED = 5000


@bp.get("/ideas/<reference>/post-reviews")
def post_reviews(reference: str) -> Any:
    idea = queries.find_spreading(me(), reference)
    found = queries.list_post_reviews(idea)
    return render_template(
        "replication/post_reviews.html",
        idea=idea,
        reviews=found,
        figures={each.id: reviewing.read(each.figures) for each in found},
        **SHOWN,
    )


@bp.route("/ideas/<reference>/post-reviews/<int:number>", methods=["GET", "POST"])
def post_review(reference: str, number: int) -> Any:
    """The review; sent to this address, its figures are handed in."""
    review = queries.find_post_review(me(), reference, number)
    form = FiguresForm.read(data=_first(review)).offer(review.idea.definition.words)
    if form.submit_to(commands.hand_in_figures, me(), review):
        flash(_("The figures are handed in. Somebody of the programme who is not of the team decides."))
        return _back(review)
    return _page(review, figures=form)


@bp.post("/ideas/<reference>/post-reviews/<int:number>/outcome")
def post_review_outcome(reference: str, number: int) -> Any:
    review = queries.find_post_review(me(), reference, number)
    form = OutcomeForm.read(prefix="outcome")
    command = commands.return_figures if form.returns else commands.decide_post_review
    if form.submit_to(command, me(), review):
        flash(_("The figures are returned.") if form.returns else _("The review is decided, and everybody is told."))
        return _back(review)
    return _page(review, outcome=form)


def _back(review: PostReview) -> Any:
    return redirect(url_for(".post_review", reference=review.idea.reference, number=review.number))


def _first(review: PostReview) -> dict[str, Any]:
    """What was handed in, else what is known already."""
    figures = reviewing.read(review.figures) if review.figures else queries.known_of(review.idea)
    running = {True: "yes", False: "no"}.get(figures.running) if figures.running is not None else None
    return {**vars(figures), "running": running, "version": review.version}


def _page(review: PostReview, *, figures: FiguresForm | None = None, outcome: OutcomeForm | None = None) -> Any:
    idea, sent = review.idea, outcome or figures
    fills = review.state in ("planned", "handed_in") and policy.may_fill_post_review.allows(me(), review)
    decides = review.state == "handed_in" and policy.may_decide_post_review.allows(me(), review)
    empty = FiguresForm(None, data=_first(review)).offer(idea.definition.words)
    level = commands.level_shown(idea)
    raises = level is not None and not idea.definition.evidence_reaches(idea.evidence_level, level.key)
    return render_template(
        "replication/post_review.html",
        idea=idea,
        review=review,
        told=reviewing.read(review.figures),
        known=queries.known_of(idea) if fills else Figures(),
        figures=(figures or empty) if fills else None,
        outcome=(outcome or OutcomeForm(None, prefix="outcome", data={"version": review.version})) if decides else None,
        ahead=queries.review_after(review) if review.outcome else None,
        notes=OUTCOME_NOTES,
        raises=level if raises else None,
        sent=sent if request.method == "POST" else None,
        names=names_of([review.handed_in_by_id, review.decided_by_id]),
        **SHOWN,
    ), sent.status if sent else 200


# All of a programme


@bp.get("/after-hand-over")
def after_handover() -> Any:
    """Every idea that is part of the system, the one to be looked at first on top."""
    policy.may_list_handed_over.require(me())
    form, state = AfterFilterForm.of_query(), ListState.read((), "")
    filters = form.filters()
    if state.export:
        listed = queries.list_all_after(me(), filters, most=MOST_EXPORTED, today=today())
        return write_table(_columns(), map(_line, listed), state.export, "after-hand-over")
    page = state.on(queries.list_after(me(), filters, page=state.number, today=today()))
    return render_template(
        "replication/after.html",
        page=page,
        form=form,
        state=state,
        any_filter=any(vars(filters).values()),
        states=HANDOVER_STATES,
        **SHOWN,
    )


def _columns() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Idea")),
        ("unit", _("Unit in government")),
        ("post", _("Post that owns it")),
        ("handover", _("Hand-over")),
        ("happened", _("Handed over on")),
        ("mean", _("Tracker: mean")),
        ("marked", _("Tracker: marks confirmed")),
        ("next", _("Next review")),
        ("outcome", _("Last review")),
        ("decided", _("Decided on")),
    ]


def _line(each: After) -> dict[str, Any]:
    home, found, last = each.home, each.found, each.last
    return {
        "reference": each.idea.reference,
        "title": each.idea.title,
        "unit": home.unit if home else "",
        "post": home.post if home else "",
        "handover": str(HANDOVER_STATES[home.state][0]) if home else "",
        "happened": (home.happened_on if home else None) or "",
        "mean": round(found.mean, 2) if found and found.mean is not None else "",
        "marked": f"{found.marked}/{found.of}" if found else "",
        "next": each.ahead.due_on if each.ahead else "",
        "outcome": str(OUTCOMES[last.outcome][0]) if last else "",
        "decided": last.decided_at.date() if last and last.decided_at else "",
    }
