"""Keeping a review still while somebody acts on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from innovation.command import Stale
from innovation.db import db
from innovation.entities import Kind
from innovation.gates import queries
from innovation.gates.models import Condition, Review, Scorecard, Seat
from innovation.gates.queries.standing import OWED_STATES
from innovation.statements import ask, keep
from workflows import Refused

SETTLED = "The panel has decided, and its decision waits to be announced. Until then nothing of this review changes."

MISSING = object()
COLUMNS = tuple(column.key for column in Seat.__table__.columns)
ID = COLUMNS.index("id")
REVIEW_ID: Any = sa.bindparam("id")
OWES = sa.exists().where(Condition.idea_id == Review.idea_id, Condition.state.in_(OWED_STATES))
HELD = keep(sa.select(Review.version, OWES.label("owes")).where(Review.id == REVIEW_ID).with_for_update())
CARD = Kind(Scorecard)
WIDTH = len(COLUMNS)  # of a seat, in a row with one of its cards
NUMBER, VERSION = CARD.place_of("id"), CARD.place_of("version")
SEATS = keep(
    sa.select(*Seat.__table__.columns, *CARD.columns)
    .outerjoin(Scorecard, Scorecard.seat_id == Seat.id)
    .where(Seat.review_id == REVIEW_ID)
    .order_by(Seat.id, Scorecard.number)
)


def hold_still(review: Review) -> bool:
    """Until the transaction ends nobody else changes the review, its seats or its cards; those are read anew.

    Says whether the idea still owes conditions. ``Stale`` when the review has moved on since it was read; refused once
    its panel has decided.
    """
    owes = hold_settled(review)
    if review.settled_at is not None:
        raise Refused((SETTLED,))
    return owes


def hold_settled(review: Review) -> bool:
    """The same where the panel has decided: for what announces the decision, or takes it back."""
    [held] = ask(HELD, {"id": review.id}) or [None]
    if held is None or held.version != review.version:
        raise Stale
    _catch_up(review, ask(SEATS, {"id": review.id}))
    if "proposals" in review.__dict__:
        db.session.expire(review, ["proposals"])
    return bool(held.owes)


def _catch_up(review: Review, rows: Iterable[Any]) -> None:
    """Read anew what has changed since the review was read: the cards of some seats as a rule, which are at hand."""
    seats = review.__dict__.get("seats", ())
    after: dict[int, tuple[list[Any], list[Any]]] = {}
    for row in rows:
        _values, cards = after.setdefault(row[ID], (list(row[:WIDTH]), []))
        card = row[WIDTH:]
        if card[NUMBER] is not None:
            cards.append(card)
    if [seat.id for seat in seats] != [*after] or any(_values_of(seat) != after[seat.id][0] for seat in seats):
        _read_anew(review)
        return
    has_marks = any("scores" in card.__dict__ for seat in seats for card in seat.__dict__.get("cards", ()))
    for seat in seats:
        _catch_up_cards(seat, after[seat.id][1])
        if "declarations" in seat.__dict__:
            db.session.expire(seat, ["declarations"])
    if has_marks:
        queries.read_marks(review)


def _values_of(seat: Seat) -> list[Any]:
    return [seat.__dict__.get(name, MISSING) for name in COLUMNS]


def _catch_up_cards(seat: Seat, rows: list[Any]) -> None:
    """Give the seat the cards that it has now, and forget marks of an older version of one."""
    session, cards = db.session(), []
    for row in rows:
        card = CARD.made(session, row)
        if card.version != row[VERSION]:
            CARD.read_anew(card, row)
            db.session.expire(card, ["scores"])
        cards.append(card)
    if seat.__dict__.get("cards") != cards:
        set_committed_value(seat, "cards", cards)
        for card in cards:
            set_committed_value(card, "seat", seat)


def _read_anew(review: Review) -> None:
    query = sa.select(Seat).where(Seat.review_id == review.id)
    cards = selectinload(Seat.cards).selectinload(Scorecard.scores)
    db.session.scalars(query.options(cards).execution_options(populate_existing=True)).all()
    db.session.expire(review, ["seats"])
