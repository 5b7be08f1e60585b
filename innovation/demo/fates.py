"""What becomes of the conditions that panels of the demonstration set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.gates import commands
from innovation.gates.commands import ConditionTerms
from innovation.gates.models import Condition, Decision
from innovation.permission import SYSTEM
from innovation.values import dataclass


@dataclass(frozen=True)
class Fate:
    """How a condition stands today; ``due`` counts days from today, none for two months after the decision."""

    state: str = "met"
    due: int | None = None


# By idea and place in its list; every other condition was met.
FATES = {
    ("deputy-principal-circle", 0): Fate("overdue", -24),
    ("isizulu-phonics-by-phone", 0): Fate("open", 45),
    ("isizulu-phonics-by-phone", 1): Fate("offered", 12),
    ("coding-without-computers", 0): Fate("open", -9),
    ("weekend-sign-language", 0): Fate("open", 24),
    ("peer-listeners", 1): Fate("open", -5),
    ("toy-library-box", 0): Fate("open", 60),
    ("early-warning-wall", 1): Fate("waived"),
    ("harvest-season-packs", 0): Fate("returned", 10),
}


def terms_of(cast: Cast, key: str, decision: Mapping[str, Any]) -> list[ConditionTerms]:
    """The conditions of a decision, each with a day by which it is due."""
    on = decision["on"]
    return [
        ConditionTerms(
            condition["text"], _due(cast, key, number, on), None, condition["evidence"], condition["blocking"]
        )
        for number, condition in enumerate(decision.get("conditions", []))
    ]


def _due(cast: Cast, key: str, number: int, on: dt.date) -> dt.date:
    days = FATES.get((key, number), Fate()).due
    return working_day(on + dt.timedelta(days=60) if days is None else cast.written.today + dt.timedelta(days=days))


def settle(cast: Cast, key: str, decision: Decision, on: dt.date) -> Story:
    """Offer the evidence and have it judged, or let the day pass."""
    today = cast.written.today
    for number, condition in enumerate(list(decision.conditions)):
        fate = FATES.get((key, number), Fate())
        if fate.state == "open":
            continue
        if fate.state == "overdue":
            yield moment(condition.due_on + dt.timedelta(days=1), 6)
            commands.hold_for_overdue(SYSTEM, condition)
            continue
        recent = fate.state in ("offered", "returned")
        yield moment(
            working_day(today - dt.timedelta(days=6) if recent else on + dt.timedelta(days=30 + 4 * number)), 14
        )
        if fate.state == "waived":
            reason = "The new administration system prints this list by itself from January."
            commands.waive_condition(cast.actor("chair"), condition, reason=reason)
            continue
        yield from _offer(cast, condition, fate.state, today if recent else on + dt.timedelta(days=34 + 4 * number))


def _offer(cast: Cast, condition: Condition, state: str, answered_on: dt.date) -> Story:
    owner = cast.actor(condition.idea.owner)
    commands.offer_evidence(
        owner, condition, text=f"{condition.evidence}: handed to the coordinator at the circuit office."
    )
    if state == "offered":
        return
    yield moment(working_day(answered_on) - dt.timedelta(days=2 if state == "returned" else 0), 11)
    coordinator = cast.coordinator_of(condition.idea.region)
    if state == "met":
        commands.settle_condition(coordinator, condition, answer="met")
    else:
        reason = "The note names the talk, but not the line in the parents' guide. Please add it."
        commands.settle_condition(coordinator, condition, answer="returned", reason=reason)
