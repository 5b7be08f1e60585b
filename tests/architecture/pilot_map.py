"""The part of the map about pilots, joined from the maps of their parts."""

from __future__ import annotations

from tests.architecture.money_map import MILESTONES
from tests.architecture.pilot_results_map import RESULTS

PILOTS = {
    **MILESTONES,
    **RESULTS,
}
