"""A meeting from its agenda to its close: attendance, quorum, votes, locked scores, and the decision."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts.commands import close_sign_in
from innovation.db import db, fixed_now, now
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.gates.queries import find_basis
from innovation.ideas import commands as ideas
from innovation.meetings import commands, queries
from innovation.meetings.models import Attendee
from innovation.permission import SYSTEM, Forbidden
from innovation.programmes.commands import publish_workflow
from tests import make
from tests.gates.deciding import decide
from tests.meetings.sitting import Sitting
from workflows import Refused, library_text

pytestmark = pytest.mark.usefixtures("app")


def test_an_agenda_is_made_of_what_is_ready() -> None:
    sitting = Sitting(2)
    unscored = sitting.review(None)

    ready = sitting.plan()
    commands.cancel_meeting(sitting.act("coordinator"), sitting.meeting)
    commands.cancel_meeting(sitting.act("coordinator"), ready)
    everything = sitting.plan(which="open")

    assert (len(sitting.meeting.items), len(ready.items)) == (2, 0)
    assert unscored.id in {item.review_id for item in everything.items}
    assert len(everything.items) == 3


def test_everybody_at_the_reviews_is_asked_with_their_part() -> None:
    sitting = Sitting(1)

    parts = {each.person.name: each.part for each in sitting.meeting.attendees}

    assert parts == {role.title(): role for role in sitting.people}


def test_a_meeting_opens_once_the_chair_has_fixed_its_agenda() -> None:
    sitting = Sitting(2)

    with pytest.raises(Refused, match="has not fixed the agenda"):
        commands.open_meeting(sitting.act("chair"), sitting.meeting)
    with pytest.raises(Forbidden):
        commands.fix_agenda(sitting.act("coordinator"), sitting.meeting, order="rank")
    commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="rank")
    commands.open_meeting(sitting.act("chair"), sitting.meeting)

    assert sitting.meeting.state == "open"
    assert sitting.meeting.attendee_of(sitting.person("chair").id).presence == "present"


def test_who_comes_after_the_first_item_was_taken_is_late_and_each_mark_has_its_time() -> None:
    sitting = Sitting(1)
    commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="rank")
    commands.open_meeting(sitting.act("chair"), sitting.meeting)
    early, late = (sitting.meeting.attendee_of(sitting.person(who).id) for who in ("government", "practitioner"))
    commands.note_attendance(sitting.act("chair"), early, what="arrived")
    commands.take_item(sitting.act("chair"), sitting.meeting, item_id=sitting.meeting.items[0].id)
    token = fixed_now.set(now() + dt.timedelta(minutes=12))

    commands.say_presence(sitting.act("practitioner"), sitting.meeting, what="arrived")
    commands.say_presence(sitting.act("practitioner"), sitting.meeting, what="left")
    commands.say_presence(sitting.act("practitioner"), sitting.meeting, what="arrived")

    fixed_now.reset(token)
    assert [mark.what for mark in early.marks] == ["arrived"]
    assert [mark.what for mark in late.marks] == ["late", "left", "arrived"]
    assert late.marks[0].at - early.marks[0].at > dt.timedelta(minutes=11)


def test_the_deputy_presides_once_the_sign_in_of_the_chair_is_closed() -> None:
    sitting = Sitting(1)
    meeting = sitting.opened()
    here = meeting.attendee_of(sitting.person("chair").id)

    db.session.commit()
    close_sign_in(SYSTEM, sitting.people["chair"])
    worker.deliver_owed()

    assert (here.presence, [each.part for each in meeting.leading]) == ("left", ["deputy"])
    with pytest.raises(Forbidden):
        commands.close_meeting(sitting.act("chair"), meeting)
    assert commands.close_meeting(sitting.act("deputy"), meeting).state == "closed"


def test_an_item_is_decided_only_with_its_quorum_at_the_table() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    for who in ("government", "practitioner"):
        commands.say_presence(sitting.act(who), sitting.meeting, what="left")

    with pytest.raises(Refused, match="The quorum for this item is 3, and 2"):
        sitting.decide(item)
    commands.say_presence(sitting.act("government"), sitting.meeting, what="arrived")
    decision = sitting.decide(item)

    assert (item.state, item.decision_id, item.present) == ("decided", decision.id, 3)
    assert item.review.state == "decided"


def test_the_chair_decides_nothing_that_is_not_in_hand() -> None:
    sitting = Sitting(2)
    sitting.taken(1)
    other = next(item for item in sitting.meeting.items if item.number == 2)

    with pytest.raises(Refused, match="not the one in hand"):
        sitting.decide(other)


def test_scores_are_locked_while_the_meeting_is_open_and_one_card_is_changed_by_leave() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    seat = next(seat for seat in item.review.seats if seat.role == "government")
    card = make.entries(item.review.gate, 9)

    with pytest.raises(Refused, match="scorecards are locked"):
        gates.submit_scorecard(sitting.act("government"), seat, entries=card, change_reason="After the talk.")
    commands.give_leave(sitting.act("chair"), item, seat_id=seat.id)
    gates.submit_scorecard(sitting.act("government"), seat, entries=card, change_reason="After the talk.")
    with pytest.raises(Refused, match="scorecards are locked"):
        gates.save_scorecard(sitting.act("government"), seat, entries=card)

    assert [c.number for c in seat.cards] == [1, 2]


def test_no_newer_revision_comes_before_a_panel_that_meets_about_this_one() -> None:
    sitting = Sitting(1)
    review = sitting.taken().review
    answers = {**make.ANSWERS, "summary": "Readers meet before school."}
    ideas.hand_in_canvas(make.actor(review.idea.owner), review.idea, answers=answers, based_on=1)

    with pytest.raises(Refused, match="The panel meets about this idea"):
        gates.take_revision(sitting.act("chair"), review)


def test_whoever_abstains_from_an_item_counts_for_no_quorum_and_has_no_vote() -> None:
    sitting, who = Sitting(1), make.person("Member")
    seat = gates.seat_person(sitting.act("coordinator"), sitting.reviews[0], person_id=who.id, role="member")
    make.add(Attendee(meeting=sitting.meeting, person_id=who.id, part="member", presence="present"))
    gates.abstain(make.actor(who), make.declare(seat), reason="Too far from what I know.")
    item = sitting.meeting.items[0]

    with_them = [who.id in item.electors]
    gates.end_abstention(make.actor(who), seat)
    with_them.append(who.id in item.electors)

    assert with_them == [False, True]


def test_the_chair_orders_by_rank_only_once_their_own_cards_are_in() -> None:
    sitting = Sitting(2)
    unscored = sitting.review(None)
    for seat in unscored.seats:
        if seat.scores and seat.role != "chair":
            make.score(seat)
    commands.set_agenda(
        sitting.act("coordinator"),
        sitting.meeting,
        review_ids=[unscored.id, *(review.id for review in sitting.reviews)],
        minutes={},
    )

    with pytest.raises(Refused, match="Submit your own scorecards first"):
        commands.fix_agenda(sitting.act("chair"), sitting.meeting, order="rank")


def test_what_is_decided_and_held_back_is_put_on_no_agenda() -> None:
    sitting = Sitting(0)
    review = sitting.review()
    decide(review, announce="later")

    ready = queries.list_ready(sitting.act("coordinator"), sitting.panel, whose="panel", which="open")

    assert ready == []


def test_a_meeting_opens_after_its_gate_has_got_another_key(client: FlaskClient) -> None:
    sitting = Sitting(1)
    text = library_text("education").replace('"screening"', '"sieve"').replace("screening =", "sieve =")
    version = publish_workflow(SYSTEM, text)
    make.programme().workflow_version_id = version.id
    db.session.commit()
    make.sign_in(client, sitting.person("chair"))

    pages = ["/meetings", "/meetings?export=csv", f"/meetings/{sitting.meeting.id}"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


def test_closing_puts_off_what_is_left_and_lets_members_score_again() -> None:
    sitting = Sitting(2)
    item = sitting.taken(1)
    sitting.decide(item)

    commands.close_meeting(sitting.act("chair"), sitting.meeting)

    assert {i.number: i.state for i in sitting.meeting.items} == {1: "decided", 2: "put_off"}
    assert [review.locked_at for review in sitting.reviews if review.is_open] == [None]


def test_votes_are_cast_by_those_at_the_table_changed_and_counted() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    commands.say_presence(sitting.act("deputy"), sitting.meeting, what="left")
    motion = sitting.vote(item, chair="for", government="against", practitioner="for")

    with pytest.raises(Forbidden):
        commands.cast_vote(sitting.act("deputy"), motion, choice="for")
    with pytest.raises(Forbidden):
        commands.cast_vote(sitting.act("secretary"), motion, choice="for")
    commands.cast_vote(sitting.act("government"), motion, choice="abstain")
    commands.count_votes(sitting.act("chair"), motion)

    assert (motion.tally, motion.carried, motion.present) == ({"for": 2, "against": 0, "abstain": 1}, True, 3)
    with pytest.raises(Refused, match="has been counted"):
        commands.cast_vote(sitting.act("government"), motion, choice="for")


def test_a_vote_that_is_open_is_counted_before_the_meeting_goes_on() -> None:
    sitting = Sitting(2)
    item = sitting.taken(1)
    sitting.vote(item, chair="for")
    other = next(i for i in sitting.meeting.items if i.number == 2)

    for act in (
        lambda: commands.take_item(sitting.act("chair"), sitting.meeting, item_id=other.id),
        lambda: sitting.decide(item),
        lambda: commands.put_off(sitting.act("chair"), item, reason="Later."),
        lambda: commands.close_meeting(sitting.act("chair"), sitting.meeting),
    ):
        with pytest.raises(Refused, match="A vote is open"):
            act()


def test_the_vote_of_somebody_who_is_recused_meanwhile_does_not_count() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    motion = sitting.vote(item, chair="for", government="for", practitioner="against")
    seat = next(seat for seat in item.review.seats if seat.role == "practitioner")
    make.declare(seat, "recuse")

    commands.count_votes(sitting.act("chair"), motion)

    assert motion.tally == {"for": 2, "against": 0, "abstain": 0}


def test_the_deputy_chairs_the_item_of_a_recused_chair() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    chair = next(seat for seat in item.review.seats if seat.role == "chair")
    make.declare(chair, "recuse")
    db.session.expire(item.review.idea, ["walls"])
    details = {"outcome": "go", "rationale": "A need.", "against_reason": "We know more.", **make.go_details()}

    with pytest.raises(Forbidden):
        commands.decide_item(sitting.act("chair"), item, **details)
    commands.decide_item(sitting.act("deputy"), item, **details)

    assert (item.state, item.present) == ("decided", 3)


def test_while_a_meeting_has_an_idea_its_panel_decides_at_the_table() -> None:
    sitting = Sitting(1)
    item = sitting.taken()

    with pytest.raises(Refused, match="Record the decision there"):
        decide(item.review)


def test_the_second_signature_on_the_page_of_the_review_is_noted_by_the_meeting() -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    next(seat for seat in item.review.seats if seat.role == "government").role = "cochair"
    commands.count_votes(sitting.act("chair"), sitting.vote(item, chair="for", deputy="against", practitioner="for"))
    sitting.decide(item)
    decision = gates.sign_decision(sitting.act("government"), item.review)
    db.session.expire(item.review, ["decisions"])

    commands.note_decision(SYSTEM, item.review_id)

    basis = find_basis(decision)
    assert (item.state, item.decision_id, sitting.meeting.in_hand_id) == ("decided", decision.id, None)
    assert (basis.at_table.item_id, basis.at_table.tally) == (item.id, {"for": 2, "against": 1, "abstain": 0})


def test_the_clock_of_an_item_adds_up_each_time_that_it_was_in_hand() -> None:
    sitting = Sitting(2)
    first = sitting.taken(1)
    assert first.started_at is not None
    for minutes, number in ((4, 2), (10, 1), (13, 2)):
        token = fixed_now.set(now() + dt.timedelta(minutes=minutes))
        sitting.taken(number)
        fixed_now.reset(token)

    assert round(first.spent / 60) == 7


def test_what_happens_is_in_the_chain_and_what_is_said_is_not(app: Flask) -> None:
    sitting = Sitting(1)
    item = sitting.taken()
    commands.take_note(sitting.act("secretary"), item, text="canary one")
    motion = sitting.vote(item, chair="for", government="for", practitioner="abstain")
    commands.count_votes(sitting.act("chair"), motion)
    sitting.decide(item, rationale="canary two")
    commands.close_meeting(sitting.act("chair"), sitting.meeting)

    events = list_events(f"meeting:{sitting.meeting.id}", limit=100)

    kinds = [event.kind for event in reversed(events) if event.kind not in ("person_asked", "attendance_noted")]
    assert kinds == [
        *("meeting_planned", "agenda_fixed", "meeting_opened", "item_taken", "note_taken", "motion_put"),
        *("vote_cast",) * 3,
        *("votes_counted", "item_decided", "meeting_closed", "minutes_written"),
    ]
    assert [event for event in events if "canary" in event.facts or "abstain" in event.facts] == []


@pytest.mark.parametrize("part", ["owner", "contributor"])
def test_nothing_tells_a_coordinator_who_polls_when_the_panel_votes_on_their_own_idea(app: Flask, part: str) -> None:
    found, other = Sitting(1), make.staff("coordinator")
    motion = commands.put_motion(found.act("chair"), found.taken(), outcome="go")
    idea = found.reviews[0].idea
    if part == "owner":
        idea.owner_id = found.coordinator.id
    else:
        make.contributor(idea, found.coordinator)
    db.session.commit()
    readers = [make.actor(who) for who in (found.coordinator, other)]
    before = [queries.pulse_of(reader, found.meeting.id) for reader in readers]

    commands.cast_vote(found.act("deputy"), motion, choice="for")

    after = [queries.pulse_of(reader, found.meeting.id) for reader in readers]
    assert [one == two for one, two in zip(before, after, strict=True)] == [True, False]
