"""Counts of people and ideas, told so that nobody can be made out among few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    the next smallest is held back as well, until each could be any number under ``least`` (complementary suppression).
    """
    kept = {name: count for name, count in counts.items() if count > 0}
    hidden = {name for name, count in kept.items() if count < least}
    for name in sorted(kept.keys() - hidden, key=lambda name: (kept[name], name)) if hidden else ():
        if _is_enough([kept[each] for each in hidden], least):
            break
        hidden.add(name)
    return [Cell(name, None if name in hidden else count) for name, count in kept.items()]


def total_of(counts: Mapping[str, int], least: int = LEAST) -> int | None:
    """What they come to; None where that would give away a number that is held back, since too few are."""
    hidden = {cell.name for cell in cells_of(counts, least) if cell.count is None}
    given_away = hidden and not _is_enough([counts[name] for name in hidden], least)
    return None if given_away else sum(count for count in counts.values() if count > 0)


def _is_enough(hidden: Sequence[int], least: int) -> bool:
    """Whether each of these, of which the sum is known and that none is nought, could be any number under ``least``."""
    return len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= least - 1


def holds_back(cells: list[Cell]) -> bool:
    return any(cell.count is None for cell in cells)
