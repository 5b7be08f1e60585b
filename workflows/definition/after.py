"""What a process says of the time after a decision, and of who may waive what a gate asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .tables import Table

WAIVING_ROLES = ("chair", "coordinator", "manager")
MOST_DAYS = 250


@dataclass(frozen=True)
class Afterwards:
    """Working days: to tell the team, for its owner to ask that a decision be reconsidered, and to answer that."""

    feedback_days: int = 10
    asking_days: int = 20
    answer_days: int = 10


@dataclass(frozen=True)
class Waivers:
    """Who may waive a deliverable that a gate asks for, and who the day by which an idea is to be presented."""

    deliverable: str = "chair"
    deadline: str = "coordinator"

    def role_for(self, kind: str) -> str:
        return self.deliverable if kind == "deliverable" else self.deadline


USUAL_DAYS, USUAL_WAIVERS = Afterwards(), Waivers()


def read_afterwards(table: Table) -> Afterwards:
    """What the definition says in ``after_decision``; whatever it does not say is as usual."""
    if table.absent("after_decision"):
        return USUAL_DAYS
    inner = table.table("after_decision")
    found = Afterwards(**dict(_days(inner)))
    inner.close()
    return found


def _days(table: Table) -> Iterator[tuple[str, int]]:
    for name in ("feedback_days", "asking_days", "answer_days"):
        days = table.whole(name, default=getattr(Afterwards, name))
        if not 1 <= days <= MOST_DAYS:
            table.faults.note(table.at(name), f"must be from 1 to {MOST_DAYS}")
        yield name, days


def read_waivers(table: Table) -> Waivers:
    """What the definition says in ``waivers``; whatever it does not say is as usual."""
    if table.absent("waivers"):
        return USUAL_WAIVERS
    inner = table.table("waivers")
    found = Waivers(
        deliverable=inner.one_of("deliverable", WAIVING_ROLES, default=Waivers.deliverable),
        deadline=inner.one_of("deadline", WAIVING_ROLES, default=Waivers.deadline),
    )
    inner.close()
    return found
