"""Messages about what goes on in a pilot."""

from __future__ import annotations

import datetime as dt

from innovation.ideas.models import Idea
from innovation.notifications.messages import about
from innovation.notifications.post import Letter
from innovation.pilots.incident_models import Incident
from innovation.pilots.incidents import HARM
from innovation.pilots.plan_part_models import PilotPermission
from innovation.pilots.readiness import OVER, days_left


def incident(of: Incident, kind: str, *, endpoint: str = "pilots.incident_list") -> Letter:
    """That there is one, whether somebody came to harm and whether the pilot waits; never what happened or where."""
    told = {"kind": kind, "harm": of.severity == HARM, "paused": of.pilot.state == "paused", "by": of.settle_by}
    return about(of.idea, "incident", endpoint, **told)


def pilot_resumed(idea: Idea) -> Letter:
    told = {"kind": "pilot_resumed", "harm": False, "paused": False, "by": None}
    return about(idea, "incident", "pilots.incident_list", **told)


def permission_due(idea: Idea, permission: PilotPermission, *, today: dt.date) -> Letter:
    """Which permission or clearance runs out; nothing of what is on it."""
    told = {"what": permission.name, "day": permission.expires_on, "is_over": days_left(permission, today) == OVER}
    return about(idea, "permission_due", "pilots.plan", **told)
