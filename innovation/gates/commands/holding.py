"""Keeping a review still while somebody acts on it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from innovation.command import Stale
from innovation.db import db, writers_take_turns
from innovation.gates.models import Review, Scorecard, Seat
from workflows import Refused

SETTLED = "The panel has decided, and its decision waits to be announced. Until then nothing of this review changes."


def hold_still(review: Review) -> None:
    """Until the transaction ends nobody else changes the review, its seats or its cards; those are read anew.

    ``Stale`` when the review has moved on since it was read; refused once its panel has decided.
    """
    hold_settled(review)
    if review.settled_at is not None:
        raise Refused((SETTLED,))


def hold_settled(review: Review) -> None:
    """The same where the panel has decided: for what announces the decision, or takes it back."""
    if writers_take_turns():
        return
    version = db.session.scalar(sa.select(Review.version).where(Review.id == review.id).with_for_update())
    if version != review.version:
        raise Stale
    query = sa.select(Seat).where(Seat.review_id == review.id)
    cards = selectinload(Seat.cards).selectinload(Scorecard.scores)
    db.session.scalars(query.options(cards).execution_options(populate_existing=True)).all()
    db.session.expire(review, ["seats", "proposals"])
