"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import importing, measured, milestones, planning, readings

__all__ = [
    "bp",
    "importing",
    "measured",
    "milestones",
    "planning",
    "readings",
]
