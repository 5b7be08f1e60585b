"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import (
    awards,
    browsing,
    committed,
    directory,
    funding,
    introducing,
    planning,
    reporting,
    talking,
)

__all__ = [
    "awards",
    "bp",
    "browsing",
    "committed",
    "directory",
    "funding",
    "introducing",
    "planning",
    "reporting",
    "talking",
]
