"""What people do when a pilot is changed or does harm, and on the way into the system: page by page, form by form."""

from __future__ import annotations

import datetime as dt

from tests.stories.people import EDUCATION
from tests.stories.visitor import Visitor

GATE = EDUCATION.gate("institutionalisation")


def adapt(owner: Visitor, reference: str, today: dt.date) -> None:
    """Plan, do, study, act: one change of the pilot, from its plan to what becomes of it."""
    page = f"/ideas/{reference}/pilot/adaptations"
    day = today.isoformat()
    owner.open(page)
    touches = next(value for value in owner.form("/adaptations").choices["new-touches"] if value)
    plan = {"new-change": "Two teachers share the plan.", "new-goal": "No session is missed.", "new-touches": touches}
    owner.fill("/adaptations", **plan, **{"new-kind": "adaptable", "new-planned_on": day})
    owner.fill("/steps/try", **{"try1-done": "In five of eight schools.", "try1-begun_on": day})
    owner.fill("/steps/study", **{"study1-found": "Nine of ten sessions were held.", "study1-studied_on": day})
    owner.fill("/steps/settle", **{"settle1-act": "keep", "settle1-settled_on": day})


def report_harm(owner: Visitor, reference: str, today: dt.date) -> str:
    """Write down that somebody came to harm; the address of the incident."""
    owner.open(f"/ideas/{reference}/pilot/incidents/new")
    said = {"kind": "safety", "severity": "harm", "happened_on": today.isoformat(), "told_site": today.isoformat()}
    owner.fill("/incidents/new", what="A learner fell from a chair.", done="The school called the parents.", **said)
    return owner.address


def settle_and_go_on(coordinator: Visitor, reference: str, incident: str, today: dt.date) -> None:
    """Somebody who is not of the team says what changes, and lets the pilot go on."""
    coordinator.open(incident)
    said = {"s-found": "The chairs were stacked.", "s-changes": "Chairs stay on the floor."}
    coordinator.fill("/settlement", **said, **{"s-settled_on": today.isoformat()})
    coordinator.open(f"/ideas/{reference}/pilot/incidents")
    coordinator.fill("/pilot/resumption")


def track(owner: Visitor, coordinator: Visitor, reference: str) -> int:
    """Every criterion is marked by the team with what shows it, and confirmed by somebody who is not of it."""
    for criterion in GATE.should:
        page = f"/ideas/{reference}/tracker/{criterion.key}"
        owner.open(page)
        owner.fill(f"/tracker/{criterion.key}", mark="4", evidence="The circular says so.")
        coordinator.open(page)
        coordinator.fill("/verdict", button=("judge-verdict", "confirm"))
    return len(GATE.should)


def find_home(owner: Visitor, reference: str, day: dt.date) -> None:
    """The post that takes it over, what that rests on, who pays, the plan of the hand-over, and its agreement."""
    owner.open(f"/ideas/{reference}/system")
    owner.fill("/system/post", **{"post-unit": "Curriculum support", "post-post": "Chief education specialist"})
    roles = {"sides-from_role": "Project lead", "sides-to_role": "Chief education specialist"}
    owner.fill("/system/sides", **roles, **{"sides-agreed_for": day.isoformat()})
    kind = next(value for value in owner.form("/system/reference").choices["reference-kind"] if value)
    issued = {"reference-kind": kind, "reference-number": "12 of 2027", "reference-issued_on": "2027-08-02"}
    owner.fill("/system/reference", **issued, **{"reference-title": "Reading for meaning"})
    money = {"budget_line-vote": "Vote 6", "budget_line-year": "2028/29", "budget_line-amount_cents": "480 000"}
    owner.fill("/system/budget_line", **money, **{"budget_line-funded_by": "The province"})
    step = {"step-what": "Train the subject advisers", "step-who": "Project lead", "step-due_on": day.isoformat()}
    owner.fill("/system/step", **step)
    done = next(form for form in owner.page.forms if "/system/steps/" in form.action)
    owner.send(done)
    owner.fill("/system/agreement")


def hand_over(coordinator: Visitor, reference: str, day: dt.date) -> None:
    coordinator.open(f"/ideas/{reference}/system")
    coordinator.fill("/system/handover", **{"handover-happened_on": day.isoformat(), "handover-note": "In the hall."})


def review_after_a_year(owner: Visitor, coordinator: Visitor, reference: str, outcome: str, running: str) -> None:
    """The team hands in the figures of the review; somebody who is not of it says how the idea stands."""
    page = f"/ideas/{reference}/post-reviews/1"
    owner.open(page)
    figures = {"sites": "40", "learners": "5200", "teachers": "90", "fidelity": "80", "fidelity_sites": "12"}
    owner.fill(page, running=running, lessons="Advisers must visit in the first term.", **figures)
    coordinator.open(page)
    said = {"outcome-outcome": outcome, "outcome-reasons": "Seen in twelve schools."}
    coordinator.fill("/outcome", **said)
