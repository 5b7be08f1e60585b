"""How like the places where it would grow the sites of a pilot are: by quintile, town or country, and size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from innovation.values import dataclass

SIZES = (200, 500, 1000)  # learners, from which a school is of the next size
POOREST = ("1", "2", "3")
KNOWN = (("1", "2", "3", "4", "5"), ("rural", "urban"), tuple(str(size) for size in (0, *SIZES)))


@dataclass(frozen=True)
class Share:
    """How many of the sites, and of all, are of one kind, in parts of one."""

    key: str
    sites: int
    all: int
    of_sites: float
    of_all: float


@dataclass(frozen=True)
class Typicality:
    """Sites against all schools: by quintile, by ``urban_rural``, by size, each kind that anything is of."""

    sites: int
    all: int
    quintiles: tuple[Share, ...]
    settings: tuple[Share, ...]
    sizes: tuple[Share, ...]

    @property
    def poorest(self) -> Share | None:
        return together(self.quintiles, POOREST)

    @property
    def leans(self) -> str:
        """``better_off``, ``poorer`` or ``typical``; empty where it cannot be told.

        More than one site beyond what the share of all would make of so many sites counts as a difference.
        """
        poorest = self.poorest
        if poorest is None or not poorest.all or not known(self.quintiles):
            return ""
        beyond = poorest.sites - poorest.of_all * known(self.quintiles)
        return "poorer" if beyond > 1 else "better_off" if beyond < -1 else "typical"


def known(shares: Iterable[Share]) -> int:
    """Of how many sites the kind is known."""
    return sum(share.sites for share in shares)


def together(shares: Sequence[Share], keys: Iterable[str]) -> Share | None:
    """Several kinds as one."""
    found = [share for share in shares if share.key in keys]
    if not shares:
        return None
    total = [sum(getattr(share, name) for share in found) for name in ("sites", "all", "of_sites", "of_all")]
    return Share("", int(total[0]), int(total[1]), float(total[2]), float(total[3]))


Counted = Iterable[tuple[Any, Any, Any, int]]
"""Schools counted by quintile, urban or rural, and size."""


def compare(sites: Counted, everything: Counted) -> Typicality:
    """The two counts side by side; what is not known of a school is left out of its shares."""
    ours, theirs = list(sites), list(everything)
    parts = [_shares(_by(ours, column), _by(theirs, column)) for column in range(3)]
    return Typicality(sum(row[3] for row in ours), sum(row[3] for row in theirs), *parts)


def _by(rows: Sequence[tuple[Any, Any, Any, int]], column: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        key = str(row[column])
        if key in KNOWN[column]:  # a register has other marks for what it does not know
            counts[key] = counts.get(key, 0) + row[3]
    return counts


def _shares(ours: dict[str, int], theirs: dict[str, int]) -> tuple[Share, ...]:
    totals = max(1, sum(ours.values())), max(1, sum(theirs.values()))
    return tuple(
        Share(key, ours.get(key, 0), theirs.get(key, 0), ours.get(key, 0) / totals[0], theirs.get(key, 0) / totals[1])
        for kinds in KNOWN
        for key in kinds
        if key in ours or key in theirs
    )
