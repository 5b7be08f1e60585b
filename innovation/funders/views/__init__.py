"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import browsing, directory, introducing, planning

__all__ = ["bp", "browsing", "directory", "introducing", "planning"]
