"""The pages of gates: panels, the desk, reviews, scorecards, decisions and conditions."""

from . import (
    assigning,
    conditions,
    decisions,
    desk,
    interests,
    panels,
    presenting,
    reviews,
    running,
    scorecards,
    vacancies,
    waiting,
)
from .blueprint import bp

__all__ = [
    "assigning",
    "bp",
    "conditions",
    "decisions",
    "desk",
    "interests",
    "panels",
    "presenting",
    "reviews",
    "running",
    "scorecards",
    "vacancies",
    "waiting",
]
