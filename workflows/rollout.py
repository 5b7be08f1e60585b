"""The way of a rollout: asked for, agreed upon, prepared, running, ended; or declined, or stopped with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class RolloutFacts:
    """What a rollout must know: whether its idea goes on and has a playbook, how many places, and people trained."""

    is_active: bool = True
    playbooks: int = 0
    sites: int = 0
    trained: int = 0


GOES_ON = Guard(lambda f: f.is_active, "The idea is not under way: nobody can take it up now.")
WRITTEN = Guard(lambda f: f.playbooks > 0, "No version of the playbook is published yet: there is nothing to agree on.")
PLACED = Guard(lambda f: f.sites > 0, "It is not said yet where it will be done.")
TRAINED = Guard(lambda f: f.trained > 0, "Nobody has been trained yet.")

ROLLOUT: Workflow[str] = Workflow(
    "rollout",
    initial="asked",
    steps=[
        Step("agree", "asked", "agreed", guards=(GOES_ON, WRITTEN)),
        Step("decline", "asked", "declined"),
        Step("prepare", "agreed", "preparing", guards=(PLACED,)),
        Step("start", "preparing", "running", guards=(PLACED, TRAINED)),
        Step("end", "running", "ended"),
        Step("stop", "agreed", "stopped"),
        Step("stop", "preparing", "stopped"),
        Step("stop", "running", "stopped"),
    ],
)
