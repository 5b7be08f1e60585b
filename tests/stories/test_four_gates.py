"""Ideas on their whole way over HTTP: through four gates with detours, stopped with a lesson, joined to another."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from innovation import chain
from innovation.db import db
from innovation.gates.models import Decision
from tests.stories import people
from tests.stories.conftest import Cast
from tests.stories.people import EDUCATION


@pytest.mark.slow
def test_an_idea_passes_all_four_gates_with_a_recycle_a_hold_and_a_condition(cast: Cast) -> None:
    reference, owner = cast.capture("Reading clubs led by matric leavers", "owner@gatehouse.example")
    seen = [cast.state(reference)]

    people.complete_canvas(owner, reference)
    people.hand_in_all(owner, cast.coordinator, reference, "screening")
    people.present(owner, reference)
    cast.decide(reference, "recycle", 4)
    seen.append(cast.state(reference))

    people.rework(owner, reference, "A second look at who reads with whom.")
    people.present(owner, reference)
    cast.decide(reference, "go", 9)
    seen.append(cast.state(reference))

    people.hand_in_all(owner, cast.coordinator, reference, "pilot")
    people.ask_funders(owner, reference)
    people.present(owner, reference)
    cast.decide(reference, "hold", 9, against_reason="The district waits for its budget.")
    seen.append(cast.state(reference))
    cast.coordinator.open(f"/ideas/{reference}")
    cast.coordinator.fill("/resumption")
    cast.decide(reference, "conditional", 9, against_reason="One letter is still missing.")
    seen.append(cast.state(reference))

    owner.open(f"/ideas/{reference}/conditions")
    owner.follow("/evidence")
    owner.fill("/evidence", text="The letter came on Monday.")
    cast.coordinator.open(f"/ideas/{reference}/conditions")
    cast.coordinator.follow("/settlement")
    cast.coordinator.fill("/settlement", answer="met")
    people.start_pilot(owner, reference)
    people.hand_in_all(owner, cast.coordinator, reference, "replication")
    people.present(owner, reference)
    cast.decide(reference, "go", 9)
    seen.append(cast.state(reference))

    people.hand_in_all(owner, cast.coordinator, reference, "institutionalisation")
    people.present(owner, reference)
    cast.decide(reference, "go", 4)
    seen.append(cast.state(reference))

    assert seen == [
        ("captured", "active"),
        ("captured", "active"),
        ("concept", "active"),
        ("at_pilot", "held"),
        ("ready", "active"),
        ("replicating", "active"),
        ("institutionalised", "active"),
    ]
    with cast.site.app_context():
        outcomes = list(db.session.scalars(sa.select(Decision.outcome).order_by(Decision.id)))
        chain.seal_all()
        report = chain.verify()
    assert outcomes == ["recycle", "go", "hold", "conditional", "go", "go"]
    assert report.faults == []
    told = [subject.partition(":")[0] for subject in cast.post.subjects("owner@gatehouse.example")]
    labels = [EDUCATION.outcome(outcome).label for outcome in outcomes]
    assert [subject for subject in told if subject in labels] == labels


@pytest.mark.slow
def test_one_idea_is_stopped_with_its_lesson_and_another_joins_a_third(cast: Cast) -> None:
    kept, keeper = cast.capture("Reading clubs", "keeper@gatehouse.example")
    stopped, stopper = cast.capture("Robots that read", "stopper@gatehouse.example")
    joining, joiner = cast.capture("Reading clubs on Saturdays", "joiner@gatehouse.example")
    for reference, owner in ((kept, keeper), (stopped, stopper), (joining, joiner)):
        people.complete_canvas(owner, reference)
        people.hand_in_all(owner, cast.coordinator, reference, "screening")
        people.present(owner, reference)

    cast.decide(kept, "go", 9)
    cast.decide(stopped, "stop", 9, against_reason="The library does this already.")
    cast.decide(joining, "merge", 9, merge_into=kept, against_reason="It is the same idea on another day.")

    assert [cast.state(reference) for reference in (kept, stopped, joining)] == [
        ("concept", "active"),
        ("at_screening", "stopped"),
        ("at_screening", "merged"),
    ]
    assert "Ask the library first." in stopper.open(f"/ideas/{stopped}").text or "Ask the library first." in (
        stopper.follow("/outcome").text
    )
    assert joiner.open(f"/ideas/{kept}").h1[0].strip() == "Reading clubs"
