"""The pages of meetings: before, while they are open, and their minutes."""

from . import deliberating, minuting, planning, running
from .blueprint import bp

__all__ = ["bp", "deliberating", "minuting", "planning", "running"]
