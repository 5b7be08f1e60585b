"""The ideas of the demonstration agree with themselves and with the education definition."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from innovation.demo.asking import as_asked_at, cost_of
from tests.demo.reading import (
    CLINICS,
    DISTRICTS,
    EDUCATION,
    EVIDENCE,
    GATES_IN_ORDER,
    IDEAS,
    INSTRUMENTS,
    PHASES,
    PROGRAMME,
    every_idea,
    keys_of,
    rows,
)
from workflows import OUTCOMES, STANDINGS, Gate


def decisions_of(idea: dict[str, Any]) -> list[dict[str, Any]]:
    return list(idea["story"].get("decisions", []))


def recommended(gate: Gate, decision: dict[str, Any]) -> str:
    """What the marks and answers of a decision recommend, by the order of the rule and the gate's thresholds."""
    answers = set(decision.get("musts", {}).values())
    for answer, outcome in (("no-unfixable", "stop"), ("no", "recycle"), ("unsure", "hold")):
        if answer in answers:
            return outcome
    total = decision["level"] * 10
    for outcome in ("go", "conditional", "recycle"):
        if total >= getattr(gate.thresholds, outcome):
            return outcome
    return "stop"


def before(place: str, gate: Gate) -> str:
    """Where an idea stands before a gate; a pilot starts without a panel, once its means are there."""
    return "piloting" if (place, gate.comes_from) == ("ready", "piloting") else place


def walked(idea: dict[str, Any]) -> str:
    """The place where the decisions of an idea's story lead."""
    place = EDUCATION.stages[0].key
    for decision in decisions_of(idea):
        gate = EDUCATION.gate(decision["gate"])
        assert before(place, gate) in (gate.comes_from, gate.place)
        if decision["outcome"] in ("go", "conditional"):
            place = gate.leads_to
        elif decision["outcome"] == "recycle":
            place = decision["target"]
        else:
            place = gate.place
    return place


def test_there_are_forty_two_ideas_each_with_its_own_key_and_title() -> None:
    keys = {idea["key"] for idea in IDEAS}
    titles = {idea["title"] for idea in IDEAS}

    assert (len(IDEAS), len(keys), len(titles)) == (42, 42, 42)


@every_idea
def test_an_idea_stands_on_things_that_exist(idea: dict[str, Any]) -> None:
    clinic = CLINICS[idea["clinic"]]

    assert clinic["state"] != "planned"
    assert (idea["province"], idea["district"]) in DISTRICTS
    assert idea["theme"] in keys_of("themes")
    assert idea["topic"] in keys_of("topics")
    assert set(idea["phases"]) <= PHASES


@every_idea
def test_a_canvas_uses_the_fields_of_the_definition_and_fits_them(idea: dict[str, Any]) -> None:
    fields = {field.key: field for field in EDUCATION.canvas}

    too_long = [key for key, text in idea["canvas"].items() if len(str(text)) > (fields[key].max_length or 9**9)]

    assert too_long == []
    assert {"problem", "who_has_it", "summary"} <= set(idea["canvas"])
    assert len(idea["title"]) <= 120


@every_idea
def test_an_idea_that_came_to_a_gate_has_every_field_that_the_gate_requires(idea: dict[str, Any]) -> None:
    given = {*idea["canvas"], "title", "phases", "owner", "consent", "theme", "topic", "where"}
    gates = {decision["gate"] for decision in decisions_of(idea)}
    gates |= {idea["story"]["reaches"].removeprefix("at_")} & set(GATES_IN_ORDER)

    missing = {field.key for gate in gates for field in EDUCATION.fields_required_at(gate)} - given

    assert missing == set()


@every_idea
def test_a_story_ends_where_its_decisions_lead(idea: dict[str, Any]) -> None:
    story = idea["story"]

    place = walked(idea)

    gate = EDUCATION.gate_at(story["reaches"])
    waits_at_gate = gate is not None and gate.comes_from == before(place, gate)
    started = (place, story["reaches"]) == ("ready", "piloting")
    assert place == story["reaches"] or waits_at_gate or started
    ending = {"stop": "stopped", "merge": "merged", "refer": "referred"}
    last = decisions_of(idea)[-1]["outcome"] if decisions_of(idea) else None
    ended = ending.get(last or "")
    assert ended is None or story["standing"] == ended
    assert story["standing"] not in ending.values() or ended == story["standing"]


@every_idea
def test_dates_run_forward_from_the_clinic_to_today(idea: dict[str, Any]) -> None:
    dates = [CLINICS[idea["clinic"]]["date"], *(decision["on"] for decision in decisions_of(idea)), PROGRAMME["as_of"]]

    assert dates == sorted(dates)
    assert all(decision["on"].weekday() < 5 for decision in decisions_of(idea))


@every_idea
def test_marks_agree_with_the_outcome_or_say_why_not(idea: dict[str, Any]) -> None:
    against = [
        (decision["gate"], decision["outcome"])
        for decision in decisions_of(idea)
        if recommended(EDUCATION.gate(decision["gate"]), decision) != decision["outcome"]
        and not decision.get("override_reason")
    ]

    assert against == []


