"""The plans of pilots in the world of the tests: one that waits to be started, and one of a pilot that runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.plan_part_models import PilotAmendment, PilotBudgetLine, PilotPermission, PilotRisk, PilotRole
from tests import make

Things = dict[str, dict[str, Any]]


def build(things: Things) -> Things:
    """Both, and a site of each, by the name of the idea."""
    names = ("ready", "piloting")
    sites = {name: _pilot(db.session.get_one(Idea, things["idea_id"][name]), name) for name in names}
    return {
        "pilot": {name: site.pilot_id for name, site in sites.items()},
        "pilot_site": {name: site.id for name, site in sites.items()},
    }


def _pilot(idea: Idea, name: str) -> PilotSite:
    days = {"starts_on": dt.date(2026, 7, 21), "ends_on": dt.date(2026, 12, 9)}
    state = "planned" if name == "ready" else "running"
    said = {"hypothesis": "If coaches visit, they read faster.", "means": "A grant."}
    pilot = make.add(Pilot(idea=idea, number=1, state=state, **said, **days))
    row: dict[str, Any] = {"pilot_id": pilot.id, "position": 1}
    make.add(Indicator(**row, name="Words read", baseline=20.0, target=40.0, stop_at=10.0))
    make.add(PilotBudgetLine(**row, item="Stipends", amount_cents=50_000_00))
    make.add(PilotPermission(**row, name="Permission", kind="department", status="granted"))
    make.add(PilotRisk(**row, risk="Coaches leave"))
    make.add(PilotRole(**row, name="Leads the pilot"))
    if state == "running":
        changes = [{"what": "means", "of": "", "before": "", "after": "A grant."}]
        make.add(PilotAmendment(pilot_id=pilot.id, number=1, part="outline", changes=changes, reason="It came late."))
    return make.add(PilotSite(pilot=pilot, place=f"Hall of {name}", learners=60))
