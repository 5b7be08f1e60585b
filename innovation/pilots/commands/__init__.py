"""What is done with pilots: planned, started and amended; their milestones planned, shown, accepted or returned."""

from innovation.pilots.commands.milestones import (
    accept_milestone,
    add_milestone_file,
    plan_milestone,
    remove_milestone_file,
    return_milestone,
    show_milestone,
)
from innovation.pilots.commands.packing import hand_in_pack
from innovation.pilots.commands.planning import change_outline, change_rows, end_pilot, plan_pilot, start_pilot
from innovation.pilots.commands.readings import record_reading, type_readings
from innovation.pilots.commands.sites import add_site, change_site, remove_site
from innovation.pilots.commands.warnings import answer_stop_warning

__all__ = [
    "accept_milestone",
    "add_milestone_file",
    "add_site",
    "answer_stop_warning",
    "change_outline",
    "change_rows",
    "change_site",
    "end_pilot",
    "hand_in_pack",
    "plan_milestone",
    "plan_pilot",
    "record_reading",
    "remove_milestone_file",
    "remove_site",
    "return_milestone",
    "show_milestone",
    "start_pilot",
    "type_readings",
]
