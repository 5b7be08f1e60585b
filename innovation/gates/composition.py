"""Whether people can make up a panel: what the gate asks for and they do not give, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from innovation.gates.models import CHAIRING_ROLES, LEADING_ROLES, SCORING_ROLES
from workflows import Gate


def lacking(gate: Gate, roles: Iterable[str]) -> tuple[str, ...]:
    """What keeps people in these seats from deciding at a gate: its composition, its quorum, somebody to chair."""
    seated = [role for role in roles if role in SCORING_ROLES]
    faults = list(gate.uncovered(seated))
    if len(seated) < gate.quorum:
        faults.append(f"Only {len(seated)} of the people left can score, and the quorum is {gate.quorum}.")
    if not any(role in CHAIRING_ROLES for role in seated):
        faults.append("Nobody is left to chair the panel.")
    return tuple(faults)


def advice(gate: Gate, roles: Iterable[str]) -> tuple[str, ...]:
    """What a panel can do without until somebody is missing."""
    seated = list(roles)
    scoring = sum(role in SCORING_ROLES for role in seated)
    found = []
    if "deputy" not in seated and sum(role in LEADING_ROLES for role in seated) < 2:
        found.append("There is no deputy: where the chair has an interest, nobody can decide.")
    if "alternate" not in seated and scoring <= gate.quorum:
        found.append("There is no alternate, and the quorum needs every member.")
    return tuple(found)
