"""The pages of pilots."""

from innovation.pilots.blueprint import bp
from innovation.pilots.views import milestones, pack, results

__all__ = ["bp", "milestones", "pack", "results"]
