"""Readings for tests: typed by the owner, who saw what stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from innovation.db import db
from innovation.pilots import commands
from innovation.pilots.plan_models import Pilot
from innovation.pilots.writing import Cell, Measured, Written, standing_in
from innovation.places.models import SchoolTerm
from tests import make
from tests.pilots.held import pilot

TERMS = {"2026-1": (1, 14, 3, 27), "2026-2": (4, 8, 6, 26), "2026-3": (7, 21, 9, 23), "2026-4": (10, 6, 12, 9)}


def held(sites: int = 3, indicators: int = 1, **more: object) -> Pilot:
    """A pilot in a year whose terms are known."""
    for key, (month, day, last_month, last) in TERMS.items():
        make.add(SchoolTerm(key=key, starts_on=dt.date(2026, month, day), ends_on=dt.date(2026, last_month, last)))
    made = pilot(sites=sites, indicators=indicators, **more)
    db.session.commit()  # what is refused takes back no more than itself
    return made


def cell(pilot: Pilot, site: int = 0, indicator: int = 0, term: str = "2026-3") -> Cell:
    return Cell(pilot.indicators[indicator].id, pilot.sites[site].id, term)


def typed(pilot: Pilot, given: Mapping[Cell, Measured | None]) -> Written:
    seen = {of: standing.id for of, standing in standing_in(given).items()}
    return commands.type_readings(make.actor(pilot.idea.owner), pilot, given=given, seen=seen)
