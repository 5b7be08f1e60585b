"""Readings in the world of the tests: of a pilot that has crossed a stop threshold, and a table that waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db, now
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.queries import latest_pilot
from innovation.pilots.reading_models import Reading, StopWarning, WaitingReadings
from innovation.pilots.writing import count_all_anew
from tests import make

KEY = "a" * 32
Things = dict[str, dict[str, Any]]


def build(people: dict[str, int], things: Things) -> Things:
    """The ids of what is measured, and of the warning, by the name of the idea; the table is the owner's."""
    idea = db.session.get_one(Idea, things["idea_id"]["piloting"])
    pilot = latest_pilot(idea) or _pilot(idea)
    db.session.refresh(pilot)
    indicator, site = pilot.indicators[0], pilot.sites[0]
    where: dict[str, Any] = {"indicator_id": indicator.id, "site_id": site.id, "term": "2026-3"}
    make.add(Reading(**where, value=2.0, learners=8, taken_by_id=people["owner"]))
    told = {"value": 2.0, "threshold": 10.0, "answer_by": dt.date(2027, 3, 1), "raised_at": now()}
    warning = make.add(StopWarning(pilot_id=pilot.id, **where, **told))
    content, options = b"EMIS,Indicator,Term,Value\nHall,1,2026-3,many\n", {"columns": {}, "term": ""}
    about = {"pilot_id": pilot.id, "person_id": people["owner"], "name": "t.csv"}
    make.add(WaitingReadings(key=KEY, content=content, options=options, **about))
    count_all_anew(pilot)
    return {
        "stop_warning": {"piloting": warning.id},
        "measured": {"indicator": indicator.id, "site": site.id},
    }


def _pilot(idea: Idea) -> Pilot:
    days = {"starts_on": dt.date(2026, 7, 21), "ends_on": dt.date(2026, 12, 9)}
    pilot = make.add(Pilot(idea=idea, number=1, state="running", **days))
    make.add(PilotSite(pilot=pilot, place="Hall of piloting", learners=60))
    levels = {"baseline": 20.0, "target": 40.0, "stop_at": 10.0}
    make.add(Indicator(pilot=pilot, position=1, name="Words read", **levels))
    return pilot
