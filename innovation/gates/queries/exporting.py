"""Reviews for an export: as the list shows them, and with the panel's marks where the reader may see every one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.db import db
from innovation.gates.models import Review, Scorecard, Seat
from innovation.gates.queries.finding import WHOLE, ReviewFilters, in_order, reviews_in_sight, rows_query
from innovation.gates.queries.sealing import PanelView, panel_view, shows_marks
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere

SEALS = (  # what tells whether marks are open: cards, and nothing that is written on them
    contains_eager(Review.idea).joinedload(Idea.workflow_version),
    contains_eager(Review.idea).selectinload(Idea.contributors),
    contains_eager(Review.idea).selectinload(Idea.walls),
    selectinload(Review.seats).selectinload(Seat.cards).load_only(Scorecard.number, Scorecard.submitted_at),
)


def list_review_ids(actor: Actor, filters: ReviewFilters, *, today: dt.date, limit: int) -> list[int]:
    """The ids of the listed reviews in their order: the plan of an export."""
    return list(db.session.scalars(in_order(actor, filters, today, before=0, most=limit)[0]))


def reviews_by_id(actor: Actor, ids: Sequence[int]) -> list[Review]:
    """Those of these reviews that the person is listed, in the order of the ids."""
    return _ordered(db.session.scalars(rows_query().where(Review.id.in_(ids), reviews_in_sight(actor))), ids)


def reviews_still_in_sight(actor: Actor, ids: Sequence[int]) -> set[int]:
    query = sa.select(Review.id).join(Review.idea).where(Review.id.in_(ids), reviews_in_sight(actor))
    return set(db.session.scalars(query))


def reviews_with_open_marks(actor: Actor, ids: Sequence[int]) -> set[int]:
    """Those of them of which ``panel_view`` shows the person the marks."""
    query = sa.select(Review).join(Review.idea).where(Review.id.in_(ids), reviews_in_sight(actor))
    found = db.session.scalars(query.options(*SEALS)).unique()
    return {review.id for review in found if shows_marks(actor, review)}


def reviews_with_views(actor: Actor, ids: Sequence[int]) -> list[tuple[Review, PanelView | None]]:
    """The same with what ``panel_view`` shows of each; None where it shows nothing."""
    beside = (joinedload(Review.panel), selectinload(Review.decisions))
    query = sa.select(Review).join(Review.idea).where(Review.id.in_(ids), reviews_in_sight(actor))
    found = db.session.scalars(query.options(*WHOLE, *beside)).unique()
    return [(review, _view(actor, review)) for review in _ordered(found, ids)]


def _view(actor: Actor, review: Review) -> PanelView | None:
    try:
        return panel_view(actor, review)
    except NotThere:
        return None


def _ordered(reviews: Iterable[Review], ids: Sequence[int]) -> list[Review]:
    found = {review.id: review for review in reviews}
    return [found[review_id] for review_id in ids if review_id in found]
