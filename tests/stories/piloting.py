"""What people do with a pilot and after it, page by page: plan, sites, readings, warnings, pack, playbook, rollouts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tests.stories import people
from tests.stories.filling import SAID
from tests.stories.people import EDUCATION
from tests.stories.visitor import Visitor

Numbers = dict[str, float]


def plan_pilot(owner: Visitor, reference: str, schools: list[str], first: dt.date, last: dt.date) -> None:
    """Fill in the plan that grew from what was approved, part by part, with the schools where it is held."""
    plan = f"/ideas/{reference}/pilot"
    owner.open(f"{plan}/plan/outline")
    days = {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
    owner.fill("/outline", hypothesis=SAID, means="A grant and two coaches.", **days)
    owner.open(f"{plan}/plan/measures")
    people.set_thresholds(owner, baseline="20", target="40", stop_at="10")
    for school in schools:
        owner.open(f"{plan}/sites")
        owner.fill("/sites", place=school, learners="300", teachers="6")
    owner.open(f"{plan}/plan/permissions")
    people.have_permissions(owner)


def begin(owner: Visitor, reference: str) -> None:
    owner.open(f"/ideas/{reference}/pilot")
    owner.fill("/start")


def type_readings(owner: Visitor, reference: str, term: str, values: list[float]) -> None:
    """One value for each school, the same for everything that is measured there, of forty learners each."""
    owner.open(f"/ideas/{reference}/pilot/readings?term={term}")
    form = next(form for form in owner.page.forms if any(name.startswith("value-") for name in form.names))
    boxes = sorted(name.partition("-")[2] for name in form.names if name.startswith("value-"))
    sites = sorted({box.partition("-")[2] for box in boxes}, key=int)
    typed = {f"value-{box}": str(values[sites.index(box.partition("-")[2])]) for box in boxes}
    owner.send(form, **typed, **{f"learners-{box}": "40" for box in boxes})


def answer_warnings(coordinator: Visitor, reference: str, answer: str, reason: str) -> int:
    """Answer each open stop warning; how many there were."""
    page = f"/ideas/{reference}/pilot/readings/overview"
    coordinator.open(page)
    answered = 0
    while found := [form for form in coordinator.page.forms if form.action.endswith("/answer")]:
        number = found[0].action.split("/")[-2]
        coordinator.send(found[0], **{f"w{number}-answer": answer, f"w{number}-reason": reason})
        answered += 1
    return answered


def hand_in_for(owner: Visitor, coordinator: Visitor, reference: str, gate: str) -> list[str]:
    """Everything that a gate requires is handed in and accepted; what of it was made from the pilot."""
    made = []
    for asked in EDUCATION.gate(gate).asks:
        key = asked.deliverable.key
        if not asked.required or asked.deliverable.kind == "generated":
            continue
        owner.open(f"/ideas/{reference}/deliverables/{key}")
        if owner.has_form(f"/deliverables/{key}"):
            people.hand_in(owner, reference, key)
        else:
            owner.follow(f"/pack/{key}")
            owner.fill(f"/pack/{key}", text="It worked where two teachers shared the plan, and failed in one hall.")
            made.append(key)
        people.accept(coordinator, reference, key)
    return made


def publish_playbook(owner: Visitor, reference: str) -> None:
    """Write the first version down, publish it, and open it to everybody."""
    owner.open(f"/ideas/{reference}/playbook")
    owner.fill("/playbook", language="en")
    owner.fill(
        "/playbook/1",
        button=("answer", "publish"),
        **{
            "title": "A reading club",
            "who_for": "Whoever wants children to read.",
            "parts-0-name": "Reading aloud",
            "parts-0-what": "A quarter of an hour each day.",
            "parts-1-name": "Books",
            "parts-1-what": "Forty titles.",
            "parts-1-core": "adaptable",
            "steps-0-do": "Choose a room.",
            "steps-1-do": "Read.",
            "costs-0-item": "Books",
            "costs-0-number": "40",
            "costs-0-cents": "60",
            "reaches": "100",
        },
    )
    owner.open(f"/ideas/{reference}/playbook")
    owner.fill("/playbook/public", answer="open")


def ask_to_take_up(stranger: Visitor, reference: str, organisation: str, email: str) -> None:
    """Somebody without a sign-in reads the page for everybody and asks."""
    stranger.open(f"/how-to/{reference}")
    said = {"organisation": organisation, "contact_role": "Principal", "name": "Demo adopter", "email": email}
    stranger.send(stranger.form("/how-to/" + reference), agreed="y", wish="Two grades.", **_kind(stranger), **said)


def _kind(visitor: Visitor) -> dict[str, str]:
    form = next(form for form in visitor.page.forms if "organisation" in form.names)
    return {"kind": next(value for value in form.choices["kind"] if value)}


def enter_rollout(owner: Visitor, reference: str, organisation: str, learned_from: str = "") -> None:
    owner.open(f"/ideas/{reference}/rollouts")
    said = {"organisation": organisation, "contact_role": "Head of the circuit", "learned_from": learned_from}
    owner.fill("/rollouts", **_kind(owner), **said)


def agree_and_begin(owner: Visitor, reference: str, number: int, school: str, today: dt.date) -> None:
    """The agreement, where it is done, who was trained, and on to running."""
    page = f"/ideas/{reference}/rollouts/{number}"
    owner.open(page)
    version = next(value for value in owner.form("/agreement").choices["agreement-playbook_version"] if value)
    terms = {"agreement-agreed_on": today.isoformat(), "agreement-terms": "Three terms, a visit in each."}
    owner.fill("/agreement", **terms, **{"agreement-playbook_version": version})
    starts = {"site-starts_on": today.isoformat(), "site-learners": "120", "site-teachers": "4"}
    owner.fill("/steps/site", **{"site-emis": school}, **starts)
    trained = {"training-held_on": today.isoformat(), "training-role": "Teacher"}
    owner.fill("/records/training", **trained, **{"training-people": "4", "training-hours": "6"})
    for _step in ("prepare", "run"):
        form = next(form for form in owner.page.forms if form.action.endswith("/steps/move") and _leads_on(form))
        owner.send(form)


def _leads_on(form: Any) -> bool:
    return form.values.get("move-step", [""])[0] not in ("stop", "end", "")


def check_rollout(owner: Visitor, reference: str, number: int, today: dt.date, after: str) -> None:
    """How closely it was kept to, and what came of it."""
    owner.open(f"/ideas/{reference}/rollouts/{number}")
    marks = {name: "80" for name in owner.form("/records/fidelity").names if name.startswith("fidelity-")}
    marks |= {"fidelity-checked_on": today.isoformat(), "fidelity-note": ""}
    owner.fill("/records/fidelity", **marks)
    said = {"result-indicator": "Words read", "result-measured_on": today.isoformat(), "result-before": "20"}
    owner.fill("/records/result", **said, **{"result-after": after, "result-sites": "1", "result-learners": "120"})


def adapt_rollout(owner: Visitor, reference: str, number: int, today: dt.date) -> None:
    """Change an adaptable part, and say what came of it."""
    owner.open(f"/ideas/{reference}/rollouts/{number}")
    part = owner.form("/records/adaptation").choices["adaptation-part"][-1]
    said = {"adaptation-begun_on": today.isoformat(), "adaptation-plan": "Books in Xitsonga, too."}
    owner.fill("/records/adaptation", **said, **{"adaptation-part": part})
    form = next(form for form in owner.page.forms if re.search(r"/adaptations/\d+$", form.action))
    key = form.action.rpartition("/")[2]
    owner.send(form, **{f"a{key}-done": "Twenty titles.", f"a{key}-found": "Twice as many.", f"a{key}-act": "keep"})
