"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import (
    adaptations,
    importing,
    measured,
    milestones,
    pack,
    planning,
    readings,
    results,
    visit_phone,
    visits,
)

__all__ = [
    "adaptations",
    "bp",
    "importing",
    "measured",
    "milestones",
    "pack",
    "planning",
    "readings",
    "results",
    "visit_phone",
    "visits",
]
