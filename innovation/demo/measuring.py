"""What was measured in a pilot, term by term: a stop threshold was crossed once, and somebody answered for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Idea
from innovation.pilots import commands, queries
from innovation.pilots.places import keep_places
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.writing import Cell, Measured
from innovation.places.queries import list_terms

FEW_DAYS = dt.timedelta(days=4)
APART = (-2.0, 1.5, 0.0, 3.0, -1.0, 0.5, -3.0, 1.0)  # how far the sites lie from the mean


def measuring_story(cast: Cast, told: dict[str, Any], today: dt.date) -> Story:
    """Readings soon after each of the last terms; what they cross is answered some days later."""
    ended = [term for term in list_terms() if term.ends_on + 3 * FEW_DAYS < today]
    for number, term in enumerate(ended[-len(told["indicator"][0]["means"]) :]):
        yield moment(working_day(term.ends_on + FEW_DAYS), 14, 20)
        idea = cast.idea(told["idea"])
        if idea.place != "piloting":
            return
        pilot = queries.latest_pilot(idea) or _begun(idea)
        _measure(pilot, told)
        if term.key in queries.terms_of(pilot):
            _type(cast, pilot, term.key, number, told)
        yield moment(working_day(term.ends_on + 2 * FEW_DAYS), 9, 40)
        for each in queries.list_open(pilot):
            commands.answer_stop_warning(cast.coordinator_of(idea.region), each.warning, **told["answer"])


def _begun(idea: Idea) -> Pilot:
    """The pilot as it was begun, where the idea has none of its own."""
    plan = idea.pilot_plan
    days = {day: dt.date.fromisoformat(plan[day]) for day in ("starts_on", "ends_on")}
    pilot = Pilot(idea=idea, number=1, state="running", means=plan["means"], **days)
    pilot.sites = [PilotSite(place=emis, emis=emis, learners=60, teachers=2) for emis in plan["sites"]]
    db.session.add(pilot)
    db.session.flush()
    keep_places(pilot.id)
    return pilot


def _measure(pilot: Pilot, told: dict[str, Any]) -> None:
    """What it measures, where nobody has said it yet."""
    known = {indicator.name for indicator in pilot.indicators}
    first = max((indicator.position for indicator in pilot.indicators), default=0) + 1
    new = [each for each in told["indicator"] if each["name"] not in known]
    for position, each in enumerate(new, first):
        levels = {key: value for key, value in each.items() if key != "means"}
        pilot.indicators.append(Indicator(position=position, **levels))
    db.session.flush()


def _type(cast: Cast, pilot: Pilot, term: str, number: int, told: dict[str, Any]) -> None:
    means = {each["name"]: each["means"][number] for each in told["indicator"]}
    given: dict[Cell, Measured | None] = {}
    for indicator in pilot.indicators:
        for site, apart in zip(pilot.sites, APART, strict=False):
            if indicator.name in means:
                value = max(means[indicator.name] + (apart if indicator.more_is_better else 0), 0)
                given[Cell(indicator.id, site.id, term)] = Measured(float(value), 28, None)
    commands.type_readings(cast.actor(pilot.idea.owner), pilot, given=given, seen={})
