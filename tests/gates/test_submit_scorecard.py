"""Scoring alone: what a card needs, who may write it, and what others are shown of it."""

from __future__ import annotations

import pytest

from innovation.db import db
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.models import Review
from innovation.gates.terms import Entry
from innovation.permission import Actor, Forbidden
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def view_of(review: Review, person: object) -> queries.PanelView:
    return queries.panel_view(make.actor(person), review)  # type: ignore[arg-type]


def test_a_card_needs_every_answer_and_every_mark() -> None:
    review = make.review()
    seat = make.declare(review.seats[1])
    entries = [e for e in make.entries(review.gate) if e.criterion not in ("G1-M2", "G1-S3")]

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=entries)

    assert refused.value.reasons == ("“Fits the programme” is still open.", "“Logic” is still open.")


def test_not_applicable_counts_as_marked() -> None:
    review = make.review()
    seat = make.declare(review.seats[1])
    entries = [e for e in make.entries(review.gate) if e.criterion != "G1-S3"]

    card = commands.submit_scorecard(
        make.actor(seat.person), seat, entries=[*entries, Entry("G1-S3", not_applicable=True)]
    )

    assert card.submitted_at is not None


def test_a_no_says_whether_it_can_be_fixed() -> None:
    review = make.review()
    seat = make.declare(review.seats[1])
    entries = [e for e in make.entries(review.gate) if e.criterion != "G1-M1"]

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=[*entries, Entry("G1-M1", answer="no")])

    assert refused.value.reasons == ("“Lawful and safe”: you say No. Say whether it can be fixed.",)


def test_a_mark_outside_the_scale_is_no_mark() -> None:
    review = make.review()
    seat = make.declare(review.seats[1])

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate, G1_S1=11))

    assert refused.value.reasons == ("“Need and reach” is still open.",)


def test_nobody_scores_before_declaring() -> None:
    review = make.review()
    seat = review.seats[1]

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate))

    assert refused.value.reasons == ("Declare your interests first. If you declared one, the chair has to answer it.",)


def test_nobody_scores_before_scoring_is_open() -> None:
    review = make.review(scoring="later")
    seat = make.declare(review.seats[1])

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate))

    assert refused.value.reasons == ("Scoring has not been opened yet.",)


@pytest.mark.parametrize("role", ["observer", "secretary", "alternate"])
def test_seats_that_only_read_do_not_score(role: str) -> None:
    review = make.review()
    seat = make.declare(review.seats[3])
    seat.role = role

    with pytest.raises(Forbidden):
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate))

    assert db.session.get(Review, review.id).seats[3].cards == []


def test_a_changed_card_needs_a_reason_and_keeps_the_old_one() -> None:
    review = make.review()
    seat = review.seats[1]
    make.score(seat, 3)
    with pytest.raises(Refused) as refused:
        make.score(seat, 8)

    card = make.score(seat, 8, change_reason="The chair explained the budget.")

    assert refused.value.reasons == ("Say why you change your scorecard.",)
    assert ([c.number for c in seat.cards], seat.submitted) == ([1, 2], card)
    assert {s.mark for s in seat.cards[0].scores if s.mark is not None} == {3}


def test_a_decided_review_takes_no_more_scorecards() -> None:
    review = make.scored_review()
    commands.record_decision(
        make.actor(review.leading[0].person), review, outcome="go", rationale="Yes.", **make.go_details()
    )

    with pytest.raises(Refused) as refused:
        make.score(review.seats[1], 2, change_reason="Second thoughts.")

    assert refused.value.reasons == ("This review is closed, so scorecards stay as they are.",)


def test_a_recused_member_takes_their_card_out_of_the_result() -> None:
    review = make.scored_review()
    make.declare(review.seats[3], "recuse")

    view = view_of(review, review.seats[1].person)

    assert (view.submitted, view.expected, view.result.scorecards if view.result else 0) == (3, 3, 3)


def test_before_submitting_a_member_is_shown_nothing_of_the_others() -> None:
    review = make.review()
    for seat in review.seats[:3]:
        make.score(seat, feedback="Feedback", note="Note")
    make.declare(review.seats[3])

    view = view_of(review, review.seats[3].person)

    assert (view.result, view.comments, view.notes, view.feedback, view.means, view.result_id) == (
        None,
        {},
        (),
        (),
        {},
        None,
    )
    assert [m.submitted for m in view.members] == [None, None, None, False]


def test_an_observer_reads_the_pack_and_no_score() -> None:
    review = make.scored_review()
    observer = commands.seat_person(
        make.actor(make.staff("coordinator")), review, person_id=make.staff("manager").id, role="observer"
    )
    make.declare(observer)

    view = view_of(review, observer.person)

    assert (view.sees_pack, view.result, view.notes, view.expected) == (True, None, (), 4)


def test_the_chair_reads_notes_only_after_their_own_card() -> None:
    review = make.review()
    for seat in review.seats[1:]:
        make.score(seat, note="A private note.")
    make.declare(review.seats[0])
    before = view_of(review, review.seats[0].person)

    make.score(review.seats[0])

    after = view_of(review, review.seats[0].person)
    assert (len(before.notes), len(after.notes)) == (0, 3)


def test_an_owner_who_is_also_staff_is_shown_what_owners_are() -> None:
    review = make.scored_review()
    make.grant(review.idea.owner, "manager", programme_id=review.programme_id)

    view = view_of(review, review.idea.owner)

    assert (view.relation, view.result, view.members) == ("team", None, ())


def test_events_of_scoring_hold_no_marks_and_no_words() -> None:
    review = make.review()

    make.score(review.seats[1], 9, feedback="canary", note="canary")

    [event] = list_events(f"idea:{review.idea_id}", kinds=["scorecard_submitted"])
    assert sorted(event.data) == ["idea_id", "quorum", "review_id", "seat_id"]


def test_what_waits_follows_declaring_scoring_and_quorum() -> None:
    review = make.review()
    chair = review.seats[0]

    def kinds(actor: Actor) -> list[str]:
        db.session.commit()
        return [item.kind for item in queries.waiting_for(actor)]

    waiting = [kinds(make.actor(chair.person))]
    make.declare(chair)
    waiting.append(kinds(make.actor(chair.person)))
    for seat in review.seats:
        make.score(seat)
    waiting.append(kinds(make.actor(chair.person)))

    assert waiting == [["declare"], ["score"], ["decide"]]
    assert queries.progress([review.idea_id])[review.idea_id].submitted == 4
