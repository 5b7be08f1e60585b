"""Reading pilots and the milestones of an idea."""

from innovation.pilots.queries.milestones import MOST, find_milestone, find_milestone_file, list_milestones
from innovation.pilots.queries.piloting import find_pilot, latest_pilot
from innovation.pilots.queries.planning import (
    Plan,
    approved_by,
    compare_sites,
    count_sites,
    find_site,
    is_piloting,
    is_ready,
    list_amendments,
    list_places,
    list_rows,
    list_sites,
    measured,
    read_plan,
)
from innovation.pilots.queries.readings import list_readings

__all__ = [
    "MOST",
    "Plan",
    "approved_by",
    "compare_sites",
    "count_sites",
    "find_milestone",
    "find_milestone_file",
    "find_pilot",
    "find_site",
    "is_piloting",
    "is_ready",
    "latest_pilot",
    "list_amendments",
    "list_milestones",
    "list_places",
    "list_readings",
    "list_rows",
    "list_sites",
    "measured",
    "read_plan",
]
