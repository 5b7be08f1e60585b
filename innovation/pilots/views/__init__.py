"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import (
    importing,
    incidents,
    measured,
    milestones,
    pack,
    planning,
    readings,
    results,
    spend,
)

__all__ = [
    "bp",
    "importing",
    "incidents",
    "measured",
    "milestones",
    "pack",
    "planning",
    "readings",
    "results",
    "spend",
]
