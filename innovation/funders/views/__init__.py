"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import (
    awards,
    browsing,
    comparing,
    directory,
    funding,
    introducing,
    planning,
    talking,
    workspace,
)

__all__ = [
    "awards",
    "bp",
    "browsing",
    "comparing",
    "directory",
    "funding",
    "introducing",
    "planning",
    "talking",
    "workspace",
]
