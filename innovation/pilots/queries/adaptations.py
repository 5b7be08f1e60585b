"""Reading the adaptations of a pilot."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.plan_models import Pilot
from workflows import AdaptationFacts


def list_adaptations(pilot: Pilot) -> list[PilotAdaptation]:
    """The adaptations in the order of time; there are few enough for one page."""
    query = sa.select(PilotAdaptation).where(PilotAdaptation.pilot_id == pilot.id)
    return list(db.session.scalars(query.order_by(PilotAdaptation.planned_on, PilotAdaptation.number)))


def find_adaptation(actor: Actor, pilot: Pilot, number: int) -> PilotAdaptation:
    """One of the pilot's, for whoever may see the pilot."""
    query = sa.select(PilotAdaptation).where(PilotAdaptation.pilot_id == pilot.id, PilotAdaptation.number == number)
    found = db.session.scalars(query).first()
    if found is None or not policy.may_see_pilot.allows(actor, pilot):
        raise NotThere
    return found


def facts_of_adaptation(adaptation: PilotAdaptation) -> AdaptationFacts:
    under_way = adaptation.pilot.state not in ("planned", "ended")
    return AdaptationFacts(is_under_way=under_way, is_found=bool(adaptation.found))
