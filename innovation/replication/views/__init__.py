"""The pages of playbooks and rollouts."""

from innovation.replication.blueprint import bp
from innovation.replication.views import playbooks, rollouts

__all__ = ["bp", "playbooks", "rollouts"]
