"""Two people act on one review at the same moment: what the one has done, the other does not undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from innovation.command import STALE
from innovation.db import begin_reading, db
from innovation.events import Event
from innovation.gates import commands
from innovation.gates.bases import CountedCard
from innovation.gates.models import Review, Scorecard
from innovation.ideas.models import Idea
from innovation.permission import Actor
from tests import make
from tests.gates.deciding import DETAILS, decide
from workflows import Refused


@contextmanager
def meanwhile(app: Flask, review_id: int) -> Iterator[Review]:
    """The review as somebody else has it before them, whose transaction is another one."""
    with app.app_context():
        yield db.session.get_one(Review, review_id)
        db.session.remove()


def read_before(review: Review) -> None:
    """Whoever acts later has the review, its seats and its cards in hand by now, as a view has before its command."""
    db.session.commit()
    begin_reading()
    assert [len(seat.cards) for seat in review.seats if seat.review.state] != []


def test_a_card_that_is_handed_in_while_the_chair_decides_is_refused(app: Flask) -> None:
    review = make.review()
    for seat in review.seats:
        make.declare(seat)
    for seat in review.seats[:3]:
        make.score(seat)
    read_before(review)
    with meanwhile(app, review.id) as theirs:
        decide(theirs)

    with pytest.raises(Refused) as refused:
        make.score(review.seats[3], 0)

    assert refused.value.reasons == (STALE,)
    assert db.session.query(Scorecard).count() == 3


def test_a_chair_decides_nothing_when_the_quorum_is_lost_meanwhile(app: Flask) -> None:
    review = make.scored_review()
    db.session.commit()
    read_before(review)
    with meanwhile(app, review.id) as theirs:
        for seat in theirs.seats[2:]:
            make.declare(seat, "recuse")

    with pytest.raises(Refused) as refused:
        decide(review)

    assert "The panel has not reached its quorum of scorecards." in refused.value.reasons


def test_a_chair_decides_by_the_marks_that_a_member_has_changed_meanwhile(app: Flask) -> None:
    review = make.scored_review(mark=7)
    db.session.commit()
    read_before(review)
    assert {score.mark for seat in review.seats for card in seat.cards for score in card.scores} == {None, 7}
    with meanwhile(app, review.id) as theirs:
        make.score(theirs.seats[3], 3, change_reason="The ward has no hall.")

    decision = decide(review)

    counted = db.session.query(CountedCard).filter_by(decision_id=decision.id)
    assert decision.total == 6000
    assert sorted(each.card.number for each in counted) == [1, 1, 1, 2]


def test_the_quorum_is_reached_once_when_two_members_hand_in_at_the_same_moment(app: Flask) -> None:
    review = make.review(size=4)
    for seat in review.seats:
        make.declare(seat)
    make.score(review.seats[0])
    db.session.commit()
    read_before(review)
    with meanwhile(app, review.id) as theirs:
        make.score(theirs.seats[1])

    make.score(review.seats[2])

    handed_in = db.session.query(Event).filter_by(kind="scorecard_submitted").order_by(Event.id)
    assert [event.data["quorum"] for event in handed_in] == [False, False, True]


def test_a_card_that_is_handed_in_takes_the_place_of_what_another_tab_has_put_on_the_draft_meanwhile(
    app: Flask,
) -> None:
    review = make.review()
    for seat in review.seats:
        make.declare(seat)
    seat = review.seats[0]
    who, entries = make.actor(seat.person), make.entries(review.gate, 5)
    commands.save_scorecard(who, seat, entries=entries[:2])
    db.session.commit()
    read_before(review)
    assert [len(card.scores) for card in seat.cards] == [2]
    with meanwhile(app, review.id) as theirs:
        commands.save_scorecard(who, theirs.seats[0], entries=make.entries(review.gate, 9), note="From the other tab")

    card = commands.submit_scorecard(who, seat, entries=entries, note="From this tab")

    db.session.expire_all()
    assert {score.mark for score in card.scores} == {None, 5}
    assert (card.note, len(seat.cards)) == ("From this tab", 1)


def test_a_chair_decides_nothing_when_a_member_is_seated_meanwhile(app: Flask) -> None:
    review, coordinator, late = make.scored_review(), make.staff("coordinator"), make.person("Late")
    who = make.actor(coordinator)
    db.session.commit()
    read_before(review)
    with meanwhile(app, review.id) as theirs:
        commands.seat_person(who, theirs, person_id=late.id, role="member")

    with pytest.raises(Refused) as refused:
        decide(review)

    assert refused.value.reasons == ("A panel member has not declared their interests yet.",)


def test_nobody_steps_back_from_a_review_that_was_cancelled_meanwhile(app: Flask) -> None:
    review, who = make.scored_review(), make.actor(make.staff("coordinator"))
    db.session.commit()
    read_before(review)
    with meanwhile(app, review.id) as theirs:
        commands.cancel_review(who, theirs)

    with pytest.raises(Refused) as refused:
        make.declare(review.seats[0], "recuse")

    assert refused.value.reasons == (STALE,)


def test_an_idea_does_not_join_one_that_is_stopped_meanwhile(app: Flask) -> None:
    joining, ending = make.scored_review(), make.scored_review()
    chair: Actor = make.actor(make.grant(joining.leading[0].person, "manager", programme_id=make.programme().id))
    db.session.commit()
    read_before(joining)
    assert db.session.get_one(Idea, ending.idea_id).standing == "active"
    with meanwhile(app, ending.id) as theirs:
        decide(theirs, "stop")

    with pytest.raises(Refused) as refused:
        commands.record_decision(
            chair,
            joining,
            outcome="merge",
            rationale="The same idea.",
            against_reason="It is the same.",
            **DETAILS.get("merge", {}) | {"merge_into": ending.idea.reference},
        )

    assert refused.value.reasons == (
        f"{ending.idea.reference} cannot be joined: it is not under way in this programme.",
    )
