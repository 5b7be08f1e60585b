"""Counts of people and ideas, told so that nobody can be made out among few."""

from __future__ import annotations

from collections.abc import Mapping

from innovation.values import dataclass

LEAST = 5


@dataclass(frozen=True)
class Cell:
    """A number under its name; None where it is held back."""

    name: str
    count: int | None


def cells_of(counts: Mapping[str, int], least: int = LEAST) -> list[Cell]:
    """The counts above nought, those under ``least`` held back.

    Whoever knows the sum could work out a single one that is held back, or few of them that are small together: so
    the next smallest is held back as well, until there are two and ``least`` in all.
    """
    kept = {name: count for name, count in counts.items() if count > 0}
    hidden = {name for name, count in kept.items() if count < least}
    for name in sorted(kept.keys() - hidden, key=lambda name: (kept[name], name)) if hidden else ():
        if len(hidden) > 1 and sum(kept[each] for each in hidden) >= least:
            break
        hidden.add(name)
    return [Cell(name, None if name in hidden else count) for name, count in kept.items()]


def holds_back(cells: list[Cell]) -> bool:
    return any(cell.count is None for cell in cells)
