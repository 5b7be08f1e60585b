"""The room puts ideas on its wall, votes on them in silence, breaks a tie, and goes on with a shortlist."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from innovation.clinics import commands, reporting, rooms, rounds, wall_pulse, wall_reading, walls
from innovation.clinics.models import Clinic, Device
from innovation.clinics.wall_models import Ballot, VotingRound
from innovation.db import db, now
from innovation.events import list_events
from innovation.gates.commands import merge_idea, undo_merge
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Idea
from innovation.permission import STRANGER, Actor, Forbidden
from tests import make
from workflows import Refused


@dataclass
class Room:
    """A clinic with ideas on its wall and phones that have joined."""

    actor: Actor
    clinic: Clinic
    ideas: list[Idea]
    phones: list[Device] = field(default_factory=list)

    def place(self, phone: int, marks: dict[int, int], based_on: int = 0) -> Ballot:
        """The dots of a phone on ideas by their places in ``ideas``."""
        device, found = self.phones[phone], self.round
        return rounds.place_dots(
            rooms.actor_of(self.clinic, device),
            self.clinic,
            round_id=found.id,
            voter=rounds.voter_of(device, None, found),
            marks={self.ideas[at].id: dots for at, dots in marks.items()},
            based_on=based_on,
        )

    @property
    def round(self) -> VotingRound:
        found = rounds.find_round(self.clinic)
        assert found is not None
        return found

    def totals(self) -> list[int]:
        """The dots of each idea in ``ideas``; those of one that has gone into another are 0."""
        given = {place.idea_id: place.dots for place in rounds.result_of(self.clinic, self.round).places}
        return [given.get(idea.id, 0) for idea in self.ideas]

    def page(self) -> wall_reading.Page:
        return wall_reading.wall_page(STRANGER, self.clinic)

    def tag(self) -> str:
        return wall_pulse.pulse_of_clinic(STRANGER, self.clinic.id).tag


def a_room(ideas: int = 4, phones: int = 3, *, released: bool = True, **more: Any) -> Room:
    clinic = make.clinic(**more)
    runs = make.grant(make.person(), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    room = Room(make.actor(runs), clinic, [make.idea(clinic_id=clinic.id) for _n in range(ideas)])
    opened = rooms.open_room(room.actor, clinic)
    room.phones = [rooms.join_room(STRANGER, opened, label="")[0] for _n in range(phones)]
    if released:
        walls.release_ideas(room.actor, clinic, idea_ids=[idea.id for idea in room.ideas])
    return room


def voting(**more: Any) -> Room:
    room = a_room(**more)
    rounds.open_round(room.actor, room.clinic, dots=3, most=2, question="Which first?")
    return room


def kinds(clinic: Clinic) -> list[str]:
    return [event.kind for event in reversed(list_events(f"clinic:{clinic.id}"))]


def titles(page: wall_reading.Page) -> set[str]:
    return {note.title for column in page.columns for note in column.notes}


# The wall


def test_the_wall_shows_what_was_released_and_nothing_that_is_hidden_or_withdrawn(app: Any) -> None:
    room = a_room(released=False)
    first, second, third, _fourth = room.ideas
    before = titles(room.page())

    walls.release_ideas(room.actor, room.clinic, idea_ids=[first.id, second.id, third.id])
    walls.hide_ideas(room.actor, room.clinic, idea_ids=[second.id])
    third.standing = "withdrawn"
    db.session.commit()

    assert before == set()
    assert titles(room.page()) == {first.title}
    assert kinds(room.clinic)[-2:] == ["ideas_released", "ideas_hidden"]


def test_a_wall_that_shows_ideas_as_they_come_keeps_them_when_it_no_longer_does(app: Any) -> None:
    room = a_room(2, released=False)
    walls.set_wall(room.actor, room.clinic, at_once=True, names=False)
    came = titles(room.page())

    walls.set_wall(room.actor, room.clinic, at_once=False, names=False)
    make.idea(clinic_id=room.clinic.id)

    assert came == titles(room.page()) == {idea.title for idea in room.ideas}


def test_a_name_is_on_the_wall_only_if_its_owner_agreed_and_is_no_child(app: Any) -> None:
    room = a_room(3)
    agreed, silent, child = room.ideas
    for idea in (agreed, child):
        make.consent(idea, "public_name")
    db.session.add(NoticeShown(idea_id=child.id, version=1, language="en", given=[], withheld=[], under_18=True))
    without = {note.who for column in room.page().columns for note in column.notes}

    walls.set_wall(room.actor, room.clinic, at_once=False, names=True)

    named = {note.idea_id: note.who for column in room.page().columns for note in column.notes}
    assert without == {""}
    assert named == {agreed.id: agreed.owner.name, silent.id: "", child.id: ""}


def test_topics_gather_ideas_and_leave_them_when_they_end(app: Any) -> None:
    room = a_room()
    topic = walls.add_topic(room.actor, room.clinic, name="Reading", idea_ids=[room.ideas[0].id])
    walls.put_together(room.actor, room.clinic, idea_ids=[room.ideas[1].id], topic_id=topic.id)
    walls.rename_topic(room.actor, room.clinic, topic_id=topic.id, name="Reading at home")
    gathered = [(column.name, len(column.notes)) for column in room.page().columns]

    walls.end_topic(room.actor, room.clinic, topic_id=topic.id)

    assert gathered == [("", 2), ("Reading at home", 2)]
    assert [(column.name, len(column.notes)) for column in room.page().columns] == [("", 4)]


def test_the_tag_of_a_wall_changes_with_what_is_shown_and_not_with_what_waits(app: Any) -> None:
    room = a_room()
    first = room.tag()

    make.idea(clinic_id=room.clinic.id)
    same = room.tag()
    walls.hide_ideas(room.actor, room.clinic, idea_ids=[room.ideas[0].id])

    assert same == first
    assert room.tag() != first


def test_the_clock_goes_by_the_run_sheet_and_stands_still_while_it_is_paused(app: Any) -> None:
    room = a_room(agenda="15 min  Welcome\n20 min  The challenge\nTea")
    begun = now()
    with time_machine.travel(begun, tick=False):
        walls.move_clock(room.actor, room.clinic, what="start")
    with time_machine.travel(begun + dt.timedelta(minutes=4), tick=False):
        walls.move_clock(room.actor, room.clinic, what="pause")
    paused = room.page().clock
    walls.move_clock(room.actor, room.clinic, what="next")

    shown = room.page().clock

    assert paused is not None
    assert shown is not None
    assert (paused.what, paused.left, paused.is_running) == ("Welcome", 11 * 60, False)
    assert (shown.what, shown.number, shown.following, shown.is_running) == ("The challenge", 2, "Tea", True)


@pytest.mark.parametrize("state", ["planned", "closed", "reported"])
def test_nothing_is_put_on_a_wall_while_the_room_is_not_together(app: Any, state: str) -> None:
    room = a_room()
    room.clinic.state = state
    db.session.commit()

    with pytest.raises(Refused):
        walls.release_ideas(room.actor, room.clinic, idea_ids=[room.ideas[0].id])
    with pytest.raises(Refused):
        rounds.open_round(room.actor, room.clinic, dots=3, most=1)


# Dots


def test_a_round_is_counted_once_it_is_closed_and_knows_no_phone_any_more(app: Any) -> None:
    room = voting()
    room.place(0, {0: 2, 1: 1})
    room.place(1, {0: 1})
    room.place(1, {2: 2, 1: 1}, based_on=1)

    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)

    ballots = db.session.scalars(sa.select(Ballot).order_by(Ballot.number)).all()
    counted = json.dumps([room.round.id, [ballot.marks for ballot in ballots]])
    assert room.totals() == [2, 2, 2, 0]
    assert [ballot.voter for ballot in ballots] == [None, None]
    assert room.round.sha256 == hashlib.sha256(counted.encode()).hexdigest()


def test_nothing_tells_of_dots_before_the_round_is_closed(app: Any) -> None:
    room = voting()
    before = (room.tag(), room.page(), kinds(room.clinic), wall_pulse.pulse_of_dots(STRANGER, _code(room)))
    everything = wall_pulse.pulse_of_clinic(room.actor, room.clinic.id, of_everything=True)

    room.place(0, {0: 2})

    assert (room.tag(), room.page(), kinds(room.clinic), wall_pulse.pulse_of_dots(STRANGER, _code(room))) == before
    assert wall_pulse.pulse_of_clinic(room.actor, room.clinic.id, of_everything=True) == everything
    assert wall_reading.read_board(room.actor, room.clinic).result is None
    with pytest.raises(Refused):
        rounds.result_of(room.clinic, room.round)
    with pytest.raises(Refused):
        rounds.shortlist_by_dots(room.actor, room.clinic, round_id=room.round.id, many=1)


def _code(room: Room) -> str:
    found = rooms.find_room_of(room.clinic)
    return str(found.code) if found else ""


def test_a_retry_counts_once_and_a_form_that_comes_late_wins_over_nothing(app: Any) -> None:
    room = voting()
    room.place(0, {0: 1})
    room.place(0, {0: 1})
    room.place(0, {1: 2}, based_on=1)

    with pytest.raises(Refused):
        room.place(0, {0: 1}, based_on=0)

    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)
    assert room.totals() == [0, 2, 0, 0]


@pytest.mark.parametrize("marks", [{0: 3}, {0: 2, 1: 2}])
def test_more_dots_than_were_given_are_refused(app: Any, marks: dict[int, int]) -> None:
    room = voting()

    with pytest.raises(Refused):
        room.place(0, marks)


def test_dots_that_come_after_the_end_are_refused_in_clear_words(app: Any) -> None:
    room = voting()
    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)

    with pytest.raises(Refused) as refused:
        room.place(0, {0: 1})

    assert refused.value.reasons == (rounds.CLOSED,)


def test_an_idea_that_is_hidden_gives_its_dots_back(app: Any) -> None:
    room = voting()
    room.place(0, {0: 2, 1: 1})
    walls.hide_ideas(room.actor, room.clinic, idea_ids=[room.ideas[0].id])

    with pytest.raises(Refused):
        room.place(0, {0: 2, 2: 1}, based_on=1)
    room.place(0, {1: 1, 2: 2}, based_on=1)

    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)
    assert room.totals() == [0, 1, 2, 0]


def test_a_phone_votes_at_its_own_clinic_and_its_dots_go_when_it_is_shut_out(app: Any) -> None:
    room, other = voting(), a_room()
    room.place(0, {0: 2})
    room.place(1, {0: 1})

    with pytest.raises(Forbidden):
        rounds.place_dots(
            rooms.actor_of(other.clinic, other.phones[0]),
            room.clinic,
            round_id=room.round.id,
            voter="device:0",
            marks={},
            based_on=0,
        )
    rooms.shut_out_device(room.actor, room.clinic, device_id=room.phones[0].id)

    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)
    assert room.totals() == [1, 0, 0, 0]


def test_somebody_who_has_signed_in_on_a_phone_that_joined_has_one_set_of_dots(app: Any) -> None:
    room, person_id = voting(), make.person().id
    alone = rounds.voter_of(None, person_id, room.round)
    room.place(0, {0: 1})

    both = rounds.voter_of(room.phones[0], person_id, room.round)

    assert (alone, both) == (f"person:{person_id}", f"device:{room.phones[0].id}")


def test_dots_of_ideas_that_become_one_go_along_and_come_back(app: Any) -> None:
    room = voting()
    room.place(0, {0: 2, 1: 1})
    room.place(1, {1: 1, 2: 2})
    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)
    apart = room.totals()

    merge_idea(room.actor, room.ideas[1], into=room.ideas[0].reference, reason="The same idea, twice.")
    joined = room.totals()
    undo_merge(make.actor(make.staff("coordinator")), room.ideas[1], reason="They differ after all.")

    assert (apart, joined) == ([2, 2, 2, 0], [3, 0, 2, 0])
    assert room.totals() == apart


def test_a_clinic_is_not_closed_while_a_round_is_open(app: Any) -> None:
    room = voting()

    with pytest.raises(Refused) as refused:
        commands.close_clinic(room.actor, room.clinic)

    assert refused.value.reasons[0] == "A voting round is open. Close it first, so that its votes are counted."


# Ties and the shortlist


def counted(*ballots: dict[int, int]) -> Room:
    room = voting(phones=len(ballots))
    for phone, marks in enumerate(ballots):
        room.place(phone, marks)
    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)
    return room


def test_a_tie_at_the_line_is_broken_by_a_named_person_before_there_is_a_shortlist(app: Any) -> None:
    room = counted({0: 2, 1: 1}, {0: 1, 2: 1})
    first, second, third, _fourth = room.ideas
    with pytest.raises(Refused):
        rounds.shortlist_by_dots(room.actor, room.clinic, round_id=room.round.id, many=2)

    rounds.break_tie(
        room.actor,
        room.clinic,
        round_id=room.round.id,
        idea_id=third.id,
        decided_by="Demo circuit manager",
        reason="Nobody else works on it.",
    )
    rounds.shortlist_by_dots(room.actor, room.clinic, round_id=room.round.id, many=2)

    told = reporting.shortlist_of(room.clinic, {idea.id for idea in room.ideas})
    assert told.references == (first.reference, third.reference)
    assert "Demo circuit manager" in told.how
    assert kinds(room.clinic)[-3:] == ["round_closed", "tie_broken", "shortlist_made"]
    assert room.page().chosen[1].title == third.title
    assert second.reference not in told.references


def test_an_idea_that_has_ended_keeps_its_place_in_the_result_and_is_on_no_wall(app: Any) -> None:
    room = counted({0: 2, 1: 1})
    room.ideas[0].standing = "stopped"
    db.session.commit()

    board = wall_reading.read_board(room.actor, room.clinic)

    assert [line.note.title for line in board.lines if line.dots] == [idea.title for idea in room.ideas[:2]]
    assert room.ideas[0].title not in titles(room.page())


def test_only_ideas_that_are_level_have_a_tie_to_break(app: Any) -> None:
    room = counted({0: 2, 1: 1})

    with pytest.raises(Refused):
        rounds.break_tie(
            room.actor, room.clinic, round_id=room.round.id, idea_id=room.ideas[0].id, decided_by="D", reason="r"
        )


def test_a_shortlist_by_hand_says_why_and_the_report_tells_only_what_its_reader_may_see(app: Any) -> None:
    room = a_room()
    chosen = [room.ideas[3].id, room.ideas[0].id]

    rounds.shortlist_by_hand(room.actor, room.clinic, idea_ids=chosen, reason="They fit the district's plan.")

    everything = reporting.shortlist_of(room.clinic, {idea.id for idea in room.ideas})
    less = reporting.shortlist_of(room.clinic, {room.ideas[0].id})
    assert everything.references == (room.ideas[3].reference, room.ideas[0].reference)
    assert less.references == (room.ideas[0].reference,)
    assert everything.how == "Chosen by hand: They fit the district's plan."
