"""What was tried with each part of a playbook, how often it was kept, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from innovation.pilots.fidelity import marks_of, mean_of
from innovation.replication.contents import Part
from innovation.replication.models import FidelityCheck, RolloutAdaptation
from innovation.values import dataclass


@dataclass(frozen=True)
class Tried:
    """A part with the adaptations that touch it."""

    part: Part
    adaptations: tuple[RolloutAdaptation, ...]

    def count(self, act: str) -> int:
        return sum(each.act == act for each in self.adaptations)


def by_part(parts: Sequence[Part], adaptations: Iterable[RolloutAdaptation]) -> list[Tried]:
    """The parts that somebody has adapted, in their order; parts that are in no version any more come last."""
    listed = list(adaptations)
    known = {part.key for part in parts}
    gone = sorted({each.part for each in listed} - known)
    found = [
        Tried(part, tuple(each for each in listed if each.part == part.key))
        for part in [*parts, *(Part(key, "", core=False) for key in gone)]
    ]
    return [each for each in found if each.adaptations]


def fidelity(check: FidelityCheck) -> float:
    """The mean of the five dimensions."""
    return mean_of(marks_of(check)) or 0.0
