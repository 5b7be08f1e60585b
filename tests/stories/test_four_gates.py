"""Ideas on their whole way over HTTP: through four gates with detours, stopped with a lesson, joined to another."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import chain
from innovation.db import db
from innovation.gates.models import Decision, Panel, PanelMember
from innovation.ideas.models import Idea
from tests import make
from tests.stories import people
from tests.stories.conftest import Post, member, visitor, with_password, work
from tests.stories.filling import in_days
from tests.stories.people import EDUCATION
from tests.stories.visitor import Visitor

ROLES = ("chair", "cochair", "government", "practitioner", "member", "member")


@dataclass
class Cast:
    """Everybody who takes part, each at a browser of their own."""

    site: Flask
    post: Post
    facilitator: Visitor
    coordinator: Visitor
    clinic: str
    panel: list[Visitor] = field(default_factory=list)

    @property
    def chair(self) -> Visitor:
        return self.panel[0]

    def capture(self, title: str, email: str) -> tuple[str, Visitor]:
        """An idea from the room to its owner's own sign-in, by the link in the mail."""
        reference = people.capture(self.facilitator, self.clinic, title, "Demo owner", email)
        work(self.site)
        return reference, people.claim(self.site, self.post.link(email, "/claim/"))

    def decide(self, reference: str, outcome: str, mark: int, **told: str) -> None:
        """A panel sits: everybody declares, everybody scores, the chair decides, the worker delivers."""
        review = people.convene(self.coordinator, reference, self.panel)
        for person in self.panel:
            people.score(person, review, mark)
        people.decide(self.chair, review, outcome, **told)
        if second := self.second_signer(review):
            second.open(f"{review}/signature")
            second.fill("/signature")
        work(self.site)

    def second_signer(self, review: str) -> Visitor | None:
        second = self.panel[1]
        return second if f"{review}/signature" in set(second.open(review).inside()) else None

    def state(self, reference: str) -> tuple[str, str]:
        with self.site.app_context():
            found = db.session.execute(sa.select(Idea.place, Idea.standing).where(Idea.reference == reference)).one()
            return found.place, found.standing


@pytest.fixture
def cast(site: Flask, post: Post) -> Cast:
    with site.app_context():
        programme, region = make.programme(), make.region()
        clinic = make.clinic()
        make.school()
        facilitator = member("facilitator", "Facilitator", clinic_id=clinic.id)
        coordinator = member("coordinator", "Coordinator")
        sitting = [make.person(f"Panel {role} {n}") for n, role in enumerate(ROLES)]
        addresses = [with_password(person) for person in sitting]
        for gate in ("screening", "pilot", "replication", "institutionalisation"):
            panel = make.add(
                Panel(programme_id=programme.id, region_id=region.id, gate_key=gate, name=f"{gate.title()} panel")
            )
            for person, role in zip(sitting, ROLES, strict=True):
                make.add(PanelMember(panel_id=panel.id, person_id=person.id, role=role))
        code = clinic.code
        db.session.commit()
    cast = Cast(site, post, visitor(site, facilitator), visitor(site, coordinator), code)
    cast.panel = [visitor(site, address) for address in addresses]
    return cast


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
    owner.open(f"/ideas/{reference}/pilot")
    starts, ends = in_days(1), in_days(200)
    owner.fill("/pilot", **{"sites-0": "930320001", "starts_on": starts, "ends_on": ends, "means": "A grant."})
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
