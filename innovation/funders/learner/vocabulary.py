"""Which traits are counted, in which column, and for how much."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from innovation.funders.learner.softmax import Floats, Rows
from innovation.funders.learner.traits import AMOUNT, FORM, GROUPS, PLACE, WORDS, Traits
from innovation.values import dataclass

SCALES = {AMOUNT: 0.2, PLACE: 0.3, FORM: 0.2}
LEAST = 2  # awards in which a trait is found before it counts; a single word counts from the first
Row = dict[str, tuple[list[int], list[float]]]


@dataclass(frozen=True)
class Vocabulary:
    """The column of each trait, by its group; ``rarity`` is what a word in a column is worth."""

    columns: Mapping[str, Mapping[str, int]]
    rarity: Floats

    def __len__(self) -> int:
        return len(self.rarity)

    def row(self, traits: Mapping[str, Traits]) -> Row:
        """Columns and values of each group. Words have a length of 1 together, so that a long text is worth no more."""
        return {group: self._group(group, traits[group]) for group in GROUPS}

    def _group(self, group: str, traits: Traits) -> tuple[list[int], list[float]]:
        known = self.columns[group]
        found = [(known[trait], value) for trait, value in traits.items() if trait in known]
        columns = [column for column, _value in found]
        if group != WORDS:
            return columns, [value * SCALES[group] for _column, value in found]
        values = [value * float(self.rarity[column]) for column, value in found]
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return columns, [value / length for value in values]


def collect(all_traits: Iterable[Mapping[str, Traits]], most: int) -> Vocabulary:
    """The traits of many awards; where there are more than ``most``, those found oftenest."""
    found: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    awards = 0
    for traits in all_traits:
        awards += 1
        for group, counts in found.items():
            counts.update(traits[group].keys())
    kept = [
        (-n, group, trait)
        for group, counts in found.items()
        for trait, n in counts.items()
        if n >= LEAST or (group == WORDS and trait[-1] != "*" and " " not in trait)
    ]
    columns: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
    rarity = np.ones(min(len(kept), most), np.float32)
    for at, (n, group, trait) in enumerate(sorted(kept)[:most]):
        columns[group][trait] = at
        rarity[at] = math.log((1 + awards) / (1 - n)) + 1
    return Vocabulary(columns, rarity)


def rows_of(vocabulary: Vocabulary, all_traits: Iterable[Mapping[str, Traits]]) -> Rows:
    """The rows of many awards; every one has a column, as its form is always known."""
    columns, values, start = array("i"), array("f"), [0]
    for traits in all_traits:
        for found, worth in vocabulary.row(traits).values():
            columns.extend(found)
            values.extend(worth)
        start.append(len(columns))
    return Rows(np.frombuffer(columns, np.int32), np.frombuffer(values, np.float32), np.array(start))
