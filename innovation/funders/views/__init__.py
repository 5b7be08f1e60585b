"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import (
    awards,
    browsing,
    committed,
    directory,
    funding,
    introducing,
    mandate_words,
    mandates,
    planning,
    reporting,
    talking,
    together,
)

__all__ = [
    "awards",
    "bp",
    "browsing",
    "committed",
    "directory",
    "funding",
    "introducing",
    "mandate_words",
    "mandates",
    "planning",
    "reporting",
    "talking",
    "together",
]
