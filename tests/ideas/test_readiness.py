"""What stands between an idea and its gate, in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Flask

from innovation.ideas import commands, queries
from innovation.ideas.readiness import readiness
from tests import make
from workflows import library_definition

TODAY = dt.date(2026, 7, 1)
DEFINITION = library_definition("education")
FULL = {field.key: "something" for field in DEFINITION.canvas}


@dataclass
class Version:
    deliverable: str
    state: str = "accepted"
    number: int = 1
    expires_on: dt.date | None = None


def missing(gate: str, *versions: Version, answers: object = None, has_ask: bool = True) -> tuple[str, ...]:
    given = FULL if answers is None else answers
    found = readiness(DEFINITION, DEFINITION.gate(gate), given, versions, has_ask=has_ask, today=TODAY)  # type: ignore[arg-type]
    return found.missing


def test_nothing_is_missing_once_the_canvas_is_full_and_the_evidence_is_accepted() -> None:
    assert missing("screening", Version("problem_evidence")) == ()


def test_every_empty_field_that_the_gate_needs_is_named() -> None:
    answers = FULL | {"phases": [], "who_has_it": "", "theme": None}

    assert missing("screening", Version("problem_evidence"), answers=answers) == (
        "Fill in on the canvas: Who has this problem, and where; School phase; Theme.",
    )


def test_nought_is_an_answer() -> None:
    assert "canvas" not in " ".join(missing("pilot", answers=FULL | {"cost_per_learner": 0}))


def test_what_was_never_handed_in_waits_or_was_returned_is_told_apart() -> None:
    assert missing("screening") == ("Hand in: Evidence of the problem.",)
    assert missing("screening", Version("problem_evidence", "handed_in", 2)) == (
        "Evidence of the problem: the coordinator has not accepted version 2 yet.",
    )
    assert missing("screening", Version("problem_evidence", "returned")) == (
        "Evidence of the problem was returned. Read why, and hand in a new version.",
    )


def test_an_accepted_version_counts_while_a_newer_one_waits() -> None:
    assert missing("screening", Version("problem_evidence"), Version("problem_evidence", "handed_in", 2)) == ()


def test_a_letter_counts_until_the_day_it_expires() -> None:
    valid = Version("permissions", expires_on=TODAY)
    over = Version("permissions", expires_on=TODAY - dt.timedelta(days=1))

    assert "Permission letters expired on 30 Jun 2026. Hand in a newer one." in missing("pilot", over)
    assert "Permission letters" not in " ".join(missing("pilot", valid))


def test_the_ask_is_needed_where_the_gate_says_so() -> None:
    assert "Say what the idea asks from funders: money, months and places." in missing("pilot", has_ask=False)
    assert missing("screening", Version("problem_evidence"), has_ask=False) == ()


def test_an_optional_deliverable_is_listed_and_not_missing() -> None:
    found = readiness(
        DEFINITION, DEFINITION.gate("screening"), FULL, [Version("problem_evidence")], has_ask=False, today=TODAY
    )

    assert {item.key for item in found.items if not item.required} >= {"budget", "risks"}
    assert (found.ready, found.done, len(found.required)) == (True, 2, 2)


def test_open_conditions_are_missing_too() -> None:
    gate = DEFINITION.gate("screening")
    found = readiness(
        DEFINITION,
        gate,
        FULL,
        [Version("problem_evidence")],
        has_ask=False,
        today=TODAY,
        conditions=["Name a safeguarding contact, by 30 Jun 2026."],
    )

    assert found.missing == ("Name a safeguarding contact, by 30 Jun 2026.",)


def test_the_readiness_of_an_idea_is_that_of_the_gate_ahead(app: Flask) -> None:
    idea = make.idea(answers=FULL)
    coordinator = make.actor(make.staff("coordinator"))
    before = queries.readiness(idea)
    handin = commands.hand_in_deliverable(
        make.actor(idea.owner), idea, deliverable="problem_evidence", content={"text": "Counted in one circuit."}
    )
    commands.accept_deliverable(coordinator, handin)

    after = queries.readiness(idea)

    assert before.missing == ("Hand in: Evidence of the problem.",)
    assert after.gate == DEFINITION.gate("screening")
    assert after.missing == ()


def test_no_gate_lies_ahead_of_the_last_stage(app: Flask) -> None:
    idea = make.idea(place="institutionalised")

    assert queries.readiness(idea).gate is None
