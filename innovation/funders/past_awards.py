"""What a funder's past awards add to a fit: parts with their weights, the more the more awards there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from innovation.funders.fitting import FULL, HALF, NONE, Part, Say, rand

LEAST = 3  # awards: fewer say nothing
HALFWAY = 20  # awards with which the past has half of its most weight
MOST = 40  # of 100, for the past; the rest is the mandate's
SHARES = {"alike": 50, "told": 30, "usual": 20}
LABELS = {"alike": "Past awards", "told": "Words", "usual": "Usual sum"}
ENOUGH_ALIKE = 6
AMOUNTS = 5  # in the currency of the ask: fewer make nothing usual


@dataclass(frozen=True)
class Learned:
    """What was learned of a funder and an idea. ``told`` is of 100; ``low`` and ``high`` are in cents.

    ``alike`` awards are like the idea, ``titles`` are those of the nearest; ``words`` are the idea's own.
    """

    awards: int
    alike: int = 0
    titles: tuple[str, ...] = ()
    told: int = 0
    words: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Learned:
        return cls(**{**told, "titles": tuple(told["titles"]), "words": tuple(told["words"])})


def weight_of(learned: Learned | None) -> int:
    """Of 100, how much the past counts; nothing where there is hardly any."""
    if learned is None or learned.awards < LEAST:
        return 0
    return MOST * learned.awards // (learned.awards + HALFWAY)


def usual_range(amounts: Sequence[int]) -> tuple[int | None, int | None]:
    """Between what most awards lie: the tenth and the ninetieth of a hundred, in cents."""
    if len(amounts) < AMOUNTS:
        return None, None
    ordered = sorted(amounts)
    return ordered[len(ordered) // 10], ordered[len(ordered) * 9 // 10]


def past_parts(learned: Learned | None, amount: int) -> tuple[Part, ...]:
    """The parts that the past adds; their weights add up to ``weight_of``."""
    weight = weight_of(learned)
    if learned is None or not weight:
        return ()
    shares = dict(SHARES)
    if learned.low is None or learned.high is None:
        del shares["usual"]
    whole = sum(shares.values())
    weights = {key: weight * share // whole for key, share in shares.items()}
    weights["alike"] += weight - sum(weights.values())
    judges = {"alike": _alike, "told": _told, "usual": _usual}
    return tuple(judges[key](learned, amount, weights[key]) for key in weights)


def _part(key: str, weight: int, value: Fraction, said: Say, closes: Say) -> Part:
    return Part(key, LABELS[key], weight, value, True, said, closes)


def _alike(learned: Learned, _amount: int, weight: int) -> Part:
    closes = Say("The funder has funded little that is like this; a talk would show whether it wants to.")
    if not learned.alike:
        said = Say("The funder has funded nothing like this so far, in %(all)s awards.", {"all": str(learned.awards)})
        return _part("alike", weight, NONE, said, closes)
    values = {"count": str(learned.alike), "titles": "; ".join(f"“{shortened(title)}”" for title in learned.titles)}
    said = Say("The funder has funded %(count)s like this: %(titles)s.", values)
    value = Fraction(min(learned.alike, ENOUGH_ALIKE), ENOUGH_ALIKE)
    return _part("alike", weight, value, said, closes)


def shortened(title: str) -> str:
    """At most 60 letters, to a whole word."""
    return title if len(title) <= 60 else title[:59].rsplit(" ", 1)[0] + "…"


def _told(learned: Learned, _amount: int, weight: int) -> Part:
    closes = Say("The funder's past awards speak of other things.")
    if not learned.told or not learned.words:
        return _part("told", weight, NONE, closes, closes)
    said = Say("The funder's past awards speak of this too: %(words)s.", {"words": ", ".join(learned.words)})
    return _part("told", weight, Fraction(learned.told, 100), said, closes)


def _usual(learned: Learned, amount: int, weight: int) -> Part:
    low, high = learned.low or 0, learned.high or 0
    values = {"low": rand(low), "high": rand(high)}
    closes = Say("An ask between %(low)s and %(high)s is what the funder usually gives.", values)
    if low <= amount <= high:
        said = Say("The ask is inside what the funder usually gave, %(low)s to %(high)s.", values)
        return _part("usual", weight, FULL, said, closes)
    said = Say("The ask is outside what the funder usually gave, %(low)s to %(high)s.", values)
    return _part("usual", weight, HALF if low <= 2 * amount and amount <= 2 * high else NONE, said, closes)
