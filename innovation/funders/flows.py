"""The picture of who funds what: a bar for each funder, a bar for each idea, and bands between them. Pure geometry.

All bars share one scale of money, so that a band is as broad as what it stands for. Ideas beyond the largest few share
a bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from innovation.values import dataclass

LEFT, RIGHT, BROAD = 220.0, 500.0, 14.0  # where the bars stand, and how broad they are, in a box of 800
TALL, LEAST, ROW = 300.0, 2.0, 20.0  # all money together; the lowest bar; room for the label of one
TONES = 6
MOST_BARS = 24


@dataclass(frozen=True)
class Flow:
    """So many cents from a funder to an idea, each by its key."""

    funder: int
    idea: int
    cents: int


@dataclass(frozen=True)
class Bar:
    """A bar with its key; the key of the bar of all other ideas is 0."""

    key: int
    cents: int
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True)
class Band:
    """From the bar of a funder to that of an idea; ``path`` is its outline, ``tone`` a number from 1."""

    funder: int
    idea: int
    cents: int
    tone: int
    path: str


@dataclass(frozen=True)
class Picture:
    """Everything to draw, in a box of 800 by ``height``; how many ideas share the last bar."""

    funders: tuple[Bar, ...]
    ideas: tuple[Bar, ...]
    bands: tuple[Band, ...]
    height: float
    together: int


def draw(flows: Sequence[Flow]) -> Picture:
    """The picture of these flows, the largest sums on top."""
    ideas = _largest_first(flows, "idea")
    apart = ideas if len(ideas) <= MOST_BARS else ideas[: MOST_BARS - 1]
    shown = [Flow(flow.funder, flow.idea if flow.idea in apart else 0, flow.cents) for flow in flows]
    scale = TALL / max(1, sum(flow.cents for flow in flows))
    left = _bars(_largest_first(shown, "funder"), _sums(shown, "funder"), LEFT, scale)
    order = [*apart, *([0] if len(apart) < len(ideas) else [])]
    right = _bars(order, _sums(shown, "idea"), RIGHT, scale)
    height = max((bar.y + max(bar.height, ROW) for bar in (*left, *right)), default=ROW)
    return Picture(left, right, tuple(_bands(shown, left, right, scale)), round(height, 1), len(ideas) - len(apart))


def _sums(flows: Sequence[Flow], side: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for flow in flows:
        key = getattr(flow, side)
        found[key] = found.get(key, 0) + flow.cents
    return found


def _largest_first(flows: Sequence[Flow], side: str) -> list[int]:
    sums = _sums(flows, side)
    return sorted(sums, key=lambda key: (-sums[key], key))


def _bars(keys: Sequence[int], sums: Mapping[int, int], x: float, scale: float) -> tuple[Bar, ...]:
    found, y = [], 0.0
    for key in keys:
        height = max(LEAST, sums[key] * scale)
        room = max(height + 6, ROW)
        found.append(Bar(key, sums[key], x, round(y + (room - height) / 2, 1), round(height, 1)))
        y += room
    return tuple(found)


def _bands(flows: Sequence[Flow], left: Sequence[Bar], right: Sequence[Bar], scale: float) -> list[Band]:
    sums: dict[tuple[int, int], int] = {}
    for flow in flows:
        sums[flow.funder, flow.idea] = sums.get((flow.funder, flow.idea), 0) + flow.cents
    leaves, comes = {bar.key: bar.y for bar in left}, {bar.key: bar.y for bar in right}
    found = []
    for number, funder in enumerate(left):
        for idea in right:
            cents = sums.get((funder.key, idea.key))
            if cents is None:
                continue
            broad = cents * scale
            path = _outline(leaves[funder.key], comes[idea.key], broad)
            found.append(Band(funder.key, idea.key, cents, number % TONES + 1, path))
            leaves[funder.key] += broad
            comes[idea.key] += broad
    return found


def _outline(start: float, end: float, broad: float) -> str:
    near, far, middle = LEFT + BROAD, RIGHT, (LEFT + BROAD + RIGHT) / 2
    a, b, c, d = (round(each, 1) for each in (start, end, end + broad, start + broad))
    return f"M{near:g} {a}C{middle:g} {a} {middle:g} {b} {far:g} {b}V{c}C{middle:g} {c} {middle:g} {d} {near:g} {d}Z"
