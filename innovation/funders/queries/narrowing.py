"""What a funder's filters ask of the database: as much as it can see; what comes back is looked at once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.funders.facets import Filters, cents_of
from innovation.funders.facts import places_of
from innovation.ideas.models import Ask, Idea
from workflows import Definition

EVIDENCE = sa.case((Idea.evidence_accepted_by_id.is_not(None), Idea.evidence_level), else_=Ask.evidence_level)
Condition = sa.ColumnElement[bool]


class Narrowing:
    """The conditions of filters on ``Idea`` with its newest ``Ask``, facet by facet.

    Each lets through everything that has what was chosen; for lists of codes, sometimes a little more.
    """

    def __init__(
        self,
        filters: Filters,
        definitions: Iterable[Definition],
        themes: Mapping[int, str],
        province_of: Mapping[int, str],
    ) -> None:
        self.filters, self.definitions = filters, list(definitions)
        self.themes, self.province_of = themes, province_of

    @property
    def of_words(self) -> list[Condition]:
        """Each word somewhere in the title or the summary, which every funder reads."""
        text = sa.func.lower(Idea.title + " " + Idea.summary)
        return [text.contains(word, autoescape=True) for word in self.filters.words]

    @property
    def of_facets(self) -> list[Condition]:
        found = {
            "theme": self._theme,
            "province": self._province,
            "district": self._district,
            "phase": self._phase,
            "stage": self._stage,
            "ask": self._ask,
            "evidence": self._evidence,
        }
        return [make(self.filters.chosen(facet)) for facet, make in found.items() if self.filters.chosen(facet)]

    @property
    def but_one(self) -> Condition:
        """Holds for what exactly one facet leaves out."""
        missed = [sa.case((condition, 0), else_=1) for condition in self.of_facets]
        return sum(missed[1:], missed[0]) == 1

    def _theme(self, keys: tuple[str, ...]) -> Condition:
        return Idea.theme_id.in_([number for number, key in self.themes.items() if key in keys])

    def _province(self, codes: tuple[str, ...]) -> Condition:
        here = [number for number, province in self.province_of.items() if province in codes]
        by_name = [_holds(Ask.provinces, f'"{code}"') for code in codes]
        by_district = [_holds(Ask.district_ids, str(number)) for number in here]
        return sa.or_(*by_name, *by_district, Idea.district_id.in_(here))

    def _district(self, ids: tuple[str, ...]) -> Condition:
        return sa.or_(Idea.district_id.in_([int(each) for each in ids]), *(_holds(Ask.district_ids, e) for e in ids))

    def _phase(self, keys: tuple[str, ...]) -> Condition:
        return sa.or_(*(_holds(column, f'"{key}"') for key in keys for column in (Ask.phases, Idea.phases)))

    def _stage(self, keys: tuple[str, ...]) -> Condition:
        return Idea.place.in_(sorted(places_of(self.definitions, keys)))

    def _ask(self, bands: tuple[str, ...]) -> Condition:
        return sa.or_(*(_between(*cents_of(band)) for band in bands))

    def _evidence(self, keys: tuple[str, ...]) -> Condition:
        return EVIDENCE.in_(keys)


def _between(least: int, most: int | None) -> Condition:
    above = Ask.amount_cents > least
    return above if most is None else sa.and_(above, Ask.amount_cents <= most)


def _holds(column: Any, code: str) -> Condition:
    """True when a list kept as JSON holds a code, in either case."""
    return sa.func.lower(sa.cast(column, sa.Text)).contains(code.lower(), autoescape=True)
