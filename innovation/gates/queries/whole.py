"""A review with everything that is read with it: three statements, whose rows are put together here.

SQLAlchemy's eager loading takes twice the time for the same rows, most of it before the first one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from innovation.accounts.models import Person
from innovation.db import db
from innovation.entities import Kinds
from innovation.gates.models import Review, Score, Scorecard, Seat
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.statements import Kept, ask, keep

# Under names of their own: the conditions on who may see the review ask about the same tables.
Owner, Colleague, Team, Barred = aliased(Person), aliased(Person), aliased(Contributor), aliased(Wall)
REVIEW_ID: Any = sa.bindparam("id")
WHOLE = Kinds(Review, Idea, WorkflowVersion, Programme, Owner, Team, Colleague, Barred)
SITTING, MARKS = Kinds(Seat, Person, Scorecard), Kinds(Score)
SEATS = keep(
    sa.select(*SITTING.columns)
    .select_from(Seat)
    .join(Seat.person)
    .outerjoin(Seat.cards)
    .where(Seat.review_id == REVIEW_ID)
    .order_by(Seat.id, Scorecard.number)
)
SCORES = keep(
    sa.select(*MARKS.columns)
    .select_from(Score)
    .join(Score.card)
    .join(Scorecard.seat)
    .where(Seat.review_id == REVIEW_ID)
    .order_by(Score.id)
)


def review_with_idea(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """The statement for ``find_whole``: a row for each contributor and each wall of the idea of one review."""
    return (
        sa.select(*WHOLE.columns)
        .select_from(Review)
        .join(Review.idea)
        .join(Idea.workflow_version)
        .join(Idea.programme)
        .join(Owner, Idea.owner)
        .outerjoin(Team, Idea.contributors)
        .outerjoin(Colleague, Team.person)
        .outerjoin(Barred, Idea.walls)
        .where(Review.id == REVIEW_ID, *conditions)
        .order_by(Team.id, Barred.id)
    )


def find_whole(statement: Kept, review_id: int, *, marks: bool = True) -> Review | None:
    """The review that the statement finds, with its idea, the people behind it, its seats, their cards and ``marks``.

    Without those, ``read_marks`` reads them once they are wanted.
    """
    db.session.flush()
    rows = WHOLE.made(ask(statement, {"id": review_id}))
    if not rows:
        return None
    review = rows[0][0]
    _give(review, "idea", _idea_of(rows))
    _give(review, "seats", _seats_of(review))
    if marks:
        read_marks(review)
    return review  # type: ignore[no-any-return]


def read_marks(review: Review) -> None:
    """Give each card of the review its scores; no statement where every card has them."""
    lacking = [card for seat in review.seats for card in seat.cards if "scores" not in card.__dict__]
    scores: dict[int, list[Score]] = defaultdict(list)
    for (score,) in MARKS.made(ask(SCORES, {"id": review.id})) if lacking else ():
        scores[score.scorecard_id].append(score)
    for card in lacking:
        set_committed_value(card, "scores", scores[card.id])


def _idea_of(rows: Sequence[Any]) -> Idea:
    _review, idea, version, programme, owner, *_more = rows[0]
    _give(idea, "workflow_version", version)
    _give(idea, "programme", programme)
    _give(idea, "owner", owner)
    for row in rows:
        if row[5] is not None:
            _give(row[5], "person", row[6])
    _give(idea, "contributors", _once(row[5] for row in rows))
    _give(idea, "walls", _once(row[7] for row in rows))
    return idea  # type: ignore[no-any-return]


def _seats_of(review: Review) -> list[Seat]:
    """The seats of the review, in the order of their numbers, with their people and cards."""
    cards: dict[Seat, list[Scorecard]] = {}
    for seat, person, card in SITTING.made(ask(SEATS, {"id": review.id})):
        if seat not in cards:
            cards[seat] = []
            _give(seat, "review", review)
            _give(seat, "person", person)
        if card is not None:
            cards[seat].append(card)
            _give(card, "seat", seat)
    for seat, of_seat in cards.items():
        _give(seat, "cards", of_seat)
    return list(cards)


def _once(things: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(thing for thing in things if thing is not None))


def _give(thing: Any, name: str, value: Any) -> None:
    """Say what a relationship holds, unless it is known: a change that waits to be written stays."""
    if name not in thing.__dict__:
        set_committed_value(thing, name, value)
