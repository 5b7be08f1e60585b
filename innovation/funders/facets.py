"""The facets by which a funder's people narrow the ideas: what an idea has of each, and how many have what. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from innovation.funders.codes import BANDS, LARGEST_BAND
from innovation.funders.fitting import Offered
from innovation.values import dataclass

FACETS = ("theme", "province", "district", "phase", "stage", "ask", "evidence", "fit")
ASK_BANDS = tuple((f"b{number}", name) for number, (_limit, name) in enumerate((*BANDS, (0, LARGEST_BAND)), 1))
FIT_BANDS = ((80, "strong", "Strong: 80 and more"), (60, "good", "Good: 60 to 79"), (0, "fair", "Fair: under 60"))
WITHIN = ("shortlist", "passed")
MOST_VALUES = 40
MOST_LETTERS, MOST_WORDS = 100, 8
Counts = Mapping[str, Mapping[str, int]]


class Traits(NamedTuple):
    """What an idea has of each facet but the fit, which is another for each funder and day."""

    theme: tuple[str, ...]
    province: tuple[str, ...]
    district: tuple[str, ...]
    phase: tuple[str, ...]
    stage: tuple[str, ...]
    ask: tuple[str, ...]
    evidence: tuple[str, ...]


def traits_of(offered: Offered) -> Traits:
    return Traits(
        theme=(offered.theme,) if offered.theme else (),
        province=tuple(sorted(offered.provinces)),
        district=tuple(str(key) for key in sorted(offered.districts)),
        phase=tuple(sorted(offered.phases)),
        stage=(offered.stage,),
        ask=(ask_band(offered.amount),),
        evidence=(offered.evidence,) if offered.evidence else (),
    )


def ask_band(cents: int) -> str:
    """The key of the band that an ask lies in."""
    for number, (limit, _name) in enumerate(BANDS, 1):
        if cents <= limit:
            return f"b{number}"
    return f"b{len(BANDS) + 1}"


def cents_of(band: str) -> tuple[int, int | None]:
    """More than the first, up to the second."""
    number = int(band[1:])
    least = BANDS[number - 2][0] if number > 1 else -1
    return least, (BANDS[number - 1][0] if number <= len(BANDS) else None)


def fit_band(score: int) -> str:
    return next(key for least, key, _name in FIT_BANDS if score >= least)


@dataclass(frozen=True)
class Filters:
    """What browsing is narrowed to. Several values of a facet join by "or", facets by "and"; empty ones narrow nothing.

    ``within`` is ``shortlist`` or ``passed``: only what is on the funder's shortlist, or what it has passed on.
    """

    theme: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()
    q: str = ""
    within: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Filters:
        """What an address or a saved search says, as far as it can be meant."""
        values = {facet: _codes(told.get(facet), facet) for facet in FACETS}
        q, within = (str(told.get(name) or "").strip() for name in ("q", "within"))
        return cls(**values, q=q[:MOST_LETTERS], within=within if within in WITHIN else "")

    @property
    def kept(self) -> dict[str, Any]:
        """The same as JSON; ``of`` reads it."""
        chosen: dict[str, Any] = {facet: list(self.chosen(facet)) for facet in FACETS if self.chosen(facet)}
        return chosen | {name: value for name, value in (("q", self.q), ("within", self.within)) if value}

    @property
    def words(self) -> list[str]:
        return self.q.lower().split()[:MOST_WORDS]

    @property
    def narrows(self) -> bool:
        return self != Filters()

    @cached_property
    def facets(self) -> list[tuple[str, tuple[str, ...]]]:
        """The facets that narrow, with what was chosen of each."""
        return [(facet, self.chosen(facet)) for facet in FACETS if self.chosen(facet)]

    def chosen(self, facet: str) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def only(self, offered: Mapping[str, Iterable[str]]) -> Filters:
        """Without the values that nobody offers."""
        known = {facet: set(values) for facet, values in offered.items()}
        kept: dict[str, Any] = {f: tuple(v for v in self.chosen(f) if v in known.get(f, ())) for f in FACETS}
        return replace(self, **kept)


def _codes(values: Any, facet: str) -> tuple[str, ...]:
    if not isinstance(values, list | tuple):
        return ()
    codes = dict.fromkeys(str(value)[:80] for value in values if value)
    sensible = [code for code in codes if _can_be(facet, code)]
    return tuple(sensible[:MOST_VALUES])


def _can_be(facet: str, code: str) -> bool:
    if facet == "district":
        return code.isascii() and code.isdigit() and len(code) < 9
    if facet == "ask":
        return code in dict(ASK_BANDS)
    return facet != "fit" or code in {key for _least, key, _name in FIT_BANDS}


def missed(traits: Traits, score: int, filters: Filters) -> list[str]:
    """The facets by which the filters leave an idea out."""
    return [
        facet for facet, chosen in filters.facets if not any(value in chosen for value in had(traits, score, facet))
    ]


def had(traits: Traits, score: int, facet: str) -> tuple[str, ...]:
    """What an idea has of one facet."""
    if facet == "fit":
        return (fit_band(score),)
    values: tuple[str, ...] = getattr(traits, facet)
    return values


@dataclass
class Tally:
    """How many ideas each value would bring: of a facet, those count that only this facet may leave out."""

    filters: Filters
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {facet: Counter() for facet in FACETS})

    def add(self, ideas: Iterable[tuple[Traits, int]]) -> Tally:
        """Count ideas, each with its traits and its score."""
        counted: dict[str, list[tuple[Traits, int]]] = {facet: [] for facet in ("", *FACETS)}
        for idea in ideas:
            left_out_by = missed(*idea, self.filters)
            if len(left_out_by) < 2:
                counted[left_out_by[0] if left_out_by else ""].append(idea)
        for facet in FACETS:
            self.counts[facet].update(chain.from_iterable(_each(counted[""] + counted[facet], facet)))
        return self


def _each(ideas: Iterable[tuple[Traits, int]], facet: str) -> Iterable[tuple[str, ...]]:
    """What each of the ideas has of a facet."""
    if facet == "fit":
        return ((fit_band(score),) for _traits, score in ideas)
    return map(attrgetter(facet), (traits for traits, _score in ideas))
