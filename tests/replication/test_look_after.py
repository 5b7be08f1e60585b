"""Looking after an adopter: a mentor sees the rollout, fills it in, and both hear how it goes on."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import Delivery, Event
from innovation.ideas.models import Wall
from innovation.notifications.models import Notice
from innovation.permission import Forbidden, NotThere
from innovation.reactions import named
from innovation.replication import commands, queries
from innovation.replication.models import Rollout
from tests import make
from tests.replication import taken_up
from tests.replication.taken_up import FIDELITY
from tests.replication.test_take_up import DAY, owner_of


@pytest.fixture
def looked_after(app: Any) -> Rollout:
    """A rollout that runs, looked after by the contact of another one."""
    playbook = taken_up.playbook()
    contact, mentor = make.person("Contact"), make.person("Mentor")
    for person in (contact, mentor):
        make.account(person)
    taken_up.rollout(playbook, 2, contact_id=mentor.id)
    found = taken_up.rollout(playbook, contact_id=contact.id, mentor_id=mentor.id)
    db.session.commit()
    return found


def test_a_mentor_of_another_adopter_sees_the_rollout_and_fills_it_in(looked_after: Rollout) -> None:
    mentor = make.actor(looked_after.mentor)

    found = queries.find_rollout(mentor, looked_after.idea.reference, 1)
    check = commands.check_fidelity(mentor, found, checked_on=DAY, **FIDELITY)

    assert (found, check.checked_by_id) == (looked_after, looked_after.mentor_id)
    with pytest.raises(NotThere):
        queries.find_spreading(mentor, looked_after.idea.reference)


def test_a_mentor_does_not_decide_for_the_team(looked_after: Rollout) -> None:
    with pytest.raises(Forbidden):
        commands.move_rollout(make.actor(looked_after.mentor), looked_after, step="end")


def test_who_is_a_mentor_no_more_sees_it_no_more(looked_after: Rollout) -> None:
    mentor = make.actor(looked_after.mentor)
    commands.name_people(owner_of(looked_after), looked_after, contact_role="Principal")

    with pytest.raises(NotThere):
        queries.find_rollout(mentor, looked_after.idea.reference, 1)


def test_a_mentor_behind_a_wall_sees_nothing(looked_after: Rollout) -> None:
    mentor = make.actor(looked_after.mentor)
    make.add(Wall(idea_id=looked_after.idea_id, person_id=mentor.person_id, why="seat:1", since=now()))
    db.session.expire_all()

    with pytest.raises(NotThere):
        queries.find_rollout(mentor, looked_after.idea.reference, 1)


def test_small_numbers_are_told_to_the_adopter_and_not_to_a_mentor(client: FlaskClient, looked_after: Rollout) -> None:
    looked_after.sites[0].learners = 7
    commands.record_result(
        owner_of(looked_after), looked_after, indicator="Words", measured_on=DAY, before=23, after=41, learners=7
    )

    def read(person: Any) -> str:
        make.sign_in(client, person)
        return client.get(f"/ideas/{looked_after.idea.reference}/rollouts/1").text

    told = {"adopter": read(looked_after.contact), "mentor": read(looked_after.mentor)}

    assert {who: (page.count(">7</td>"), ">41</td>" in page) for who, page in told.items()} == {
        "adopter": (2, True),
        "mentor": (0, False),
    }
    assert told["mentor"].count("fewer than 10") == 2


def test_a_mentor_finds_the_rollout_in_my_work(client: FlaskClient, looked_after: Rollout) -> None:
    make.sign_in(client, looked_after.mentor)

    page = client.get("/work").text

    assert f"/ideas/{looked_after.idea.reference}/rollouts/1" in page
    assert "Look after" in page


def test_a_mentor_is_told_once_when_named(looked_after: Rollout) -> None:
    other = looked_after.contact
    second = make.first(Rollout, number=2)

    for _again in range(2):
        commands.name_people(owner_of(second), second, contact_role="Head", mentor_id=other.id)

    assert [person for person, _text in told()] == [other.id]


def test_the_adopter_and_the_mentor_hear_that_it_is_stopped_and_why(looked_after: Rollout) -> None:
    commands.move_rollout(owner_of(looked_after), looked_after, step="stop", reason="The hall burnt down.")

    assert {person: "The hall burnt down." in text for person, text in told()} == {
        looked_after.contact_id: True,
        looked_after.mentor_id: True,
    }


def test_whoever_moves_it_on_is_not_told_of_it(looked_after: Rollout) -> None:
    looked_after.mentor_id = looked_after.idea.owner_id

    commands.move_rollout(owner_of(looked_after), looked_after, step="end")

    assert [person for person, _text in told()] == [looked_after.contact_id]


def told() -> list[tuple[int, str]]:
    """Whom the reactions to what has happened tell what."""
    for delivery, event in db.session.query(Delivery, Event).join(Event, Event.id == Delivery.event_id):
        named(delivery.reaction)(event)
    return [(notice.person_id, notice.text) for notice in db.session.query(Notice)]
