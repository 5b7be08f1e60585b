"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import milestones, planning

__all__ = ["bp", "milestones", "planning"]
