"""Reading pilots and the milestones of an idea."""

from innovation.pilots.queries.milestones import MOST, find_milestone, find_milestone_file, list_milestones
from innovation.pilots.queries.piloting import find_pilot, latest_pilot
from innovation.pilots.queries.readings import list_readings

__all__ = [
    "MOST",
    "find_milestone",
    "find_milestone_file",
    "find_pilot",
    "latest_pilot",
    "list_milestones",
    "list_readings",
]
