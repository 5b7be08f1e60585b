"""Would the recommendation change if the weights were a little different? One weight at a time, the others as they are.

A changed weight is renormalised with the others: a member's total is the sum of weight x worth over the sum of the
weights marked, so only the shares count. Must-meets, red flags and the mean mark do not depend on weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from .definition.shapes import Gate
from .scoring import Card, PanelResult, panel_result, recommend

TENTH = 10
FURTHEST = 95
STEP = 5
FINE = 0.1


@dataclass(frozen=True, slots=True)
class Shift:
    """What follows where the weight of one criterion changes by ``percent``; ``share`` is then its part of 100."""

    criterion_key: str
    percent: float
    share: float
    total: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The recommendation as it is, with a tenth less and more of each weight, and the smallest shift that changes it.

    ``smallest`` is looked for in steps of 5 % up to 95 % less or more, and found to 0.1 %; None where nothing changes.
    """

    total: float
    outcome: str
    tenths: tuple[tuple[Shift, Shift], ...]
    smallest: Shift | None

    @property
    def steady(self) -> bool:
        """True when a tenth more or less of any one weight recommends the same."""
        return all(shift.outcome == self.outcome for pair in self.tenths for shift in pair)


@dataclass(frozen=True, slots=True)
class _Member:
    """What the total of a card is made of: the sum of weight x worth, the weights marked, and the worth of each."""

    weighed: float
    weights: float
    worth: dict[str, float]


def sensitivity(
    gate: Gate, cards: Sequence[Card], quorum: int | None = None, extra_must: Sequence[str] = ()
) -> Sensitivity | None:
    """How the recommendation of these cards depends on each weight; None where there is no recommendation."""
    result = panel_result(gate, cards, quorum, extra_must)
    if result.recommendation is None or result.total is None:
        return None
    here = result.recommendation.outcome
    members = [member for card in cards if (member := _member(gate, card)).weights]
    marked = [item.criterion_key for item in result.criteria if item.values]
    pairs = ((_shift(gate, result, members, key, -TENTH), _shift(gate, result, members, key, TENTH)) for key in marked)
    flips = [
        flip for key in marked for sign in (-1, 1) if (flip := _first_flip(gate, result, members, key, sign, here))
    ]
    smallest = min(flips, key=lambda flip: abs(flip.percent), default=None)
    return Sensitivity(result.total, here, tuple(pairs), smallest)


def _member(gate: Gate, card: Card) -> _Member:
    of_mark = {mark.value: mark.worth for mark in gate.marks}
    weight = {criterion.key: criterion.weight for criterion in gate.should}
    worth = {mark.criterion_key: of_mark[mark.value] for mark in card.marks if mark.value is not None}
    return _Member(sum(weight[key] * value for key, value in worth.items()), sum(weight[key] for key in worth), worth)


def _shift(gate: Gate, result: PanelResult, members: Sequence[_Member], key: str, percent: float) -> Shift:
    weight = gate.criterion(key).weight
    more = weight * percent / 100
    totals = [
        (member.weighed + more * member.worth[key]) / (member.weights + more) * 10
        if key in member.worth
        else member.weighed / member.weights * 10
        for member in members
    ]
    total = round(fmean(totals), 6)
    outcome = recommend(gate, result.musts, result.red_flags, total, result.mean_mark).outcome
    return Shift(key, percent, round(100 * (weight + more) / (100 + more), 6), total, outcome)


def _first_flip(
    gate: Gate, result: PanelResult, members: Sequence[_Member], key: str, sign: int, here: str
) -> Shift | None:
    """The smallest shift of a weight in one direction that recommends something else."""
    for percent in range(STEP, FURTHEST + 1, STEP):
        flip = _shift(gate, result, members, key, sign * percent)
        if flip.outcome != here:
            low, high = round((percent - STEP) / FINE), round(percent / FINE)
            while high - low > 1:
                middle = (low + high) // 2
                tried = _shift(gate, result, members, key, sign * round(middle * FINE, 1))
                low, high, flip = (low, middle, tried) if tried.outcome != here else (middle, high, flip)
            return flip
    return None
