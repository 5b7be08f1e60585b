"""What is done with pilots: their milestones planned, shown to be reached, accepted or returned."""

from innovation.pilots.commands.milestones import (
    accept_milestone,
    add_milestone_file,
    plan_milestone,
    remove_milestone_file,
    return_milestone,
    show_milestone,
)
from innovation.pilots.commands.packing import hand_in_pack

__all__ = [
    "accept_milestone",
    "add_milestone_file",
    "hand_in_pack",
    "plan_milestone",
    "remove_milestone_file",
    "return_milestone",
    "show_milestone",
]
