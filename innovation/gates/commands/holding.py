"""Keeping a review still while somebody acts on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from innovation.command import Stale
from innovation.db import db
from innovation.gates.models import Review, Scorecard, Seat
from innovation.statements import ask, keep
from workflows import Refused

SETTLED = "The panel has decided, and its decision waits to be announced. Until then nothing of this review changes."

MISSING = object()
COLUMNS = tuple(column.key for column in Seat.__table__.columns)
REVIEW_ID: Any = sa.bindparam("id")
HELD = keep(sa.select(Review.version).where(Review.id == REVIEW_ID).with_for_update())
SEATS = keep(
    sa.select(*Seat.__table__.columns, Scorecard.id, Scorecard.version)
    .outerjoin(Scorecard, Scorecard.seat_id == Seat.id)
    .where(Seat.review_id == REVIEW_ID)
    .order_by(Seat.id, Scorecard.number)
)


def hold_still(review: Review) -> None:
    """Until the transaction ends nobody else changes the review, its seats or its cards; those are read anew.

    ``Stale`` when the review has moved on since it was read; refused once its panel has decided.
    """
    hold_settled(review)
    if review.settled_at is not None:
        raise Refused((SETTLED,))


def hold_settled(review: Review) -> None:
    """The same where the panel has decided: for what announces the decision, or takes it back."""
    [held] = ask(HELD, {"id": review.id}) or [None]
    if held is None or held.version != review.version:
        raise Stale
    if not _is_as_read(review, ask(SEATS, {"id": review.id})):
        _read_anew(review)
    if "proposals" in review.__dict__:
        db.session.expire(review, ["proposals"])


def _is_as_read(review: Review, rows: Iterable[Any]) -> bool:
    """Whether the seats, and the versions of their cards, are still those that were read before the review was held.

    A card gets a new version with each mark on it, so its marks need not be compared.
    """
    known = []
    for seat in review.__dict__.get("seats", ()):
        here = seat.__dict__
        if "cards" not in here or not here.keys().isdisjoint(("declarations",)):
            return False
        values = tuple([here.get(name, MISSING) for name in COLUMNS])
        known += [(*values, card.id, card.__dict__.get("version")) for card in here["cards"]] or [(*values, None, None)]
    return known == [tuple(row) for row in rows]


def _read_anew(review: Review) -> None:
    query = sa.select(Seat).where(Seat.review_id == review.id)
    cards = selectinload(Seat.cards).selectinload(Scorecard.scores)
    db.session.scalars(query.options(cards).execution_options(populate_existing=True)).all()
    db.session.expire(review, ["seats"])
