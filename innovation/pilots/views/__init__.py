"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import importing, measured, milestones, pack, planning, readings, results

__all__ = [
    "bp",
    "importing",
    "measured",
    "milestones",
    "pack",
    "planning",
    "readings",
    "results",
]
