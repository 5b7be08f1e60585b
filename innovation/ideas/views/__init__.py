"""The pages of ideas."""

from innovation.ideas import capture_views, claim_views, import_views, imported_views, move_views
from innovation.ideas.blueprint import bp
from innovation.ideas.views import alike, canvas, journey, lessons, papers, sharing, team
from innovation.ideas.views.papers import setup

__all__ = [
    "alike",
    "bp",
    "canvas",
    "capture_views",
    "claim_views",
    "import_views",
    "imported_views",
    "journey",
    "lessons",
    "move_views",
    "papers",
    "setup",
    "sharing",
    "team",
]
