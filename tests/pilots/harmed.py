"""Incidents for tests: reported by the owner, settled by a coordinator."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts.models import Person
from innovation.pilots import commands
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from tests import make

DAY = dt.date(2026, 8, 4)
TOLD = {"happened_on": DAY, "kind": "safety", "severity": "harm", "what": "A shelf fell on a learner."}
SETTLED = {"found": "It was not fixed to the wall.", "changes": "Every shelf is fixed.", "settled_on": DAY}


def reported(pilot: Pilot, **more: Any) -> Incident:
    return commands.report_incident(make.actor(pilot.idea.owner), pilot, **(TOLD | more))


def settled(incident: Incident, by: Person | None = None, **more: Any) -> Incident:
    return commands.settle_incident(make.actor(by or make.staff("coordinator")), incident, **(SETTLED | more))
