"""The pages of funders."""

from innovation.funders.blueprint import bp
from innovation.funders.views import browsing, directory, introducing

__all__ = ["bp", "browsing", "directory", "introducing"]
