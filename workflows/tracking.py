"""How far an idea has become part of the system: the marks of its tracker, their mean, and what a gate makes of it.

After the Institutionalization Tracker of the Brookings Institution: each element from 1 to 4, with an explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from .definition.shapes import Definition, Gate
from .engine import Step, Workflow
from .scoring import Recommendation

TRACKER_MARK: Workflow[str] = Workflow(
    "mark",
    initial="proposed",
    steps=[
        Step("confirm", "proposed", "confirmed"),
        Step("return", "proposed", "returned"),
        Step("overtake", "proposed", "overtaken"),
    ],
)


def tracked_gate(definition: Definition) -> Gate | None:
    """The gate whose criteria are followed; None where the process has no tracker."""
    return definition.gate(definition.tracker.gate) if definition.tracker else None


def is_tracked(definition: Definition, place: str) -> bool:
    """Whether marks are given at a place: from the stage before the gate on."""
    gate = tracked_gate(definition)
    if gate is None:
        return False
    places = [each.place for each in definition.places]
    return place in places and places.index(place) >= places.index(gate.comes_from)


@dataclass(frozen=True, slots=True)
class Tracked:
    """The mean of what is marked, of ``marked`` criteria out of ``of``; what nobody has marked is in no mean."""

    mean: float | None
    marked: int
    of: int

    @property
    def is_whole(self) -> bool:
        return self.marked == self.of


def tracked(gate: Gate, marks: Mapping[str, int]) -> Tracked:
    """What the marks come to, by the key of each criterion; what the gate does not ask for counts for nothing."""
    found = [marks[criterion.key] for criterion in gate.should if criterion.key in marks]
    return Tracked(round(fmean(found), 6) if found else None, len(found), len(gate.should))


def falls_short(gate: Gate, marks: Mapping[str, int]) -> tuple[str, ...]:
    """Why the tracker does not carry a go: a sentence for each reason; none where it was not begun, or reaches it."""
    found, needed = tracked(gate, marks), gate.thresholds.mean_mark
    if found.mean is None or needed is None:
        return ()
    reasons = []
    if found.mean < needed:
        reasons.append(f"The tracker's mean is {found.mean:.1f}, and a go asks for {needed:.1f}.")
    if not found.is_whole:
        reasons.append(f"In the tracker, {found.marked} of {found.of} marks are confirmed.")
    return tuple(reasons)


def held_by_tracker(gate: Gate, marks: Mapping[str, int], advised: Recommendation) -> Recommendation:
    """What is recommended once the tracker has been asked as well: a go that it does not carry is a conditional one."""
    reasons = falls_short(gate, marks) if advised.outcome == "go" else ()
    return Recommendation("conditional", " ".join(("The scores are enough for go.", *reasons))) if reasons else advised
