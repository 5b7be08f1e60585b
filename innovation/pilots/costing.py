"""What a pilot costs: all inputs, those in kind too, and for each learner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True)
class LineSpent:
    """A line of the budget beside what was spent on it; ``planned`` is None where the plan names no amount.

    Without a ``name`` it is what stood in no line of the plan.
    """

    id: int | None
    name: str
    in_kind: bool
    planned: int | None
    money: int
    given: int

    @property
    def spent(self) -> int:
        return self.money + self.given

    @property
    def left(self) -> int | None:
        return None if self.planned is None else self.planned - self.spent

    @property
    def is_over(self) -> bool:
        """More than was planned; also where nothing was planned at all."""
        return self.spent > (self.planned or 0)

    @property
    def share(self) -> float | None:
        """How much of the plan is spent, of one; above one where it is over-spent."""
        return self.spent / self.planned if self.planned else None


@dataclass(frozen=True)
class Spent:
    """The whole budget beside what was spent, and how much of the time is gone, of one."""

    lines: tuple[LineSpent, ...]
    planned: Cost
    actual: Cost
    time_gone: float | None

    @property
    def money_gone(self) -> float | None:
        return self.actual.total / self.planned.total if self.planned.total else None

    @property
    def over(self) -> tuple[LineSpent, ...]:
        return tuple(line for line in self.lines if line.is_over)


def time_gone(starts_on: dt.date | None, ends_on: dt.date | None, today: dt.date) -> float | None:
    """How much of the days from the first to the last is over, of one."""
    if starts_on is None or ends_on is None or ends_on < starts_on:
        return None
    days = (ends_on - starts_on).days + 1
    return min(max((today - starts_on).days / days, 0.0), 1.0)


Sums = Mapping[tuple[int | None, bool], int]
"""Cents by the number of the line, and whether in kind."""


def set_beside(lines: Sequence[Any], sums: Sums, learners: int | None, gone: float | None) -> Spent:
    """Each line of a budget beside the sums of what was spent on it, and last what stands in no line."""
    found = [
        LineSpent(
            line.id,
            line.item,
            line.in_kind,
            line.amount_cents,
            sums.get((line.id, False), 0),
            sums.get((line.id, True), 0),
        )
        for line in lines
    ]
    if any(line is None for line, _in_kind in sums):
        found.append(LineSpent(None, "", False, None, sums.get((None, False), 0), sums.get((None, True), 0)))
    money, given = (sum(cents for (_line, kind), cents in sums.items() if kind is in_kind) for in_kind in (False, True))
    return Spent(tuple(found), cost_of(lines, learners), Cost(money, given, 0, learners), gone)
