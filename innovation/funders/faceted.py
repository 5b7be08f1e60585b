"""The facets as a page shows them: their names, what can be chosen with how many ideas it would bring, and chips."""

from __future__ import annotations

from collections.abc import Mapping

from innovation.funders import queries
from innovation.funders.facets import ASK_BANDS, FACETS, FIT_BANDS, Filters, Tally
from innovation.funders.forms import level_names
from innovation.funders.queries import Browsing
from innovation.languages import gettext as _
from innovation.places.names import PROVINCES
from innovation.values import dataclass

OPEN_AT_FIRST = ("theme", "province")
FEW = 12  # of a facet's values are seen at once
Names = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A facet with what can be chosen: what brings an idea, and what is chosen already."""

    key: str
    name: str
    choices: tuple[Choice, ...]
    is_open: bool

    @property
    def first(self) -> tuple[Choice, ...]:
        return self.choices[:FEW]

    @property
    def others(self) -> tuple[Choice, ...]:
        return self.choices[FEW:]


@dataclass(frozen=True)
class Chip:
    """One value that the list is narrowed to; ``facet`` is ``q`` for words and ``within`` for a part."""

    facet: str
    value: str
    name: str


@dataclass(frozen=True)
class Offer:
    """The name of each facet, and the names of its values in their order."""

    names: Names
    values: Mapping[str, Names]

    @classmethod
    def read(cls, browsing: Browsing) -> Offer:
        definitions = list(browsing.definitions.values())
        called, phases = queries.phases_in_use(definitions)
        names = {
            "theme": _("Theme"),
            "province": _("Province"),
            "district": _(queries.shared_words(definitions).district),
            "phase": _(called) if called else _("Phase"),
            "stage": _("Stage"),
            "ask": _("Ask"),
            "evidence": _("Evidence"),
            "fit": _("Fit"),
        }
        values = {
            "theme": {row.key: row.name for row in browsing.named_themes if row.retired_at is None},
            "province": PROVINCES,
            "district": {str(row.id): row.name for row in browsing.districts},
            "phase": {key: _(name) for key, name in phases},
            "stage": {stage.key: _(stage.name) for stage in queries.stages_for_funders(definitions)},
            "ask": {key: _(name) for key, name in ASK_BANDS},
            "evidence": level_names(definitions),
            "fit": {key: _(name) for _least, key, name in FIT_BANDS},
        }
        return cls(names, values)

    def groups(self, tally: Tally) -> list[Group]:
        """The facets that something can be chosen of."""
        found = [self._group(facet, tally) for facet in FACETS]
        return [group for group in found if group.choices]

    def _group(self, facet: str, tally: Tally) -> Group:
        counts, chosen = tally.counts[facet], tally.filters.chosen(facet)
        choices = [
            Choice(value, name, counts[value], value in chosen)
            for value, name in self.values[facet].items()
            if counts[value] or value in chosen
        ]
        if facet == "district":  # there are many: those with most ideas come first
            choices.sort(key=lambda choice: (not choice.chosen, -choice.count, choice.name))
        return Group(facet, self.names[facet], tuple(choices), bool(chosen) or facet in OPEN_AT_FIRST)

    def chips(self, filters: Filters) -> list[Chip]:
        found = [
            Chip(facet, value, f"{self.names[facet]}: {self.values[facet].get(value, value)}")
            for facet in FACETS
            for value in filters.chosen(facet)
        ]
        if filters.q:
            found.append(Chip("q", filters.q, _("Words: %(words)s", words=filters.q)))
        if filters.within:
            words = {"shortlist": _("On our shortlist"), "passed": _("Passed on by us")}
            found.append(Chip("within", filters.within, words[filters.within]))
        return found

    def told(self, filters: Filters) -> str:
        """The filters in a sentence."""
        return "; ".join(chip.name for chip in self.chips(filters)) or _("Everything that fits")
