"""Reading pilots and the milestones of an idea."""

from innovation.pilots.queries.evidence import work_out_evidence
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
from innovation.pilots.queries.readings import (
    count_places,
    find_history,
    is_small,
    list_missing,
    list_readings,
    list_sites_to_read,
    list_summaries,
    list_values,
    readings_at,
    terms_of,
)
from innovation.pilots.queries.results import Results, read_effects, read_results, read_terms
from innovation.pilots.queries.sections import parts_of
from innovation.pilots.queries.warnings import count_open_warnings, facts_of, find_warning, list_answered, list_open

__all__ = [
    "MOST",
    "Plan",
    "Results",
    "approved_by",
    "compare_sites",
    "count_open_warnings",
    "count_places",
    "count_sites",
    "facts_of",
    "find_history",
    "find_milestone",
    "find_milestone_file",
    "find_pilot",
    "find_site",
    "find_warning",
    "is_piloting",
    "is_ready",
    "is_small",
    "latest_pilot",
    "list_amendments",
    "list_answered",
    "list_milestones",
    "list_missing",
    "list_open",
    "list_places",
    "list_readings",
    "list_rows",
    "list_sites",
    "list_sites_to_read",
    "list_summaries",
    "list_values",
    "measured",
    "parts_of",
    "read_effects",
    "read_plan",
    "read_results",
    "read_terms",
    "readings_at",
    "terms_of",
    "work_out_evidence",
]
