"""Pilots for tests: one that runs at some schools and measures something."""

from __future__ import annotations

import datetime as dt

from innovation.ideas.models import Idea
from innovation.pilots.places import keep_places
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from tests import make


def pilot(idea: Idea | None = None, sites: int = 3, indicators: int = 1, **more: object) -> Pilot:
    """A pilot in which each site is a school of 100 learners, and each indicator goes from 20 to 40 and stops at 10."""
    of = idea or make.idea(place="piloting")
    details = {"number": 1, "state": "running", "starts_on": dt.date(2026, 1, 14), "ends_on": dt.date(2026, 12, 9)}
    made = make.add(Pilot(idea=of, **(details | more)))
    for number in range(1, sites + 1):
        school = make.school(f"93032{number:04}")
        make.add(PilotSite(pilot=made, place=school.emis, emis=school.emis, learners=100, teachers=4))
    for position in range(1, indicators + 1):
        name = f"Words read in a minute {position}"
        make.add(Indicator(pilot=made, position=position, name=name, baseline=20.0, target=40.0, stop_at=10.0))
    keep_places(made.id)
    return made
