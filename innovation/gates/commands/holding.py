"""Keeping a review still while somebody acts on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from innovation.command import Stale
from innovation.db import db
from innovation.gates.models import Review, Scorecard, Seat
from innovation.statements import ask, keep
from workflows import Refused

SETTLED = "The panel has decided, and its decision waits to be announced. Until then nothing of this review changes."

MISSING = object()
COLUMNS = tuple(column.key for column in Seat.__table__.columns)
ID = COLUMNS.index("id")
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
    _catch_up(review, ask(SEATS, {"id": review.id}))
    if "proposals" in review.__dict__:
        db.session.expire(review, ["proposals"])


def _catch_up(review: Review, rows: Iterable[Any]) -> None:
    """Read anew what has changed since the review was read: the cards of some seats as a rule, which is the cheaper.

    A card gets a new version with each mark on it, so its marks need not be compared.
    """
    seats = review.__dict__.get("seats", ())
    before = {seat.id: _as_read(seat) for seat in seats}
    after: dict[int, tuple[Any, list[Any]]] = {}
    for *values, card_id, version in rows:
        _values, cards = after.setdefault(values[ID], (values, []))
        if card_id is not None:
            cards.append((card_id, version))
    if [*before] != [*after] or any(after[key][0] != values for key, (values, _cards) in before.items()):
        _read_anew(review)
        return
    others = [seat for seat in seats if before[seat.id][1] != after[seat.id][1]]
    if others:
        _read_cards(others)
    for seat in seats:
        if "declarations" in seat.__dict__:
            db.session.expire(seat, ["declarations"])


def _as_read(seat: Seat) -> tuple[list[Any], list[Any] | None]:
    """The values of a seat, and the versions of its cards where those were read."""
    here = seat.__dict__
    cards = [(c.id, c.__dict__.get("version")) for c in here["cards"]] if "cards" in here else None
    return [here.get(name, MISSING) for name in COLUMNS], cards


def _read_anew(review: Review) -> None:
    query = sa.select(Seat).where(Seat.review_id == review.id)
    cards = selectinload(Seat.cards).selectinload(Scorecard.scores)
    db.session.scalars(query.options(cards).execution_options(populate_existing=True)).all()
    db.session.expire(review, ["seats"])


def _read_cards(seats: list[Seat]) -> None:
    query = sa.select(Scorecard).where(Scorecard.seat_id.in_([seat.id for seat in seats])).order_by(Scorecard.number)
    query = query.options(selectinload(Scorecard.scores)).execution_options(populate_existing=True)
    cards = db.session.scalars(query).all()
    for seat in seats:
        set_committed_value(seat, "cards", [card for card in cards if card.seat_id == seat.id])
        for card in seat.cards:
            set_committed_value(card, "seat", seat)
