"""The tree of who learned from whom, laid out as a picture, and how far it has spread, term by term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from innovation.pilots.privacy import together
from innovation.values import dataclass

ACROSS, DOWN = 34, 34  # between two generations, and between two neighbours
LEFT, TOP = 14, 20
WIDE, HIGH = 640, 160
DEEPEST = 9  # what is further down stands below one another


@dataclass(frozen=True)
class Branch:
    """A rollout in the tree: how many steps it is from those who began, and where its circle stands."""

    key: int
    parent: int | None
    depth: int
    x: int
    y: int


@dataclass(frozen=True)
class Tree:
    """The branches from top to bottom, below those who began, who stand at ``LEFT`` and ``TOP``."""

    branches: tuple[Branch, ...]
    height: int
    width: int = WIDE
    left: int = LEFT
    top: int = TOP

    def path_to(self, branch: Branch) -> str:
        """The line from the one it was learned from: down, then across, so that it runs through nobody's name."""
        before = next((each for each in self.branches if each.key == branch.parent), None)
        x, y = (before.x, before.y) if before else (LEFT, TOP)
        return f"M{x} {y}V{branch.y}H{branch.x}"


def grow(parents: Mapping[int, int | None]) -> Tree:
    """The tree of rollouts by their parents, in the order given; who learned from nobody known learned from those
    who began, and so does one whose line would lead in a circle."""
    known = {key: _parent(key, parents) for key in parents}
    children: dict[int | None, list[int]] = {}
    for key, parent in known.items():
        children.setdefault(parent, []).append(key)
    order: list[tuple[int, int]] = []
    waiting = [(key, 1) for key in reversed(children.get(None, ()))]
    while waiting:
        key, depth = waiting.pop()
        order.append((key, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(key, ()))]
    branches = tuple(
        Branch(key, known[key], depth, LEFT + min(depth, DEEPEST) * ACROSS, TOP + row * DOWN)
        for row, (key, depth) in enumerate(order, 1)
    )
    return Tree(branches, TOP * 2 + len(branches) * DOWN)


def _parent(key: int, parents: Mapping[int, int | None]) -> int | None:
    """From whom it was learned, unless that is unknown or leads back to itself."""
    seen, above = {key}, parents[key]
    first = above if above in parents else None
    while above is not None:
        if above in seen:
            return None
        seen.add(above)
        above = parents.get(above)
    return first


def leads_back(key: int, learned_from: int | None, parents: Mapping[int, int | None]) -> bool:
    """Whether they would learn from those who learned from them."""
    return learned_from is not None and _parent(key, {**parents, key: learned_from}) is None


# Over time


@dataclass(frozen=True)
class Reached:
    """A place with the people there, and the days between which it takes part; an end left open is open."""

    place: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    learners: int = 0


@dataclass(frozen=True)
class Term:
    key: str
    ends_on: dt.date


@dataclass(frozen=True)
class Spread:
    """How many places have begun by the end of a term, and how many people were reached there, none counted twice.

    Those of places with too few to tell of are in no number.
    """

    term: str
    sites: int
    learners: int


def spread_by_term(reached: Iterable[Reached], terms: Iterable[Term], today: dt.date) -> list[Spread]:
    """Cumulative, from the first term in which a place began to the one that it is now."""
    listed = list(reached)
    first = min((each.starts_on for each in listed), default=None)
    found = []
    for term in sorted(terms, key=lambda each: each.ends_on):
        if first is None or term.ends_on < first:
            continue
        most: dict[str, int] = {}
        for each in listed:
            if each.starts_on <= min(term.ends_on, today):
                most[each.place] = max(most.get(each.place, 0), each.learners)
        found.append(Spread(term.key, len(most), together(most.values())))
        if term.ends_on >= today:
            break
    return found


@dataclass(frozen=True)
class Bar:
    """A column of the picture: its place, and how high it stands."""

    x: int
    y: int
    width: int
    height: int
    spread: Spread


def bars(found: Sequence[Spread], attribute: str = "sites") -> list[Bar]:
    """The columns of a picture ``WIDE`` by ``HIGH``, the highest one filling it but for the words above."""
    highest = max((getattr(each, attribute) for each in found), default=0)
    if not highest:
        return []
    step = min(90, (WIDE - 2 * LEFT) // len(found))
    return [
        Bar(LEFT + at * step, HIGH - 24 - height, max(4, step - 10), height, each)
        for at, each in enumerate(found)
        for height in [round((HIGH - 48) * getattr(each, attribute) / highest)]
    ]
