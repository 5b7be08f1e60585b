"""What was measured in two pilots of the demonstration: one that runs, and one whose results are before a panel."""

from __future__ import annotations

import datetime as dt

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Handin, Idea
from innovation.permission import Actor
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Indicator, Pilot
from innovation.pilots.reading_models import BASELINE
from innovation.pilots.writing import Cell, Measured
from innovation.places.queries import list_terms

COMPARED = "maths-word-walls"  # runs; some of its schools do nothing new
BEFORE_PANEL = "multigrade-weekly-plan"  # all eight take part
ROSE = ((9.0, 12.5, 15.0, 11.0, 13.5, 8.0, 16.5, 12.0), (2.0, -3.5, 6.0, -5.0, 1.5, 4.0, -2.0, 3.0))
ROSE_ANYWAY = 4.0  # what the schools compared with gained by themselves
SOON_AFTER = dt.timedelta(days=5)
LONG_AGO = dt.timedelta(days=40)
FULL_STEP = 7.0  # where a plan asks for less than this from baseline to target, its readings move by less
ANSWER = {
    "answer": "change",
    "reason": "The district's adviser sits in at these schools next term, with what helped at the others.",
}
WORDS = {
    "results": "The check rose at every school, most where two teachers shared the plan. Lessons held as planned did "
    "not change: strikes and sports days took as many as before. We did not find a way round them.",
    "fidelity": "All eight schools stayed. Two put the common hour on another day, because the hall was taken.",
}


def readings(cast: Cast, key: str, starts_on: dt.date) -> Story:
    """What was there before, at the start; each of the last two terms soon after its end, and the answer to the first.

    The last is written well before today, so that a pack made from it has it.
    """
    if key not in (COMPARED, BEFORE_PANEL):
        return
    ended = [term for term in list_terms(starts_on) if term.ends_on + LONG_AGO <= cast.written.today][-2:]
    written_on = [starts_on, *(term.ends_on + SOON_AFTER for term in ended)]
    for part, (term, day) in enumerate(zip((BASELINE, *(term.key for term in ended)), written_on, strict=True)):
        yield moment(working_day(day), 12, 30)
        pilot = queries.latest_pilot(cast.idea(key))
        if pilot is None:
            return
        _write(cast, pilot, term, part / max(len(ended), 1))
        if part == len(ended):
            return
        yield moment(working_day(day + SOON_AFTER), 10, 15)
        for each in queries.list_open(pilot):
            commands.answer_stop_warning(cast.coordinator_of(pilot.idea.region), each.warning, **ANSWER)


def _write(cast: Cast, pilot: Pilot, term: str, share: float) -> None:
    """The readings of a term, by which so much of the change is there."""
    db.session.expire(pilot, ["sites", "indicators"])
    given: dict[Cell, Measured | None] = {}
    for indicator, rose in zip(pilot.indicators, ROSE, strict=False):
        size = _size(indicator)
        for number, site in enumerate(pilot.sites):
            way = 1 if indicator.more_is_better else -1
            began = (indicator.baseline or 40.0) + ((number % 4) * 2 - 3) * size
            by = rose[number % len(rose)] - (ROSE_ANYWAY + rose[0] / 3 if site.is_comparison else 0)
            value = round(began + way * by * size * share, 1)
            given[Cell(indicator.id, site.id, term)] = Measured(value, site.learners or 90, None)
    commands.type_readings(cast.actor(pilot.idea.owner), pilot, given=given, seen={})


def _size(indicator: Indicator) -> float:
    """How much of a step of ``ROSE`` fits: of ten sums, two more are as much as seven more of a hundred."""
    if indicator.baseline is None or indicator.target is None:
        return 1.0
    return min(1.0, abs(indicator.target - indicator.baseline) / FULL_STEP)


def hand_in(owner: Actor, idea: Idea, deliverable: str) -> Handin:
    """What the gate asks for, made from the pilot."""
    pilot = queries.find_pilot(owner, idea.reference)
    handed_in: Handin = commands.hand_in_pack(owner, pilot, deliverable=deliverable, text=WORDS[deliverable])
    return handed_in
