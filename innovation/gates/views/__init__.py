"""The pages of gates: panels, the desk, reviews, scorecards, decisions and conditions."""

from . import (
    abstaining,
    assigning,
    conditions,
    decisions,
    desk,
    interests,
    merging,
    panels,
    presenting,
    reconsidering,
    reviews,
    running,
    scorecards,
    vacancies,
    waiting,
    waiving,
)
from .blueprint import bp

__all__ = [
    "abstaining",
    "assigning",
    "bp",
    "conditions",
    "decisions",
    "desk",
    "interests",
    "merging",
    "panels",
    "presenting",
    "reconsidering",
    "reviews",
    "running",
    "scorecards",
    "vacancies",
    "waiting",
    "waiving",
]
