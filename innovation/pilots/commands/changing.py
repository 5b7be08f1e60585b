"""How a plan is changed: freely before the pilot begins, and from then on by amendments with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.db import db, now
from innovation.events import record
from innovation.ideas.commands.journey import note_pilot
from innovation.permission import Actor
from innovation.pilots import queries
from innovation.pilots.events import PilotAmended, PilotPlanChanged
from innovation.pilots.places import keep_places
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotAmendment
from workflows import Refused

KEPT_WITH_THE_IDEA = ("outline", "sites")


def require_open(pilot: Pilot, reason: str) -> None:
    """Refuse where the plan stays as it is, or where a reason is needed and there is none."""
    if pilot.state == "ended":
        raise Refused(("The pilot has ended: its plan stays as it is.",))
    if pilot.state != "planned" and not reason.strip():
        raise Refused(("The pilot has begun: say why the plan changes.",))


def note(actor: Actor, pilot: Pilot, part: str, changes: Sequence[dict[str, Any]], reason: str) -> None:
    """Record what was changed; whoever looked at the plan before looks at it again."""
    flag_modified(pilot, "state")
    db.session.flush()
    if part == "sites":
        keep_places(pilot.id)
    if pilot.state == "planned":
        record(actor, PilotPlanChanged(pilot.idea_id, pilot.id, part))
        return
    last = sa.select(sa.func.max(PilotAmendment.number)).where(PilotAmendment.pilot_id == pilot.id)
    amendment = PilotAmendment(
        pilot_id=pilot.id,
        number=(db.session.scalar(last) or 0) + 1,
        part=part,
        changes=list(changes),
        reason=reason.strip(),
        made_by_id=actor.person_id,
        made_at=now(),
    )
    db.session.add(amendment)
    db.session.flush()
    if part in KEPT_WITH_THE_IDEA and pilot.starts_on and pilot.ends_on:
        note_pilot(
            pilot.idea,
            sites=queries.list_places(pilot),
            starts_on=pilot.starts_on,
            ends_on=pilot.ends_on,
            means=pilot.means,
        )
    record(actor, PilotAmended(pilot.idea_id, pilot.id, part, amendment.id))
