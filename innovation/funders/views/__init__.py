"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import (
    awards,
    browsing,
    committed,
    comparing,
    directory,
    funding,
    introducing,
    mandate_words,
    mandates,
    planning,
    reporting,
    talking,
    together,
    workspace,
)

__all__ = [
    "awards",
    "bp",
    "browsing",
    "committed",
    "comparing",
    "directory",
    "funding",
    "introducing",
    "mandate_words",
    "mandates",
    "planning",
    "reporting",
    "talking",
    "together",
    "workspace",
]
