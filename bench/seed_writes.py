"""A world to write into: an open clinic, and reviews that wait for a scorecard or for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate import upgrade

from innovation.accounts.models import Person
from innovation.accounts.passwords import hash_password
from innovation.app import create_app
from innovation.db import db, now
from innovation.gates.models import Review, Score, Scorecard, Seat
from innovation.ideas.models import Access, Revision
from tests import make
from workflows import Gate

ROLES = ("chair", "government", "practitioner", "member")


@dataclass(frozen=True)
class World:
    """Who acts and on what; the people sign in with ``make.PASSWORD``."""

    clinic: str
    facilitator: str
    panel: tuple[str, ...]
    to_score: tuple[int, ...]
    to_decide: tuple[int, ...]


def make_world(folder: str, reviews: int) -> World:
    """Bring up the database of the folder; ``reviews`` wait for each member's card, as many for the chair."""
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        world = _fill(reviews)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return world


def _fill(reviews: int) -> World:
    secret = hash_password(make.PASSWORD)
    facilitator = make.staff("facilitator")
    people = [make.person(f"Panel {role}") for role in ROLES]
    for person in (facilitator, *people):
        make.account(person, secret)
    clinic = make.clinic(region_id=make.region("NC").id)  # whose references nobody has used yet
    waiting = [_review(people, submitted=False) for _n in range(reviews)]
    ready = [_review(people, submitted=True) for _n in range(reviews)]
    db.session.flush()
    return World(
        clinic=clinic.code,
        facilitator=facilitator.email,
        panel=tuple(person.email for person in people),
        to_score=tuple(review.id for review in waiting),
        to_decide=tuple(review.id for review in ready),
    )


def _review(people: list[Person], *, submitted: bool) -> Review:
    idea = make.idea(place="at_screening")
    revision = make.first(Revision, idea_id=idea.id)
    review = Review(
        idea=idea, gate_key="screening", round=1, quorum=3, revision_id=revision.id, opened_at=now(), state="scoring"
    )
    review.seats = [
        Seat(person_id=person.id, role=role, stance="none") for person, role in zip(people, ROLES, strict=True)
    ]
    db.session.add(review)
    db.session.flush()
    for seat in review.seats:
        db.session.add(Access(idea_id=idea.id, person_id=seat.person_id, why=f"seat:{seat.id}"))
        if submitted:
            seat.cards = [_card(idea.definition.gate("screening"), revision)]
    return review


def _card(gate: Gate, revision: Revision) -> Scorecard:
    entries = make.entries(gate)
    scores = [Score(criterion=e.criterion, answer=e.answer, mark=e.mark) for e in entries]
    return Scorecard(number=1, revision_id=revision.id, submitted_at=now(), scores=scores)


def scorecard_fields(gate: Gate) -> Iterator[tuple[str, str]]:
    """What a member types who finds everything good."""
    for number, _criterion in enumerate(gate.must):
        yield f"m{number}_answer", "yes"
    for number, _criterion in enumerate(gate.should):
        yield f"s{number}_mark", "7"
        yield f"s{number}_comment", "Clear enough to try with two schools."
