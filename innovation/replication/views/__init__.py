"""The pages of playbooks and rollouts."""

from innovation.replication.blueprint import bp
from innovation.replication.views import playbooks, rollouts, sites

__all__ = ["bp", "playbooks", "rollouts", "sites"]
