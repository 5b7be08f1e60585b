"""An idea from its pilot gate into the system: a pilot at eight schools, three rollouts, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
import time_machine

from innovation import chain
from innovation.db import db
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Pilot
from innovation.places.models import SchoolTerm
from innovation.replication.system_models import PostReview
from tests import make
from tests.stories import people, piloting, settling
from tests.stories.conftest import Cast, work
from tests.stories.visitor import Visitor

BEGIN = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
OWNER = "owner@gatehouse.example"
PILOT = (dt.date(2027, 1, 13), dt.date(2027, 6, 25))
SCHOOLS = [f"93040000{number}" for number in range(1, 9)]
ADOPTING = [f"93050000{number}" for number in range(1, 4)]
IN_THE_PACK = ("Results against the thresholds", "Chairs stay on the floor.")
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
    days.turn(dt.date(2027, 2, 10))
    incident = settling.report_harm(owner, reference, dt.date(2027, 2, 10))
    paused = pilot_of(cast, reference)
    work(cast.site)
    settling.settle_and_go_on(coordinator, reference, incident, dt.date(2027, 2, 10))
    days.turn(dt.date(2027, 3, 15))
    piloting.type_readings(owner, reference, "2027-1", [8 + number / 10 for number in range(8)])
    work(cast.site)
    asking = pilot_of(cast, reference)
    asked = coordinator.open(f"/ideas/{reference}/pilot/readings/overview").text
    answered = piloting.answer_warnings(coordinator, reference, "change", "Two teachers share the plan from now on.")
    settling.adapt(owner, reference, dt.date(2027, 3, 15))
    days.turn(dt.date(2027, 6, 20))
    piloting.type_readings(owner, reference, "2027-2", [41 + number for number in range(8)])
    made = piloting.hand_in_for(owner, coordinator, reference, "replication")
    people.present(owner, reference)
    pack = cast.coordinator.open(f"/ideas/{reference}/deliverables/results").text
    kept_to = cast.coordinator.open(f"/ideas/{reference}/deliverables/fidelity").text
    cast.decide(reference, "go", 9)
    seen = [cast.state(reference)]

    today = dt.date(2027, 7, 21)
    days.turn(today)
    piloting.publish_playbook(owner, reference)
    stranger = Visitor(cast.site)
    piloting.ask_to_take_up(stranger, reference, "Hill Primary", "adopter@gatehouse.example")
    piloting.enter_rollout(owner, reference, "Circuit of the river")
    piloting.enter_rollout(owner, reference, "Book trust")
    for number, school in enumerate(ADOPTING, start=1):
        piloting.agree_and_begin(owner, reference, number, school, today)
    today = dt.date(2027, 9, 20)
    days.turn(today)
    piloting.adapt_rollout(owner, reference, 2, today)
    for number in (1, 2, 3):
        piloting.check_rollout(owner, reference, number, today, "45")
    spread = owner.open(f"/ideas/{reference}/rollouts").text
    tracked = settling.track(owner, coordinator, reference)
    settling.find_home(owner, reference, dt.date(2027, 10, 1))
    piloting.hand_in_for(owner, coordinator, reference, "institutionalisation")
    people.present(owner, reference)
    cast.decide(reference, "go", 4)
    seen.append(cast.state(reference))

    days.turn(dt.date(2027, 10, 1))
    settling.hand_over(coordinator, reference, dt.date(2027, 10, 1))
    days.turn(dt.date(2028, 9, 25))
    settling.review_after_a_year(owner, coordinator, reference, "sustained", "yes")
    work(cast.site)

    assert (paused, asking, answered > 0, "A stop threshold is crossed" in asked) == ("paused", "asking", True, True)
    assert made == ["results", "fidelity"]
    assert [words for words in IN_THE_PACK if words not in pack] == []
    assert "Two teachers share the plan." in kept_to
    assert [name for name in ("Hill Primary", "Circuit of the river", "Book trust") if name not in spread] == []
    assert tracked == 9
    assert seen == [("replicating", "active"), ("institutionalised", "active")]
    assert after(cast, reference) == [("sustained", True), ("", True)]
    with cast.site.app_context():
        chain.seal_all()
        assert chain.verify().faults == []


def pilot_of(cast: Cast, reference: str) -> str:
    """How its pilot stands."""
    with cast.site.app_context():
        return str(db.session.scalar(sa.select(Pilot.state).join(Pilot.idea).where(Idea.reference == reference)))


def after(cast: Cast, reference: str) -> list[tuple[str, bool]]:
    """The outcome of each review after the hand-over, and whether the clock knows the day of it."""
    with cast.site.app_context():
        found = sa.select(PostReview).join(PostReview.idea).where(Idea.reference == reference).order_by(PostReview.id)
        return [(each.outcome or "", each.due_on is not None) for each in db.session.scalars(found)]


def reach_the_pilot_gate(cast: Cast, owner: Visitor, reference: str) -> None:
    people.complete_canvas(owner, reference)
    people.hand_in_all(owner, cast.coordinator, reference, "screening")
    people.present(owner, reference)
    cast.decide(reference, "go", 9)
    people.hand_in_all(owner, cast.coordinator, reference, "pilot")
    people.ask_funders(owner, reference)
    people.present(owner, reference)
