"""The pages of gates: panels, the desk, reviews, scorecards, decisions and conditions."""

from . import (
    conditions,
    decisions,
    desk,
    panels,
    presenting,
    reconsidering,
    reviews,
    running,
    scorecards,
    waiting,
    waiving,
)
from .blueprint import bp

__all__ = [
    "bp",
    "conditions",
    "decisions",
    "desk",
    "panels",
    "presenting",
    "reconsidering",
    "reviews",
    "running",
    "scorecards",
    "waiting",
    "waiving",
]
