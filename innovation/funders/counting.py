"""What is asked, committed, released and missing: pure sums in minor units, each currency by itself, kind apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from innovation.values import dataclass


@dataclass(frozen=True)
class Line:
    """One commitment as far as it counts; ``standing`` is what was committed and not withdrawn."""

    funder_id: int
    currency: str
    in_kind: bool
    standing: int
    released: int


@dataclass(frozen=True)
class Sum:
    """Minor units of one currency."""

    committed: int = 0
    released: int = 0

    def plus(self, line: Line) -> Sum:
        return Sum(self.committed + line.standing, self.released + line.released)


@dataclass(frozen=True)
class Totals:
    """Sums by currency, of money and of the stated values of what is given in kind; ``target`` is the ask in money."""

    target: int | None
    currency: str
    money: dict[str, Sum] = field(default_factory=dict)
    in_kind: dict[str, Sum] = field(default_factory=dict)
    funders: int = 0

    @property
    def committed(self) -> int:
        """What is committed in the currency of the ask; nothing is converted."""
        return self.money.get(self.currency, Sum()).committed

    @property
    def released(self) -> int:
        return self.money.get(self.currency, Sum()).released

    @property
    def gap(self) -> int:
        return max(0, (self.target or 0) - self.committed)

    @property
    def beyond(self) -> int:
        return 0 if self.target is None else max(0, self.committed - self.target)

    @property
    def others(self) -> list[tuple[str, Sum]]:
        """Money in other currencies than that of the ask."""
        return [(currency, total) for currency, total in sorted(self.money.items()) if currency != self.currency]

    def beyond_with(self, currency: str, amount: int) -> int:
        """How much more than the ask would be committed with so much more, in the currency of what is added.

        Nothing is converted. So all of what comes in another currency is beyond the ask where nothing is missing any
        more; while something is missing, nobody can say.
        """
        if self.target is None:
            return 0
        if currency != self.currency:
            return 0 if self.gap else amount
        return max(0, self.committed + amount - self.target)


def totals(lines: Iterable[Line], target: int | None, currency: str = "ZAR") -> Totals:
    """The sums of commitments that count."""
    sums: dict[bool, dict[str, Sum]] = {False: {}, True: {}}
    funders = set()
    for line in lines:
        of_kind = sums[line.in_kind]
        of_kind[line.currency] = of_kind.get(line.currency, Sum()).plus(line)
        if line.standing > 0:
            funders.add(line.funder_id)
    return Totals(target, currency, sums[False], sums[True], len(funders))


def matched(lines: Iterable[Line], funder_id: int, currency: str, percent: int) -> int:
    """How far others match: so many percent of the money that they have committed in this currency, rounded down."""
    others = sum(
        line.standing
        for line in lines
        if line.funder_id != funder_id and line.currency == currency and not line.in_kind
    )
    return others * percent // 100
