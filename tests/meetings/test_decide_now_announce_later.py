"""What a panel decides at a meeting and holds back: known at the table, and to nobody else until it is announced."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.gates import queries as gate_queries
from innovation.gates.models import Decision
from innovation.ideas import commands as ideas
from innovation.meetings import commands
from innovation.meetings.models import AgendaItem
from innovation.permission import SYSTEM
from tests import make
from tests.gates.deciding import DETAILS
from tests.gates.visiting import sign_in
from tests.meetings.sitting import Sitting

WHY, SAID = "canary-why", "canary-said"


@pytest.fixture
def sitting(client: FlaskClient) -> Sitting:
    """A meeting with one item in hand that is voted on; the practitioner has not come."""
    found = Sitting(1)
    commands.fix_agenda(found.act("chair"), found.meeting, order="reference")
    commands.open_meeting(found.act("chair"), found.meeting)
    for who in ("deputy", "government", "secretary"):
        commands.say_presence(found.act(who), found.meeting, what="arrived")
    commands.take_item(found.act("chair"), found.meeting, item_id=found.meeting.items[0].id)
    commands.take_note(found.act("secretary"), found.meeting.items[0], text=SAID)
    motion = found.vote(found.meeting.items[0], "stop", chair="for", deputy="against", government="for")
    commands.count_votes(found.act("chair"), motion)
    return found


def held_back(sitting: Sitting) -> AgendaItem:
    item = sitting.meeting.items[0]
    sitting.decide(item, "stop", rationale=WHY, announce="later", **DETAILS["stop"])
    return item


def minuted(sitting: Sitting) -> None:
    commands.close_meeting(sitting.act("chair"), sitting.meeting)
    commands.circulate_minutes(sitting.act("secretary"), sitting.meeting)


def reads(client: FlaskClient, who: Any, path: str) -> list[bool]:
    sign_in(client, who)
    page = client.get(path).text
    return [word in page for word in (WHY, SAID, "Decided: Stop", "Vote: Stop")]


def test_an_item_is_decided_and_nothing_has_moved(sitting: Sitting) -> None:
    item = held_back(sitting)

    events = list_events(f"meeting:{sitting.meeting.id}", kinds=["item_withheld"])

    assert (item.state, item.present, item.is_held_back, sitting.meeting.in_hand_id) == ("decided", 3, True, None)
    assert (item.review.state, item.idea.place, db.session.query(Decision).count()) == ("scoring", "at_screening", 0)
    assert [event.data["withheld_id"] for event in events] == [item.withheld_id]


def test_the_minutes_tell_it_to_the_table_and_to_who_runs_the_gate_only(sitting: Sitting, client: FlaskClient) -> None:
    item, watcher, facilitator = held_back(sitting), make.person("Watcher"), make.person("Facilitator")
    item.idea.captured_by_id = facilitator.id
    asked = [(watcher, "observer"), (item.idea.owner, "observer"), (facilitator, "secretary")]
    for person, part in asked:
        make.account(person)
        commands.ask_to_meeting(sitting.act("coordinator"), sitting.meeting, person_id=person.id, part=part)
    minuted(sitting)
    path = f"/meetings/{sitting.meeting.id}/minutes"

    seen = {who: reads(client, sitting.person(who), path) for who in ("chair", "government", "secretary")}
    seen["coordinator"] = reads(client, sitting.coordinator, path)
    outside = [reads(client, who, path) for who in (sitting.person("practitioner"), *(who for who, _part in asked))]

    assert set(map(tuple, seen.values())) == {(True, True, True, True)}
    assert outside == [[False] * 4] * 4


def test_once_it_is_announced_the_whole_panel_reads_it_in_the_minutes(sitting: Sitting, client: FlaskClient) -> None:
    item = held_back(sitting)
    minuted(sitting)

    gates.announce_decision(sitting.act("coordinator"), item.review)
    db.session.commit()

    path = f"/meetings/{sitting.meeting.id}/minutes"
    assert reads(client, sitting.person("practitioner"), path) == [True] * 4


def test_the_decision_rests_on_the_votes_as_they_were_counted(sitting: Sitting) -> None:
    item = held_back(sitting)
    votes = {vote.id: vote.choice for vote in item.motions[0].votes}
    minuted(sitting)

    decision = gates.announce_decision(sitting.act("coordinator"), item.review)

    table = gate_queries.find_basis(decision).at_table
    [event] = list_events(f"idea:{item.review.idea_id}", kinds=["basis_recorded"])
    here = sorted(sitting.person(who).id for who in ("chair", "deputy", "government"))
    assert ({each.vote_id: each.choice for each in table.ballots}, list(table.present)) == (votes, here)
    assert (table.meeting_id, table.item_id, table.voted_on) == (sitting.meeting.id, item.id, "stop")
    assert (event.data["vote_ids"], event.data["item_id"], event.data["present"]) == (sorted(votes), item.id, here)
    assert event.data["scorecard_ids"] == [card.id for card in gate_queries.cards_behind(decision)]


def test_what_is_taken_back_while_the_meeting_goes_on_is_taken_up_again(sitting: Sitting) -> None:
    item = held_back(sitting)
    gates.take_back_decision(sitting.act("chair"), item.review, reason="We had the wrong budget.")

    commands.take_item(sitting.act("chair"), sitting.meeting, item_id=item.id)
    decision = sitting.decide(item)

    assert (item.state, item.decision_id, item.withheld_id) == ("decided", decision.id, None)


def test_what_is_taken_back_and_not_decided_anew_is_put_off_when_the_meeting_closes(sitting: Sitting) -> None:
    item = held_back(sitting)
    gates.take_back_decision(sitting.act("chair"), item.review, reason="We had the wrong budget.")

    commands.close_meeting(sitting.act("chair"), sitting.meeting)

    assert (item.state, item.review.locked_at) == ("put_off", None)


def test_what_was_taken_back_stays_with_those_who_were_there(sitting: Sitting, client: FlaskClient) -> None:
    item = held_back(sitting)
    minuted(sitting)
    gates.take_back_decision(sitting.act("chair"), item.review, reason="We had the wrong budget.")
    db.session.commit()

    path = f"/meetings/{sitting.meeting.id}/minutes"
    assert reads(client, sitting.person("practitioner"), path) == [False] * 4
    assert reads(client, sitting.person("chair"), path) == [True] * 4


def test_an_idea_whose_panel_decided_and_that_withdraws_never_learns_what(sitting: Sitting) -> None:
    item = held_back(sitting)
    minuted(sitting)
    ideas.withdraw_idea(make.actor(item.idea.owner), item.idea)

    gates.cancel_review(SYSTEM, item.review)

    assert (item.is_held_back, item.withheld.ended_as) == (True, "cancelled")


def test_both_chairs_sign_what_a_meeting_holds_back(sitting: Sitting) -> None:
    item = sitting.meeting.items[0]
    next(seat for seat in item.review.seats if seat.role == "government").role = "cochair"
    held_back(sitting)
    gates.sign_decision(sitting.act("government"), item.review)

    commands.note_decision(SYSTEM, item.review_id)

    assert (item.state, item.withheld.content["at_table"]["item_id"]) == ("decided", item.id)


def test_the_page_of_the_meeting_offers_to_hold_a_decision_back(sitting: Sitting, client: FlaskClient) -> None:
    item = sitting.meeting.items[0]
    path = f"/meetings/{sitting.meeting.id}"
    sign_in(client, sitting.person("chair"))
    asked = client.get(f"{path}/items/{item.id}/decision").text
    told = {
        "outcome": "refer",
        "rationale": WHY,
        "against_reason": "x",
        "refer_to": "The district",
        "announce": "later",
    }

    sent = client.post(f"{path}/items/{item.id}/decision", data=told)

    page = client.get(path).text
    assert ("Later: hold it back" in asked, sent.status_code) == (True, 302)
    assert ("held back. Nobody outside is told" in page, ">Held back<" in page) == (True, True)


def test_what_was_put_to_the_vote_is_shown_with_what_the_decision_rests_on(
    sitting: Sitting, client: FlaskClient
) -> None:
    item = held_back(sitting)
    gates.announce_decision(sitting.act("coordinator"), item.review)
    told = "a vote on Stop at a meeting: 2 for, 1 against, 0 abstained, with 3 at the table"
    shown = {}
    for who in ("chair", "secretary"):
        sign_in(client, sitting.person(who))
        shown[who] = told in client.get(f"/reviews/{item.review_id}/outcome").text

    assert shown == {"chair": True, "secretary": False}
