"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import awards, browsing, directory, funding, introducing, mandates, planning, talking

__all__ = ["awards", "bp", "browsing", "directory", "funding", "introducing", "mandates", "planning", "talking"]
