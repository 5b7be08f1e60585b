"""The level of evidence: what was done for it, what would raise it, and never the level that a coordinator accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from innovation.ideas import commands as ideas
from innovation.pilots import queries, saying
from innovation.pilots.effects import NOTHING, Changes, Effect, Measure
from innovation.pilots.evidence import Done, work_out
from tests import make
from tests.pilots.measured import changes, eight_sites

ACCOUNT = frozenset({"theory_of_change"})
BOTH = ACCOUNT | {"independent_evaluation"}
TEN = changes(*(8.0 + number % 3 for number in range(10)))
TEN_LESS = changes(*(1.0 + number % 3 for number in range(10)))


def effect(pilot: Changes = NOTHING, comparison: Changes = NOTHING, *, more: bool = True) -> Effect:
    return Effect(Measure(1, "Words read", more_is_better=more), "2026-3", "comparison", pilot, comparison=comparison)


@pytest.mark.parametrize(
    ("done", "level", "missing"),
    [
        (Done(), "E0", "no_account"),
        (Done(effect(TEN, TEN_LESS)), "E0", "no_account"),
        (Done(accepted=ACCOUNT), "E1", "no_indicator"),
        (Done(effect(changes(5.0, 6.0, 7.0, 8.0)), ACCOUNT), "E1", "few_sites"),
        (Done(effect(changes(-9.0, 9.0, -8.0, 8.0, 1.0)), ACCOUNT), "E1", "change_unclear"),
        (Done(effect(TEN, more=False), ACCOUNT), "E1", "got_worse"),
        (Done(effect(TEN), ACCOUNT), "E2", "no_comparison"),
        (Done(effect(TEN, changes(1.0, 2.0, 3.0)), ACCOUNT), "E2", "few_compared"),
        (Done(effect(TEN, TEN), ACCOUNT), "E2", "difference_unclear"),
        (Done(effect(TEN_LESS, TEN), ACCOUNT), "E2", "less_than_compared"),
        (Done(effect(TEN, TEN_LESS), ACCOUNT), "E3", "not_confirmed"),
        (Done(effect(TEN), BOTH), "E2", "no_comparison"),
        (Done(effect(TEN, TEN_LESS), BOTH), "E4", "not_scaled"),
    ],
)
def test_a_level_takes_what_was_done_and_all_levels_below(done: Done, level: str, missing: str) -> None:
    _text, definition = make.library("education")

    worked = work_out(definition.evidence_levels, done)

    assert worked.level is not None
    assert worked.next is not None
    assert (worked.level.key, worked.next.reason) == (level, missing)
    assert all("%" not in saying.rung_words(rung) for rung in worked.rungs)


def test_the_highest_level_has_nothing_above_it() -> None:
    _text, definition = make.library("education")

    worked = work_out(definition.evidence_levels, Done(effect(TEN, TEN_LESS), BOTH, run_by_others=3))

    assert (worked.level, worked.next) == (definition.evidence_levels[-1], None)


def test_a_version_that_names_no_tests_has_no_level_worked_out() -> None:
    _text, definition = make.library("education")
    older = [replace(level, reached_by="", at_least=0, shown_by=()) for level in definition.evidence_levels]

    assert work_out(older, Done(effect(TEN), ACCOUNT)).level is None


def test_what_is_worked_out_stands_beside_what_was_accepted(app: Flask) -> None:
    pilot = eight_sites()
    owner, coordinator = make.actor(pilot.idea.owner), make.actor(make.staff("coordinator"))
    account = ideas.hand_in_deliverable(
        owner, pilot.idea, deliverable="theory_of_change", content={"text": "If, then."}
    )
    ideas.accept_deliverable(coordinator, account)
    ideas.accept_evidence(coordinator, pilot.idea, level="E1")

    worked = queries.work_out_evidence(pilot)

    assert worked.level is not None
    assert (worked.level.key, pilot.idea.evidence_level) == ("E2", "E1")
