"""The part of the map about pilots and what is learnt from them, joined from the maps of their parts."""

from __future__ import annotations

from tests.architecture.lesson_map import LESSONS
from tests.architecture.money_map import MILESTONES
from tests.architecture.pilot_field_map import FIELD
from tests.architecture.pilot_incident_map import INCIDENTS
from tests.architecture.pilot_plan_map import PLANS_OF_PILOTS
from tests.architecture.pilot_reading_map import READINGS
from tests.architecture.pilot_results_map import RESULTS
from tests.architecture.reach_map import REACH
from tests.architecture.spread_map import PLAYBOOKS
from tests.architecture.system_map import INTO_SYSTEM

__all__ = ["LESSONS", "PILOTS", "REACH", "SPREAD"]

PILOTS = {
    **MILESTONES,
    **PLANS_OF_PILOTS,
    **READINGS,
    **RESULTS,
    **INCIDENTS,
    **FIELD,
}
SPREAD = {**PLAYBOOKS, **INTO_SYSTEM}
