"""Visits to the schools of two pilots of the demonstration, and a cycle of plan, do, study and act in each."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

from innovation.demo.cast import Cast
from innovation.demo.measured import BEFORE_PANEL, COMPARED
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.pilots import commands, queries
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.plan_models import Pilot

DAY = dt.timedelta(days=1)


class Visit(NamedTuple):
    """Some days after the pilot began: at which school, the marks in the order of the dimensions, and what was seen."""

    after: int
    site: int
    marks: tuple[int | None, ...]
    learners: int
    worked: str
    did_not: str
    next_step: str
    next_who: str = "Lead teacher"
    by_coordinator: bool = False


VISITS = (
    Visit(
        *(24, 0, (5, 4, 6, 8, None), 38),
        "Learners came early and knew their places.",
        "Two of five days were lost to assembly.",
        "Agree with the principal on days without assembly.",
    ),
    Visit(
        *(26, 1, (7, 6, 6, 7, 5), 41),
        "The teacher had made cards of her own.",
        "The list on the wall was from the term before.",
        "Put the new list up with the class.",
    ),
    Visit(
        *(31, 2, (8, 8, 7, 9, 6), 36),
        "Two teachers planned together and watched each other.",
        "Nothing that stood out.",
        "Let them show the others how.",
        by_coordinator=True,
    ),
    Visit(
        *(58, 0, (7, 7, 7, 9, 6), 40),
        "Four of five days are held since assembly was moved.",
        "Latecomers miss the first ten minutes.",
        "Begin at half past seven and see who is there.",
    ),
    Visit(
        *(60, 3, (3, 4, 5, 6, None), 9),
        "The learners who were there liked it.",
        "The teacher who was trained has moved to another school.",
        "Train two teachers here before the next term.",
        "Subject adviser",
    ),
    Visit(
        *(64, 1, (8, 7, 8, 8, 7), 42),
        "The list is new each fortnight, and learners add to it.",
        "Parents asked why there is no homework.",
        "Tell parents at the next meeting.",
        by_coordinator=True,
    ),
)
FIRST_CYCLE: dict[str, Any] = {
    "touches": "amount",
    "is_core": True,
    "change": "Begin at half past seven instead of after assembly, at the two schools that lose most days.",
    "goal": "No more than one day in a fortnight is lost; the registers show it.",
    "who": "Lead teacher of each school",
}
SECOND_CYCLE: dict[str, Any] = FIRST_CYCLE | {
    "change": "Keep half past seven on the three days when the buses are on time; the other two after first break.",
    "goal": "Nobody misses the beginning because of a bus.",
}


def visits(cast: Cast, key: str, starts_on: dt.date) -> Story:
    """Visits as the days go by, as far as they are over."""
    for each in VISITS if key in (COMPARED, BEFORE_PANEL) else ():
        day = working_day(starts_on + DAY * each.after)
        if day >= cast.written.today:
            return
        yield moment(day, 15, 10)
        pilot = _pilot(cast, key)
        if pilot is None or each.site >= len(pilot.sites):
            return
        idea = pilot.idea
        actor = cast.coordinator_of(idea.region) if each.by_coordinator else cast.actor(idea.owner)
        said = {name: getattr(each, name) for name in ("learners", "worked", "did_not", "next_step", "next_who")}
        said |= dict(zip(DIMENSIONS, each.marks, strict=True))
        where: dict[str, Any] = {"site_id": pilot.sites[each.site].id, "visited_on": day, "teachers": 2}
        client_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{key}-{each.after}"))
        commands.record_visit(actor, pilot, client_id=client_id, **where, **said)


def cycles(cast: Cast, key: str, starts_on: dt.date) -> Story:
    """One whole cycle, whose end is the beginning of the next one."""
    days = [working_day(starts_on + DAY * after) for after in (28, 35, 62, 66)]
    if key not in (COMPARED, BEFORE_PANEL) or days[-1] >= cast.written.today:
        return
    yield moment(days[0], 16)
    pilot = _pilot(cast, key)
    if pilot is None:
        return
    owner = cast.actor(pilot.idea.owner)
    first = commands.plan_adaptation(owner, pilot, planned_on=days[0], **FIRST_CYCLE)
    yield moment(days[1], 16)
    done = "Both schools begin at half past seven since Monday; the gate is opened by the caretaker."
    commands.try_adaptation(owner, first, begun_on=days[1], done=done)
    yield moment(days[2], 16)
    found = "Lost days fell from four to one in a fortnight. On two days six learners came late with the second bus."
    commands.study_adaptation(owner, first, studied_on=days[2], found=found)
    yield moment(days[3], 16)
    commands.settle_adaptation(owner, first, settled_on=days[3], act="again", because="It works but for the late bus.")
    commands.plan_adaptation(owner, pilot, planned_on=days[3], follows=first, **SECOND_CYCLE)


def _pilot(cast: Cast, key: str) -> Pilot | None:
    """The pilot, as long as it is under way."""
    found = queries.latest_pilot(cast.idea(key))
    return found if found is not None and found.state not in ("planned", "ended") else None
