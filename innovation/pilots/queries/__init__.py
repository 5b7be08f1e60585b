"""Reading pilots and the milestones of an idea."""

from innovation.pilots.queries.milestones import MOST, find_milestone, find_milestone_file, list_milestones
from innovation.pilots.queries.piloting import find_pilot, latest_pilot
from innovation.pilots.queries.readings import (
    count_sites,
    find_history,
    is_small,
    list_missing,
    list_readings,
    list_sites,
    list_summaries,
    list_values,
    readings_at,
    terms_of,
)
from innovation.pilots.queries.warnings import count_open_warnings, facts_of, find_warning, list_answered, list_open

__all__ = [
    "MOST",
    "count_open_warnings",
    "count_sites",
    "facts_of",
    "find_history",
    "find_milestone",
    "find_milestone_file",
    "find_pilot",
    "find_warning",
    "is_small",
    "latest_pilot",
    "list_answered",
    "list_milestones",
    "list_missing",
    "list_open",
    "list_readings",
    "list_sites",
    "list_summaries",
    "list_values",
    "readings_at",
    "terms_of",
]
