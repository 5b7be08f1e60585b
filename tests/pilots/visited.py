"""Visits and adaptations for tests: written down by the owner of the idea."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from innovation.pilots import commands
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import PilotVisit
from tests import make

DAY = dt.date(2026, 9, 14)
TODAY = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)


def marks(*values: int | None) -> dict[str, int | None]:
    return dict(zip(DIMENSIONS, values, strict=True))


def details(pilot: Pilot, site: int = 0, **more: Any) -> dict[str, Any]:
    """What the form of a visit gives the command."""
    said = {
        "client_id": str(uuid.uuid4()),
        "site_id": pilot.sites[site].id,
        "visited_on": DAY,
        **marks(8, 6, 7, 9, None),
    }
    return said | {"learners": 41, "teachers": 3, "worked": "The pairs read by themselves."} | more


def visited(pilot: Pilot, site: int = 0, **more: Any) -> PilotVisit:
    owner = make.actor(pilot.idea.owner)
    return commands.record_visit(owner, pilot, **details(pilot, site, **more)).visit


def sent(pilot: Pilot, at: int = 0, **more: Any) -> dict[str, Any]:
    """What a page sends of a visit."""
    told = {"site": str(pilot.sites[at].id), "visited_on": DAY.isoformat(), "adherence": "8", "quality": "7"}
    return told | {"form_key": str(uuid.uuid4()), "learners": "41", "worked": "The pairs read by themselves."} | more


def adapted(pilot: Pilot, **more: Any) -> PilotAdaptation:
    told = {
        "touches": "amount",
        "is_core": False,
        "change": "Read before the first lesson.",
        "goal": "Fewer lost days.",
    }
    return commands.plan_adaptation(make.actor(pilot.idea.owner), pilot, **(told | {"planned_on": DAY} | more))
