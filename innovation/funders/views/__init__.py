"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import awards, browsing, directory, introducing, planning

__all__ = ["awards", "bp", "browsing", "directory", "introducing", "planning"]
