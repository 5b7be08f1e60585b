"""Reading playbooks and rollouts."""

from innovation.replication.queries.playbooks import (
    before,
    find_public,
    find_spreading,
    find_version,
    list_versions,
    name_given,
    playbook_of,
    published,
)
from innovation.replication.queries.rollouts import (
    InPublic,
    facts_of,
    find_adaptation,
    find_rollout,
    find_site,
    list_rollouts,
    mentors_for,
    rollouts_to_do,
    spread_of,
    taking_part,
    told_in_public,
)

__all__ = [
    "InPublic",
    "before",
    "facts_of",
    "find_adaptation",
    "find_public",
    "find_rollout",
    "find_site",
    "find_spreading",
    "find_version",
    "list_rollouts",
    "list_versions",
    "mentors_for",
    "name_given",
    "playbook_of",
    "published",
    "rollouts_to_do",
    "spread_of",
    "taking_part",
    "told_in_public",
]
