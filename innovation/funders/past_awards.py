"""What a funder's past awards add to a fit: parts with their weights, the more the more awards there are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, field, replace
from fractions import Fraction
from typing import Any

from innovation.funders.fitting import FULL, HALF, NONE, Offered, Part, Say, rand
from innovation.funders.past_habits import Habits
from innovation.places.names import PROVINCES
from innovation.values import dataclass

LEAST = 3  # awards: fewer say nothing
HALFWAY = 20  # awards with which the past has half of its most weight
MOST = 40  # of 100, for the past; the rest is the mandate's
SHARES = {"alike": 40, "told": 25, "usual": 15, "there": 12, "for_whom": 8}
LABELS = {
    "alike": "Past awards",
    "told": "Words",
    "usual": "Usual sum",
    "there": "Places funded",
    "for_whom": "Phases funded",
}
ENOUGH_ALIKE = 6
KNOWN = 5  # awards of which it is known where they went, or for whom: fewer say nothing
THIRD = 3  # what a third of them has counts whole


@dataclass(frozen=True)
class Learned:
    """What was learned of a funder and an idea. ``told`` is of 100; ``low`` and ``high`` are in cents.

    ``alike`` awards are like the idea, ``titles`` are those of the nearest; ``words`` are the idea's own. The rest is
    as in ``past_habits.Habits``.
    """

    awards: int
    alike: int = 0
    titles: tuple[str, ...] = ()
    told: int = 0
    words: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    placed: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    phased: int = 0
    phases: Mapping[str, int] = field(default_factory=dict)

    def with_habits(self, habits: Habits) -> Learned:
        return replace(self, **asdict(habits))

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


def past_parts(learned: Learned | None, offered: Offered) -> tuple[Part, ...]:
    """The parts that the past adds; their weights add up to ``weight_of``."""
    weight = weight_of(learned)
    if learned is None or not weight:
        return ()
    shares = {key: share for key, share in SHARES.items() if _says(key, learned, offered)}
    whole = sum(shares.values())
    weights = {key: weight * share // whole for key, share in shares.items()}
    weights["alike"] += weight - sum(weights.values())
    return tuple(JUDGES[key](learned, offered, weights[key]) for key in weights)


def _says(key: str, learned: Learned, offered: Offered) -> bool:
    """Whether the funder's past says anything of this, and the idea's programme asks for it."""
    if key == "usual":
        return learned.low is not None and learned.high is not None
    if key == "there":
        return learned.placed >= KNOWN
    return key != "for_whom" or (learned.phased >= KNOWN and offered.asks_phases)


def _part(key: str, weight: int, value: Fraction, said: Say, closes: Say) -> Part:
    return Part(key, LABELS[key], weight, value, True, said, closes)


def _alike(learned: Learned, _offered: Offered, weight: int) -> Part:
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


def _told(learned: Learned, _offered: Offered, weight: int) -> Part:
    closes = Say("The funder's past awards speak of other things.")
    if not learned.told or not learned.words:
        return _part("told", weight, NONE, closes, closes)
    said = Say("The funder's past awards speak of this too: %(words)s.", {"words": ", ".join(learned.words)})
    return _part("told", weight, Fraction(learned.told, 100), said, closes)


def _usual(learned: Learned, offered: Offered, weight: int) -> Part:
    low, high, amount = learned.low or 0, learned.high or 0, offered.amount
    values = {"low": rand(low), "high": rand(high)}
    closes = Say("An ask between %(low)s and %(high)s is what the funder usually gives.", values)
    if low <= amount <= high:
        said = Say("The ask is inside what the funder usually gave, %(low)s to %(high)s.", values)
        return _part("usual", weight, FULL, said, closes)
    said = Say("The ask is outside what the funder usually gave, %(low)s to %(high)s.", values)
    return _part("usual", weight, HALF if low <= 2 * amount and amount <= 2 * high else NONE, said, closes)


def _there(learned: Learned, offered: Offered, weight: int) -> Part:
    if not offered.provinces:
        return _unknown("there", weight, "The idea names no place yet.", "Name the places in the ask.")
    code, count = _most(learned.places, offered.provinces)
    values = {"count": str(count), "all": str(learned.placed), "place": PROVINCES.get(code, code)}
    closes = Say("The funder's past awards went to other places.")
    if not count:
        said = Say("None of the funder's %(all)s awards of which the place is known went there: %(place)s.", values)
        return _part("there", weight, NONE, said, closes)
    said = Say("The funder has funded here before: %(place)s, %(count)s of %(all)s awards.", values)
    return _part("there", weight, _of_a_third(count, learned.placed), said, closes)


def _for_whom(learned: Learned, offered: Offered, weight: int) -> Part:
    if not offered.phases:
        return _unknown("for_whom", weight, "The idea names no phases yet.", "Name the phases in the ask.")
    key, count = _most(learned.phases, offered.phases)
    values = {"count": str(count), "all": str(learned.phased), "phase": dict(offered.phase_names).get(key, key)}
    closes = Say("The funder's past awards were for other phases.")
    if not count:
        said = Say("None of the funder's %(all)s awards that name a phase was for this one: %(phase)s.", values)
        return _part("for_whom", weight, NONE, said, closes)
    said = Say("The funder has funded this phase before: %(phase)s, %(count)s of %(all)s awards.", values)
    return _part("for_whom", weight, _of_a_third(count, learned.phased), said, closes)


def _most(counts: Mapping[str, int], codes: Collection[str]) -> tuple[str, int]:
    """The code of those for which there are most awards, and how many."""
    return max(((code, counts.get(code, 0)) for code in sorted(codes)), key=lambda pair: pair[1])


def _of_a_third(count: int, known: int) -> Fraction:
    return min(FULL, Fraction(THIRD * count, known))


def _unknown(key: str, weight: int, sentence: str, closes: str) -> Part:
    return Part(key, LABELS[key], weight, HALF, False, Say(sentence), Say(closes))


JUDGES: dict[str, Callable[[Learned, Offered, int], Part]] = {
    "alike": _alike,
    "told": _told,
    "usual": _usual,
    "there": _there,
    "for_whom": _for_whom,
}
