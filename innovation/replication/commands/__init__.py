"""What is done with playbooks and rollouts."""

from innovation.replication.commands.filling import (
    add_rollout_site,
    begin_adaptation,
    change_rollout_site,
    check_fidelity,
    record_result,
    record_training,
    settle_adaptation,
)
from innovation.replication.commands.playbooks import (
    begin_version,
    close_playbook,
    open_playbook,
    publish_version,
    write_version,
)
from innovation.replication.commands.rollouts import (
    agree_rollout,
    ask_rollout,
    decline_rollout,
    enter_rollout,
    move_rollout,
    name_people,
)

__all__ = [
    "add_rollout_site",
    "agree_rollout",
    "ask_rollout",
    "begin_adaptation",
    "begin_version",
    "change_rollout_site",
    "check_fidelity",
    "close_playbook",
    "decline_rollout",
    "enter_rollout",
    "move_rollout",
    "name_people",
    "open_playbook",
    "publish_version",
    "record_result",
    "record_training",
    "settle_adaptation",
    "write_version",
]
