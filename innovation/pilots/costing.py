"""What a pilot costs: all inputs, those in kind too, and for each learner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from innovation.values import dataclass


@dataclass(frozen=True)
class Cost:
    """Cents in money and in kind, over ``learners`` where their number is known; ``unpriced`` lines have no amount."""

    money: int
    in_kind: int
    unpriced: int
    learners: int | None

    @property
    def total(self) -> int:
        return self.money + self.in_kind

    @property
    def for_each(self) -> int | None:
        return round(self.total / self.learners) if self.learners else None

    @property
    def money_for_each(self) -> int | None:
        return round(self.money / self.learners) if self.learners else None


def cost_of(lines: Iterable[Any], learners: int | None) -> Cost:
    """The sum of budget lines; a line without an amount is counted, and not guessed."""
    listed = list(lines)
    sums = {kind: sum(line.amount_cents or 0 for line in listed if line.in_kind is kind) for kind in (False, True)}
    return Cost(sums[False], sums[True], sum(line.amount_cents is None for line in listed), learners)
