"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import (
    adaptations,
    importing,
    incidents,
    measured,
    milestones,
    pack,
    planning,
    readings,
    results,
    spend,
    visit_phone,
    visits,
)

__all__ = [
    "adaptations",
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
    "visit_phone",
    "visits",
]
