"""An idea that others run is handed over to the system, and looked at a year later by those who run it now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from innovation import chain
from innovation.db import db
from innovation.ideas.models import Idea
from innovation.system_reminders import remind_post_reviews
from tests import make
from tests.replication import taken_up
from tests.stories import people
from tests.stories.conftest import Cast, visitor, with_password, work
from tests.stories.people import EDUCATION
from tests.stories.visitor import Visitor

BEGIN = dt.datetime(2027, 9, 20, 7, tzinfo=dt.UTC)
GATE = EDUCATION.gate("institutionalisation")
SHOWN = "Circular 31 of the district names it."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(BEGIN, tick=True) as moving:
        yield moving


@pytest.fixture
def story(cast: Cast) -> tuple[str, Visitor, Visitor]:
    """An idea with a rollout at one place; its owner, and the adopter's contact, at browsers of their own."""
    with cast.site.app_context():
        owner, adviser = make.person("Owner of it"), make.person("Adviser of the district")
        idea = make.idea(owner, place="replicating", title="Reading clubs")
        taken_up.rollout(taken_up.playbook(idea), contact_id=adviser.id, organisation="District next door")
        addresses = with_password(owner), with_password(adviser)
        db.session.commit()
        return idea.reference, *(visitor(cast.site, address) for address in addresses)


@pytest.mark.slow
def test_it_is_handed_over_and_found_sustained_a_year_later(
    cast: Cast, story: tuple[str, Visitor, Visitor], clock: time_machine.Coordinates
) -> None:
    reference, owner, adviser = story
    people.complete_canvas(owner, reference)
    mark_all(cast, owner, reference, "3")
    write_home(owner, reference)
    hand_in_all(cast, owner, reference)
    people.present(owner, reference)
    cast.decide(reference, "go", 4)
    decided = cast.state(reference)

    cast.coordinator.open(f"/ideas/{reference}/system")
    cast.coordinator.fill(
        "/system/handover", **{"handover-happened_on": "2027-09-20", "handover-note": "At the school."}
    )
    clock.move_to(dt.datetime(2028, 8, 23, 7, tzinfo=dt.UTC))
    with cast.site.app_context():
        remind_post_reviews()
    work(cast.site)
    for each in (owner, adviser, cast.coordinator):
        each.come_back()
    asked = adviser.open("/work").text
    adviser.follow("/post-reviews/1")
    adviser.fill("/post-reviews/1", running="yes", sites="14", spent_cents="384 000")
    work(cast.site)
    cast.coordinator.open(f"/ideas/{reference}/post-reviews/1")
    cast.coordinator.fill(
        "/outcome",
        button=("outcome-answer", "decide"),
        **{"outcome-outcome": "sustained", "outcome-reasons": "The district pays, and fourteen schools run it."},
    )
    work(cast.site)

    assert decided == ("institutionalised", "active")
    assert "Say how it goes since the hand-over" in asked
    assert any("is due on" in subject for subject in cast.post.subjects(adviser.keys[0]))
    page = owner.open(f"/ideas/{reference}/post-reviews").text
    assert "Sustained" in page
    assert "Review 2" in page
    assert any("stands after its review" in subject for subject in cast.post.subjects(owner.keys[0]))
    with cast.site.app_context():
        idea = make.first(Idea, reference=reference)
        assert idea.evidence_level == "E5"
        chain.seal_all()
        assert chain.verify().faults == []


def mark_all(cast: Cast, owner: Visitor, reference: str, mark: str) -> None:
    """The team marks every criterion, and the coordinator confirms each mark."""
    for criterion in GATE.should:
        address = f"/ideas/{reference}/tracker/{criterion.key}"
        owner.open(address)
        owner.fill(f"/tracker/{criterion.key}", mark=mark, evidence=SHOWN)
        cast.coordinator.open(address)
        cast.coordinator.fill("/verdict", button=("judge-verdict", "confirm"))


def write_home(owner: Visitor, reference: str) -> None:
    """Who owns it, what it rests on, from what it is paid, the plan, and that both sides agree."""
    address = f"/ideas/{reference}/system"
    written = {
        "post": {"unit": "Curriculum", "post": "Chief specialist"},
        "reference": {"kind": "circular", "number": "31", "title": "Reading clubs", "issued_on": "2027-08-02"},
        "budget_line": {"vote": "Vote 6", "year": "2028/29", "amount_cents": "384 000", "funded_by": "The district"},
        "step": {"what": "Train the advisers", "who": "The team", "due_on": "2027-09-20"},
        "sides": {"from_role": "Owner", "to_role": "Chief specialist", "agreed_for": "2027-09-20"},
    }
    for part, typed in written.items():
        owner.open(address)
        more = {"contact": next(iter(owner.form("/post").choices["post-contact"][1:]))} if part == "post" else {}
        owner.fill(f"/system/{part}", **{f"{part}-{name}": value for name, value in (typed | more).items()})
    step = next(form.action for form in owner.page.forms if "/system/steps/" in form.action)
    owner.fill(step, **{f"s{step.rsplit('/', 1)[1]}-done_on": "2027-09-20"})
    owner.fill("/system/agreement")


def hand_in_all(cast: Cast, owner: Visitor, reference: str) -> None:
    """What the gate asks for; the plan of the hand-over is made from what stands there."""
    for asked in GATE.asks:
        if not asked.required or asked.deliverable.kind == "generated":
            continue
        if asked.deliverable.key == "handover_plan":
            owner.open(f"/ideas/{reference}/tracker/pack/handover_plan")
            owner.fill("/handover_plan", text="The district takes over.")
        else:
            people.hand_in(owner, reference, asked.deliverable.key)
        people.accept(cast.coordinator, reference, asked.deliverable.key)
