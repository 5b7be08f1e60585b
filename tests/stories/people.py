"""What each kind of person does in a story, page by page and form by form."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.architecture.walk import Sent
from tests.stories.filling import SAID, answers, in_days
from tests.stories.visitor import Visitor
from workflows import Definition, library_definition

EDUCATION = library_definition("education")


def capture(facilitator: Visitor, clinic: str, title: str, owner: str, email: str) -> str:
    """Write down an idea at a clinic; its reference."""
    facilitator.open(f"/ideas/new?clinic={clinic}")
    page = facilitator.fill(
        "/ideas/new",
        title=title,
        problem="Children do not read for meaning.",
        summary=SAID,
        owner_name=owner,
        owner_email=email,
        consents=["contact", "share_with_funders"],
    )
    return next(word for word in page.text.split() if word.startswith("LP"))


def claim(site: Flask, link: str, email: str) -> Visitor:
    """Follow the mailed link and make the idea one's own."""
    owner = Visitor(site)
    owner.keys = email, "reading is for everybody"
    owner.open(link)
    owner.fill(link, password=owner.keys[1])
    return owner


def complete_canvas(owner: Visitor, reference: str) -> None:
    owner.open(f"/ideas/{reference}/canvas")
    form = owner.form("/canvas")
    owner.send(form, **answers(form))


def rework(owner: Visitor, reference: str, text: str) -> None:
    owner.open(f"/ideas/{reference}/canvas")
    owner.fill("/canvas", summary=text)


def hand_in_all(
    owner: Visitor, coordinator: Visitor, reference: str, gate: str, definition: Definition = EDUCATION
) -> None:
    """Everything that a gate requires is handed in and accepted."""
    for asked in definition.gate(gate).asks:
        if asked.required and asked.deliverable.kind != "generated":
            hand_in(owner, reference, asked.deliverable.key)
            accept(coordinator, reference, asked.deliverable.key)


def hand_in(owner: Visitor, reference: str, key: str) -> None:
    owner.open(f"/ideas/{reference}/deliverables/{key}")
    form = owner.form(f"/deliverables/{key}")
    owner.send(form, **answers(form))


def accept(coordinator: Visitor, reference: str, key: str) -> None:
    coordinator.open(f"/ideas/{reference}/deliverables/{key}")
    acceptance = next(form.action for form in coordinator.page.forms if form.action.endswith("/acceptance"))
    coordinator.fill(acceptance)


def ask_funders(owner: Visitor, reference: str, amount: str = "480 000", **more: str) -> None:
    owner.open(f"/ideas/{reference}/ask")
    form = owner.form("/ask")
    owner.send(form, **{**answers(form), "amount": amount, "months": "12", "evidence_level": "E2", **more})


def present(owner: Visitor, reference: str) -> None:
    owner.open(f"/ideas/{reference}/gate")
    owner.fill("/gate")


def start_pilot(owner: Visitor, reference: str) -> None:
    """Fill in the plan that grew from what was approved, and start the pilot."""
    plan = f"/ideas/{reference}/pilot"
    owner.open(f"{plan}/plan/outline")
    owner.fill("/outline", hypothesis=SAID, means="A grant.", starts_on=in_days(1), ends_on=in_days(200))
    owner.open(f"{plan}/plan/measures")
    set_thresholds(owner, target="40", stop_at="10")
    owner.open(f"{plan}/sites")
    owner.fill("/sites", place="930320001", learners="300")
    owner.open(f"{plan}/plan/permissions")
    have_permissions(owner)
    owner.open(plan)
    owner.fill("/start")


def set_thresholds(owner: Visitor, **numbers: str) -> None:
    """Give each measure on the open page a name of its own, and these numbers."""
    rows = owner.form("/measures")
    named = {row: {"name": f"Measure {at}", **numbers} for at, row in enumerate(_named(rows), 1)}
    owner.send(rows, **{f"{row}-{what}": value for row, said in named.items() for what, value in said.items()})


def have_permissions(owner: Visitor) -> None:
    """Say on the open page that every permission is in hand."""
    rows = owner.form("/permissions")
    said = {"status": "granted", "stands_since": in_days(-1), "seen_by": "The coordinator"}
    owner.send(rows, **{f"{row}-{what}": value for row in _named(rows) for what, value in said.items()})


def _named(rows: Sent) -> list[str]:
    """The rows of a form that say what they are about."""
    return [name.rpartition("-")[0] for name, given in rows.values.items() if name.endswith("-name") and any(given)]


def convene(coordinator: Visitor, reference: str, members: list[Visitor]) -> str:
    """Seat the panel that is suggested; everybody declares that there is no interest. The review's address."""
    coordinator.open(f"/ideas/{reference}/gate/panel")
    coordinator.fill("/gate/panel")
    review = coordinator.address
    for member in members:
        member.open(f"{review}/declaration")
        member.fill("/declaration", level="none")
    return review


def score(member: Visitor, review: str, mark: int, *, status: int = 200) -> None:
    """Yes to every must-meet, and the same mark for everything else."""
    member.open(review)
    form = member.form("/scorecard")
    card: dict[str, Any] = {}
    for name in form.choices:
        if name.endswith("_answer"):
            card[name] = "yes"
        if name.endswith("_mark"):
            card[name] = str(mark)
    member.send(form, status=status, **card)


def decide(chair: Visitor, review: str, outcome: str, *, status: int = 200, **told: Any) -> None:
    """Record what the panel decides, with all that the outcome requires."""
    usual = {
        "go": {"plan": "Run it in eight schools.", "next_date": in_days(90), "resources": "Two coaches and R480 000."},
        "conditional": {
            "conditions-0-text": "Get the letter of the district.",
            "conditions-0-due_on": in_days(60),
        },
        "recycle": {"target": "captured", "rework": "Say who reads.", "resubmit_by": in_days(40)},
        "hold": {"hold_reason": "The district waits for its budget.", "review_date": in_days(30)},
        "stop": {"stop_reason": _stop_reason(), "lesson": "Ask the library first.", "thanks": "Thank you all."},
        "merge": {},
        "refer": {"refer_to": "The provincial library service"},
    }[outcome]
    chair.open(f"{review}/decision")
    fields = {"outcome": outcome, "rationale": "The team is strong.", **usual, **told}
    chair.send(chair.form("/decision"), status=status, **fields)


def _stop_reason() -> str:
    return EDUCATION.stop_reasons[0].key


def place(visitor: Visitor, reference: str) -> str:
    """What the idea's own page says of where it is."""
    return visitor.open(f"/ideas/{reference}").text
