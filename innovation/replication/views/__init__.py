"""The pages of playbooks and rollouts, and of the way into the system."""

from innovation.replication.blueprint import bp
from innovation.replication.views import homes, playbooks, reviewing, rollouts, sites, tracking

__all__ = ["bp", "homes", "playbooks", "reviewing", "rollouts", "sites", "tracking"]
