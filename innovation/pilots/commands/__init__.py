"""What is done with pilots: their milestones, the readings at their sites, and answers to stop warnings."""

from innovation.pilots.commands.milestones import (
    accept_milestone,
    add_milestone_file,
    plan_milestone,
    remove_milestone_file,
    return_milestone,
    show_milestone,
)
from innovation.pilots.commands.readings import record_reading, type_readings
from innovation.pilots.commands.warnings import answer_stop_warning

__all__ = [
    "accept_milestone",
    "add_milestone_file",
    "answer_stop_warning",
    "plan_milestone",
    "record_reading",
    "remove_milestone_file",
    "return_milestone",
    "show_milestone",
    "type_readings",
]
