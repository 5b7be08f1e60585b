"""An idea from its pilot gate into the system: a pilot at eight schools, three rollouts, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine

from innovation import chain
from innovation.db import db
from innovation.pilots.reading_models import StopWarning
from innovation.places.models import SchoolTerm
from tests import make
from tests.stories import people, piloting
from tests.stories.conftest import Cast, work
from tests.stories.visitor import Visitor

BEGIN = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
OWNER = "owner@gatehouse.example"
PILOT = (dt.date(2027, 1, 13), dt.date(2027, 6, 25))
SCHOOLS = [f"93040000{number}" for number in range(1, 9)]
ADOPTING = [f"93050000{number}" for number in range(1, 4)]
TERMS = {
    "2027-1": (dt.date(2027, 1, 13), dt.date(2027, 3, 19)),
    "2027-2": (dt.date(2027, 4, 6), dt.date(2027, 6, 25)),
    "2027-3": (dt.date(2027, 7, 20), dt.date(2027, 9, 23)),
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    """The clock of the story, which moves when the story says so."""
    with time_machine.travel(BEGIN, tick=True) as moving:
        yield moving


@pytest.fixture
def schools(cast: Cast) -> None:
    with cast.site.app_context():
        for emis in (*SCHOOLS, *ADOPTING):
            make.school(emis, name=f"School {emis[-1]} of {emis[:5]}", search_text=f"school {emis}", quintile=2)
        for key, (first, last) in TERMS.items():
            make.add(SchoolTerm(key=key, starts_on=first, ends_on=last))
        db.session.commit()


@dataclass
class Calendar:
    """Moves the story on: everybody comes back on the day, and the worker has done its rounds."""

    clock: time_machine.Coordinates
    cast: Cast
    owner: Visitor

    def turn(self, day: dt.date) -> None:
        self.clock.move_to(dt.datetime.combine(day, dt.time(7), dt.UTC))
        for each in (self.owner, self.cast.coordinator, *self.cast.panel):
            each.come_back()
        work(self.cast.site)


@pytest.mark.slow
@pytest.mark.usefixtures("schools")
def test_an_idea_goes_from_its_pilot_gate_into_the_system(cast: Cast, clock: time_machine.Coordinates) -> None:
    reference, owner = cast.capture("Reading clubs led by matric leavers", OWNER)
    days = Calendar(clock, cast, owner)
    coordinator = cast.coordinator
    reach_the_pilot_gate(cast, owner, reference)
    cast.decide(reference, "go", 9)

    piloting.plan_pilot(owner, reference, SCHOOLS, *PILOT)
    piloting.begin(owner, reference)
    days.turn(dt.date(2027, 1, 20))
    piloting.type_readings(owner, reference, "baseline", [20 + number for number in range(8)])
    days.turn(dt.date(2027, 3, 15))
    piloting.type_readings(owner, reference, "2027-1", [8 + number / 10 for number in range(8)])
    asked = coordinator.open(f"/ideas/{reference}/pilot/readings/overview").text
    work(cast.site)
    answered = piloting.answer_warnings(coordinator, reference, "change", "Two teachers share the plan from now on.")
    days.turn(dt.date(2027, 6, 20))
    piloting.type_readings(owner, reference, "2027-2", [41 + number for number in range(8)])
    results = owner.open(f"/ideas/{reference}/pilot/results?term=2027-2").text
    made = piloting.hand_in_for(owner, coordinator, reference, "replication")
    people.present(owner, reference)
    seen = [cast.state(reference)]
    pack = cast.chair.open(f"/ideas/{reference}/deliverables/results").text if made else ""
    cast.decide(reference, "go", 9)
    seen.append(cast.state(reference))

    today = dt.date(2027, 7, 21)
    days.turn(today)
    piloting.publish_playbook(owner, reference)
    stranger = Visitor(cast.site)
    piloting.ask_to_take_up(stranger, reference, "Hill Primary", "adopter@gatehouse.example")
    piloting.enter_rollout(owner, reference, "Circuit of the river")
    piloting.enter_rollout(owner, reference, "Book trust")
    for number, school in enumerate(ADOPTING, start=1):
        piloting.agree_and_begin(owner, reference, number, school, today)
    days.turn(dt.date(2027, 9, 20))
    piloting.adapt_rollout(owner, reference, 2, dt.date(2027, 9, 20))
    for number in (1, 2, 3):
        piloting.check_rollout(owner, reference, number, dt.date(2027, 9, 20), "45")
    spread = owner.open(f"/ideas/{reference}/rollouts").text
    piloting.hand_in_for(owner, coordinator, reference, "institutionalisation")
    people.present(owner, reference)
    cast.decide(reference, "go", 4)
    seen.append(cast.state(reference))

    assert "A stop threshold is crossed" in asked
    assert answered > 0
    assert made == ["results", "fidelity"]
    assert seen == [("at_replication", "active"), ("replicating", "active"), ("institutionalised", "active")]
    with cast.site.app_context():
        assert db.session.query(StopWarning).filter(StopWarning.answered_at.is_(None)).count() == 0
        chain.seal_all()
        assert chain.verify().faults == []
    print(results, pack, spread)


def reach_the_pilot_gate(cast: Cast, owner: Visitor, reference: str) -> None:
    people.complete_canvas(owner, reference)
    people.hand_in_all(owner, cast.coordinator, reference, "screening")
    people.present(owner, reference)
    cast.decide(reference, "go", 9)
    people.hand_in_all(owner, cast.coordinator, reference, "pilot")
    people.ask_funders(owner, reference)
    people.present(owner, reference)
