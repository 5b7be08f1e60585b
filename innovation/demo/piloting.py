"""How pilots of the demonstration are planned, started and amended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.terms import ROW_PARTS
from innovation.places.queries import find_school

DAY = dt.timedelta(days=1)
MEANS = "The programme's pilot fund pays stipends, training and printing. The schools give rooms and one hour a week."
HALF_PLANNED = "kitchen-table-maths"  # before its pilot, with some of its plan filled in
AMENDED = "grade-r-corners"  # its pilot runs, and its plan was changed since
COMPARES = "maths-word-walls"
NUMBERS = {"baseline": 38.0, "target": 50.0, "stop_at": 38.0, "unit": "% of the check"}
GIVEN = {"item": "Rooms, and an hour of a teacher each week", "amount_cents": 4_800_000, "paid_by": "The schools"}
SEEN_BY = "The coordinator of the programme"


def start(
    cast: Cast, key: str, *, schools: Sequence[str], starts_on: dt.date, ends_on: dt.date, learners: int | None
) -> Pilot:
    """Plan the pilot of an idea, with all that is needed, and start it."""
    idea = cast.idea(key)
    owner = cast.actor(idea.owner)
    pilot = commands.plan_pilot(owner, idea)
    fill_in(owner, pilot, schools, learners, compares=key == COMPARES)
    commands.change_outline(owner, pilot, starts_on=starts_on, ends_on=ends_on, means=MEANS)
    granted = [
        (number, {**row, "status": "granted", "stands_since": starts_on - DAY * 20, "seen_by": SEEN_BY})
        for number, row in _rows(pilot, "permissions")
    ]
    commands.change_rows(owner, pilot, part="permissions", rows=granted)
    return commands.start_pilot(owner, pilot)


def fill_in(owner: Any, pilot: Pilot, schools: Sequence[str], learners: int | None, *, compares: bool = False) -> None:
    """The hypothesis, numbers for every measure, what the schools give, and where it is held."""
    idea: Idea = pilot.idea
    design = "comparison" if compares else "before_after"
    hypothesis = f"If {len(schools)} schools do this for a year, more learners reach the measures. {idea.summary}"
    commands.change_outline(owner, pilot, hypothesis=hypothesis[:2000], design=design)
    told = _rows(pilot, "measures")
    measures = [(number, row if row["target"] is not None else row | NUMBERS) for number, row in told]
    commands.change_rows(owner, pilot, part="measures", rows=measures or [(None, {"name": "The check", **NUMBERS})])
    commands.change_rows(
        owner, pilot, part="budget", rows=[*_rows(pilot, "budget"), (None, {**GIVEN, "in_kind": True})]
    )
    share = learners // len(schools) if learners and schools else None
    for number, emis in enumerate(schools):
        beside, school = compares and number >= len(schools) - 2, find_school(emis)
        each = min(share, school.learners or share) if share and school else share
        commands.add_site(owner, pilot, place=emis, is_comparison=beside, learners=each, teachers=None if beside else 3)


def _rows(pilot: Pilot, part: str) -> list[tuple[int | None, dict[str, Any]]]:
    columns = ROW_PARTS[part].columns
    return [(row.id, {what: getattr(row, what) for what in columns}) for row in queries.list_rows(pilot, part)]


def plan(cast: Cast, key: str, schools: Sequence[str]) -> Story:
    """The plan of a pilot that has not begun: as the gate left it, or with a part of it filled in."""
    yield moment(cast.written.today - DAY * 3, 16)
    idea = cast.idea(key)
    owner = cast.actor(idea.owner)
    pilot = commands.plan_pilot(owner, idea)
    if key == HALF_PLANNED:
        yield moment(cast.written.today - DAY * 2, 16)
        fill_in(owner, pilot, schools[:5], 600)


def amend(cast: Cast, key: str, starts_on: dt.date) -> Story:
    """Some weeks after its start, the pilot lasts longer than was planned."""
    if key != AMENDED:
        return
    yield moment(working_day(min(starts_on + DAY * 60, cast.written.today - DAY)), 15)
    pilot = queries.latest_pilot(cast.idea(key))
    assert pilot is not None
    assert pilot.ends_on is not None
    reason = "Three weeks were lost to a water shortage. The schools want the whole of the last term."
    commands.change_outline(cast.actor(pilot.idea.owner), pilot, ends_on=pilot.ends_on + DAY * 21, reason=reason)


def end(cast: Cast, key: str) -> None:
    """What the worker does once a decision has led an idea on from its pilot; told long ago, it is done at once."""
    commands.end_pilot(SYSTEM, cast.idea(key))
