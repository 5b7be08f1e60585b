"""Reading pilots and the milestones of an idea."""

from innovation.pilots.queries.evidence import work_out_evidence
from innovation.pilots.queries.milestones import MOST, find_milestone, find_milestone_file, list_milestones
from innovation.pilots.queries.piloting import find_pilot, latest_pilot
from innovation.pilots.queries.readings import list_readings
from innovation.pilots.queries.results import Results, read_effects, read_results, read_terms
from innovation.pilots.queries.sections import parts_of

__all__ = [
    "MOST",
    "Results",
    "find_milestone",
    "find_milestone_file",
    "find_pilot",
    "latest_pilot",
    "list_milestones",
    "list_readings",
    "parts_of",
    "read_effects",
    "read_results",
    "read_terms",
    "work_out_evidence",
]
