"""Reading the panel: how a result depends on the weights, and how harsh or lenient members have been in past reviews.

Both go by what ``panel_view`` opens to the reader, and by nothing else.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from innovation.db import db
from innovation.gates.models import Review, Seat
from innovation.gates.queries.finding import WHOLE, reviews_in_sight
from innovation.gates.queries.sealing import PanelView, as_card, open_cards, panel_view
from innovation.permission import Actor, NotThere
from innovation.values import dataclass
from workflows import judging, scoring
from workflows.sensitivity import Sensitivity, sensitivity

LATEST = 200  # past reviews that are looked at: years of one panel


@dataclass(frozen=True)
class Judge:
    """A member of the panel; ``cards`` are those that the reader may see, ``lean`` is None where they are too few."""

    name: str
    role: str
    cards: int
    lean: judging.Lean | None


def weights_moved(view: PanelView, review: Review) -> Sensitivity | None:
    """How the recommendation depends on the weights; None for whoever is shown no result, and below the quorum.

    Nor is there anything to tell where what is known beforehand, and no weight, is what decides.
    """
    cards = [as_card(card) for card in open_cards(view, review)]
    keys = tuple(condition.key for condition in view.inherited)
    found = sensitivity(review.gate, cards, review.quorum, keys) if cards else None
    advised = view.result.recommendation if view.result else None
    return None if found and advised and found.outcome != advised.outcome else found


def list_judges(actor: Actor, review: Review) -> list[Judge]:
    """How the members of a panel have judged, from decided reviews whose marks are open to the reader."""
    members = [seat for seat in review.seats if seat.counts]
    found: dict[int, list[float]] = {seat.person_id: [] for seat in members}
    for past in _past(actor, review, list(found)):
        for person_id, points in judging.deviations(_totals(actor, past)).items():
            if person_id in found:
                found[person_id].append(points)
    judges = [
        Judge(seat.person.name, seat.role, len(found[seat.person_id]), judging.lean(found[seat.person_id]))
        for seat in members
    ]
    return sorted(judges, key=lambda judge: (judge.lean is None, judge.lean.points if judge.lean else 0, judge.name))


def _past(actor: Actor, review: Review, people: list[int]) -> list[Review]:
    """The newest decided reviews in the reader's sight at which one of these people sat: one query for each part."""
    sat = sa.select(Seat.review_id).where(Seat.person_id.in_(people))
    query = (
        sa.select(Review)
        .join(Review.idea)
        .where(Review.state == "decided", Review.id != review.id, Review.id.in_(sat), reviews_in_sight(actor))
        .options(*WHOLE, selectinload(Review.decisions))
        .order_by(Review.closed_at.desc(), Review.id.desc())
        .limit(LATEST)
    )
    return list(db.session.scalars(query).unique())


def _totals(actor: Actor, past: Review) -> dict[int, float]:
    """What each member gave, of 100; nothing where the marks are sealed to the reader."""
    try:
        view = panel_view(actor, past)
    except NotThere:
        return {}
    totals = {card.seat.person_id: scoring.member_total(past.gate, as_card(card)) for card in open_cards(view, past)}
    return {person_id: total for person_id, total in totals.items() if total is not None}
