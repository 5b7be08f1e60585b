"""The hand-over where the idea does not go on, where what was agreed would change, and as the other side sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.ideas.models import Wall
from innovation.permission import Forbidden, NotThere
from innovation.replication import commands, queries
from innovation.replication.system_models import SystemHome
from tests import make
from tests.replication import in_system
from tests.replication.in_system import DAY
from tests.replication.test_hand_over import POST, coordinator, owner_of
from tests.replication.test_look_after import told
from workflows import Refused

DOINGS: dict[str, Callable[[SystemHome], object]] = {
    "agree": lambda home: commands.agree_handover(owner_of(home), home),
    "hand over": lambda home: commands.record_handover(coordinator(), home, happened_on=DAY),
    "take out": lambda home: commands.remove_row(owner_of(home), home.budget_lines[0]),
}


@pytest.mark.parametrize("what", DOINGS)
@pytest.mark.parametrize("standing", ["stopped", "withdrawn", "merged"])
@pytest.mark.usefixtures("app")
def test_nothing_is_handed_over_once_the_idea_has_ended(what: str, standing: str) -> None:
    idea = make.idea(place="replicating", standing=standing)
    home = in_system.home(idea, state="agreed" if what == "hand over" else "planned")
    before = home.state

    with pytest.raises(Refused, match="not under way"):
        DOINGS[what](home)

    assert (home.state, len(home.budget_lines)) == (before, 1)


def test_the_page_of_an_idea_that_has_ended_offers_nothing(client: FlaskClient) -> None:
    idea = make.idea(place="replicating", standing="stopped")
    in_system.home(idea, state="agreed")
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{idea.reference}/system").text

    assert ("Record the hand-over" in page, "<form" in page.partition("<main")[2]) == (False, False)


@pytest.mark.usefixtures("app")
def test_the_post_that_takes_it_over_stays_as_agreed_until_that_is_opened_again() -> None:
    home = in_system.home(state="agreed")

    with pytest.raises(Refused, match="Open the agreement again first"):
        commands.keep_post(owner_of(home), home, unit="Curriculum", post="Another specialist")
    commands.keep_post(owner_of(home), home, **POST, licence="CC0 1.0")
    commands.reopen_handover(owner_of(home), home, reason="Another post.")
    commands.keep_post(owner_of(home), home, unit="Curriculum", post="Another specialist")

    assert (home.post, home.licence) == ("Another specialist", "")


@pytest.mark.usefixtures("app")
def test_a_step_that_was_agreed_upon_is_not_taken_out() -> None:
    home = in_system.home(state="agreed")

    with pytest.raises(Refused, match="Open the agreement again first"):
        commands.remove_row(owner_of(home), home.steps[0])

    assert len(home.steps) == 1


# As the side that takes it over sees it


@pytest.fixture
def taking_over(app: Any) -> SystemHome:
    """A home with somebody who speaks for the post."""
    contact = make.person("Specialist")
    make.account(contact)
    return in_system.home(contact_id=contact.id)


def test_whoever_speaks_for_the_post_reads_the_plan_and_says_what_is_done(
    client: FlaskClient, taking_over: SystemHome
) -> None:
    step = commands.add_step(owner_of(taking_over), taking_over, what="Move the data.", who="The district", due_on=DAY)
    make.sign_in(client, taking_over.contact)
    address = f"/ideas/{taking_over.idea.reference}/system"

    page = client.get(address).text
    done = client.post(f"{address}/steps/{step.id}", data={f"s{step.id}-done_on": DAY.isoformat()})

    assert ("Move the data." in page, "Take out" in page, "Both sides agree" in page) == (True, False, False)
    assert (done.status_code, step.done_by_id) == (302, taking_over.contact_id)
    assert client.get(f"/ideas/{taking_over.idea.reference}/tracker").status_code == 404


def test_whoever_speaks_for_the_post_writes_nothing_else(taking_over: SystemHome) -> None:
    with pytest.raises(Forbidden):
        commands.keep_post(make.actor(taking_over.contact), taking_over, **POST)


def test_behind_a_wall_nobody_speaks_for_the_post(taking_over: SystemHome) -> None:
    make.add(Wall(idea_id=taking_over.idea_id, person_id=taking_over.contact_id, why="seat:1", since=now()))
    db.session.expire_all()

    with pytest.raises(NotThere):
        queries.find_home(make.actor(taking_over.contact), taking_over.idea.reference)


def test_both_sides_hear_that_it_is_agreed_and_handed_over(taking_over: SystemHome) -> None:
    commands.agree_handover(owner_of(taking_over), taking_over)
    commands.record_handover(coordinator(), taking_over, happened_on=DAY)

    heard = [text for person, text in told() if person == taking_over.contact_id]

    assert len(heard) == 2
