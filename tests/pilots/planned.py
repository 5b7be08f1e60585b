"""Plans for tests: an idea that passed its pilot gate with the tables it handed in, and a plan with nothing missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.ideas.models import Handin, Idea
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.places.models import SchoolTerm
from tests import make

MEASURES = [
    {"indicator": "Words read in a minute", "tool": "The same page", "baseline": "24 words", "success": "40 words"},
    {"indicator": "Sessions held", "baseline": "All who start", "success": "85 %", "stop": "50 % in any term"},
]
BUDGET = [
    {"item": "Stipends", "unit": "month", "quantity": 12, "amount": 6_000_000, "funded_by": "Pilot fund"},
    {"item": "Rooms", "funded_by": "Schools"},
]
RISKS = [{"risk": "Coaches leave", "likely": "medium", "harm": "low", "response": "Train two.", "owner": "Lead"}]
FIRST, LAST = dt.date(2026, 7, 21), dt.date(2026, 12, 9)


def handed_in(idea: Idea, deliverable: str, rows: list[dict[str, Any]], **more: Any) -> Handin:
    details = {"number": 1, "state": "accepted"} | more
    return make.add(Handin(idea_id=idea.id, deliverable=deliverable, content={"rows": rows}, **details))


def approved(**more: Any) -> Idea:
    """An idea before its pilot, with measures, budget and risks that were accepted."""
    idea = make.idea(place="ready", **more)
    for deliverable, rows in (("measurement_plan", MEASURES), ("budget", BUDGET), ("risks", RISKS)):
        handed_in(idea, deliverable, rows)
    return idea


def terms() -> None:
    for key, first, last in (("2026-3", FIRST, dt.date(2026, 9, 23)), ("2026-4", dt.date(2026, 10, 6), LAST)):
        make.add(SchoolTerm(key=key, starts_on=first, ends_on=last))


def rows_of(pilot: Pilot, part: str, *columns: str) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a part as the form sends them back."""
    return [(row.id, {name: getattr(row, name) for name in columns}) for row in queries.list_rows(pilot, part)]


def ready_to_start(idea: Idea | None = None) -> Pilot:
    """A plan with nothing missing: one place, the dates, and every number and permission."""
    of = idea or approved()
    owner = make.actor(of.owner)
    pilot = commands.plan_pilot(owner, of)
    days = {"starts_on": FIRST, "ends_on": LAST}
    commands.change_outline(owner, pilot, hypothesis="If coaches visit, they read faster.", means="A grant.", **days)
    commands.add_site(owner, pilot, place=make.school().emis, learners=300, teachers=6)
    permissions = [(number, {**row, "status": "granted"}) for number, row in rows_of(pilot, "permissions", "name")]
    commands.change_rows(owner, pilot, part="permissions", rows=permissions)
    return pilot


def begun() -> Pilot:
    pilot = ready_to_start()
    return commands.start_pilot(make.actor(pilot.idea.owner), pilot)