@every_idea
def test_every_decision_brings_what_its_outcome_requires(idea: dict[str, Any]) -> None:
    needs = {
        "conditional": ("conditions",),
        "recycle": ("target", "rework"),
        "hold": ("hold_reason", "until"),
        "stop": ("stop_reason", "lesson"),
        "merge": ("merge_into",),
        "refer": ("refer_to",),
    }
    reasons = {reason.key for reason in EDUCATION.stop_reasons}
    ideas = {each["key"] for each in IDEAS}
    for decision in decisions_of(idea):
        gate = EDUCATION.gate(decision["gate"])

        lacking = [key for key in needs.get(decision["outcome"], ()) if not decision.get(key)]

        assert lacking == []
        assert len(decision["rationale"]) > 60
        assert decision.get("stop_reason", "unsafe") in reasons
        assert decision.get("merge_into", idea["key"]) in ideas
        assert decision.get("target", gate.recycle_to[0]) in gate.recycle_to
        assert set(decision.get("musts", {})) <= {criterion.key for criterion in gate.must}
        assert {frozenset(each) for each in decision.get("conditions", [])} <= {
            frozenset({"text", "evidence", "blocking"})
        }


def test_every_place_standing_and_outcome_is_shown() -> None:
    places = {idea["story"]["reaches"] for idea in IDEAS}
    standings = {idea["story"]["standing"] for idea in IDEAS}
    outcomes = {decision["outcome"] for idea in IDEAS for decision in decisions_of(idea)}

    stages = {stage.key for stage in EDUCATION.stages}
    assert places == stages | {f"at_{gate}" for gate in GATES_IN_ORDER}
    assert standings == set(STANDINGS)
    assert outcomes == set(OUTCOMES)


def test_panels_are_at_work_at_every_gate() -> None:
    waiting = Counter(idea["story"]["reaches"] for idea in IDEAS if "panel" in idea["story"])

    assert waiting == {"at_screening": 4, "at_pilot": 2, "at_replication": 1, "at_institutionalisation": 1}


@every_idea
def test_an_idea_has_an_ask_exactly_from_the_pilot_gate_on(idea: dict[str, Any]) -> None:
    at_or_past = EDUCATION.place_index(idea["story"]["reaches"]) >= EDUCATION.place_index("at_pilot")

    presented = at_or_past or any(decision["gate"] == "pilot" for decision in decisions_of(idea))

    assert ("ask" in idea) == at_or_past
    assert presented or "ask" not in idea


@every_idea
def test_an_ask_is_possible_and_its_budget_adds_up_to_it(idea: dict[str, Any]) -> None:
    if "ask" not in idea:
        assert "deliverables" not in idea
        return
    ask = idea["ask"]
    budget = idea.get("deliverables", {}).get("D-BUDG", [{"amount": ask["amount_rand"]}])

    total = sum(row["amount"] for row in budget)

    assert total == ask["amount_rand"] > 0
    assert set(ask["instruments"]) <= INSTRUMENTS
    assert {
        (province, name) for province, name in DISTRICTS if name in ask["districts"] and province in ask["provinces"]
    } != set()
    assert set(ask["districts"]) <= {name for province, name in DISTRICTS if province in ask["provinces"]}
    assert idea["district"] in ask["districts"]
    assert set(ask["phases"]) <= PHASES
    assert ask["evidence_level"] in EVIDENCE
    assert 0 <= ask["share_q1_3"] <= 100
    assert min(ask["months"], ask["schools"], ask["learners"]) > 0


A_LEARNER = re.compile(r"R([0-9 ]+) a (?:learner|child)\b(?! a year, R)")


@every_idea
def test_what_an_idea_says_of_its_cost_is_what_its_ask_comes_to(idea: dict[str, Any]) -> None:
    said = idea["canvas"].get("cost_per_learner")
    asks = [as_asked_at(idea, gate).get("ask") for gate in EDUCATION.gates if gate.ask_required]
    costs = [cost_of(ask) for ask in (idea.get("ask"), *asks) if ask]
    texts = [*idea["canvas"].values(), *(decision.get("rationale", "") for decision in decisions_of(idea))]

    told = [int(sum_.replace(" ", "")) for sum_ in A_LEARNER.findall(" ".join(map(str, texts)))]

    assert [cost for cost in costs if said is not None and abs(cost - said) > max(1, said * 0.1)] == []
    assert [cost for cost in told if said is not None and cost != said] == []


@every_idea
def test_a_plan_names_as_many_schools_as_the_ask_or_fewer(idea: dict[str, Any]) -> None:
    plan = str(idea.get("deliverables", {}).get("D-PLAN", ""))

    named = [int(number) for number in re.findall(r"\b(\d+) schools", plan)]

    assert [number for number in named if number > idea["ask"]["schools"]] == []


def test_schools_of_ideas_are_in_the_file_and_in_the_idea_s_district() -> None:
    districts = {(row["province_code"], row["district"].casefold()): row["district"] for row in rows("districts.csv")}
    for row in rows("district_aliases.csv"):
        for name in row["legacy_or_alternate_name"].split(" / "):
            if row["current_district"]:
                districts.setdefault((row["province_code"], name.casefold()), row["current_district"])
    provinces = {"GT": "GP", "KZ": "KZN"}
    schools = {row["emis"]: row for row in rows("schools.csv")}

    found = {
        idea["key"]: districts[
            provinces.get(school["province"], school["province"]), school["education_district"].casefold()
        ]
        for idea in IDEAS
        if "school_emis" in idea
        for school in [schools[idea["school_emis"]]]
    }

    assert found == {idea["key"]: idea["district"] for idea in IDEAS if "school_emis" in idea}
    assert len(found) <= 25
