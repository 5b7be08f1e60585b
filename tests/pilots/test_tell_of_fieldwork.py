"""Who is told of visits and of adaptations, once each; never what was seen or tried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from innovation.accounts.models import Person
from innovation.db import db
from innovation.notifications.models import Notice
from innovation.pilots import commands
from innovation.pilots.plan_models import Pilot
from innovation.worker import deliver_owed
from tests import make
from tests.pilots.held import pilot as held
from tests.pilots.visited import TODAY, adapted, details


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def pilot(app: Flask) -> Pilot:
    """A pilot whose owner and coordinator can sign in, and so be told."""
    made = held(make.idea(make.person("Owner"), place="piloting", title="Reading clubs"))
    for person in (made.idea.owner, make.staff("coordinator", "Coordinator")):
        make.account(person)
    db.session.commit()
    return made


def told() -> list[tuple[str, str]]:
    """The subjects of what people were told, by their names."""
    deliver_owed()
    query = sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id)
    return sorted((name, subject) for name, subject in db.session.execute(query))


def visited_by_helper(pilot: Pilot, *, harm: bool) -> None:
    helper = make.contributor(pilot.idea)
    commands.record_visit(make.actor(helper), pilot, **details(pilot), harm=harm)
    db.session.commit()


def test_the_owner_is_told_of_a_visit_that_somebody_else_made(pilot: Pilot) -> None:
    visited_by_helper(pilot, harm=False)

    assert told() == [("Owner", "A visit in the pilot of “Reading clubs”: Demo Primary School")]


def test_harm_is_told_to_the_coordinator_as_well(pilot: Pilot) -> None:
    visited_by_helper(pilot, harm=True)

    subject = "Harm at a visit, in the pilot of “Reading clubs”"
    assert told() == [("Coordinator", subject), ("Owner", subject)]


def test_the_coordinator_is_told_of_an_adaptation_that_touches_the_core_and_of_no_other(pilot: Pilot) -> None:
    adapted(pilot)
    adapted(pilot, is_core=True)
    db.session.commit()

    assert told() == [("Coordinator", "A core part is changed in the pilot of “Reading clubs”")]


def test_the_coordinator_is_told_how_an_adaptation_ends(pilot: Pilot) -> None:
    adaptation = adapted(pilot)
    commands.drop_adaptation(make.actor(pilot.idea.owner), adaptation, because="The hall is let.")
    db.session.commit()

    assert told() == [("Coordinator", "An adaptation is settled in the pilot of “Reading clubs”")]
