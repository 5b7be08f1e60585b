"""What a funder's past awards say of an idea: how many are like it, which of its words they use, what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from innovation.funders.learner.awards import Past
from innovation.funders.learner.model import Model
from innovation.funders.learner.softmax import Floats, Ints
from innovation.funders.learner.traits import WORDS, look_at, words_of
from innovation.funders.past_awards import Learned
from innovation.ideas.wordforms import COMMON
from innovation.values import dataclass

LIKE = 0.3  # of what an award says, found in the idea: such an award is like it
SHARED = 3  # words at least
TITLES, NAMED = 2, 4
NUMBERS = {"three", "four", "five", "seven", "eight", "nine", "every", "many", "twice", "first", "second"}
OWN = 200  # of a funder's awards, by which it is known how much its own words say


@dataclass(frozen=True)
class History:
    """A model with the awards that it learned from, in the order of its index."""

    model: Model
    awards: Sequence[Past]

    def learned(self, funder: str, idea: Past) -> Learned:
        """What the awards of a funder say of an idea, by the words of both."""
        at = self.model.funders.index(funder)
        like = self._like(at, idea)
        told, words = self._told(at, idea)
        return Learned(
            awards=len(self.of_funder[at]),
            alike=len(like),
            titles=tuple(self.awards[award].title or self.awards[award].description for award in like[:TITLES]),
            told=told,
            words=words,
        )

    @cached_property
    def of_funder(self) -> list[list[int]]:
        """The places of each funder's awards."""
        found: list[list[int]] = [[] for _funder in self.model.funders]
        for place, owner in enumerate(self.model.near.owner.tolist()):
            found[owner].append(place)
        return found

    @cached_property
    def _whole(self) -> Floats:
        """What all words of each award are worth together."""
        near = self.model.near
        return np.bincount(near.awards, near.worth, len(near.owner)).astype(np.float32)

    def _like(self, at: int, idea: Past) -> list[int]:
        """The funder's awards that are like the idea, the nearest first."""
        own = self.of_funder[at]
        worth, shared = self._overlap(idea)
        share = worth[own] / np.maximum(self._whole[own], 1e-6)
        found = [
            (-float(alike), place)
            for alike, place in zip(share.tolist(), own, strict=True)
            if alike >= LIKE and shared[place] >= SHARED
        ]
        return [place for _alike, place in sorted(found)]

    def _overlap(self, idea: Past) -> tuple[Floats, Ints]:
        """What the idea shares with each award: the same for every funder, of which many are asked about one idea."""
        if idea not in self._overlaps:
            self._overlaps.clear()
            self._overlaps[idea] = self.model.near.overlap(look_at(idea).words)
        return self._overlaps[idea]

    @cached_property
    def _overlaps(self) -> dict[Past, tuple[Floats, Ints]]:
        return {}

    def _told(self, at: int, idea: Past) -> tuple[int, tuple[str, ...]]:
        """How much the idea's words speak for the funder, of 100 for its own awards' words; and which do most."""
        gains = self._gains(at, idea)
        total = sum(gains.values())
        share = min(1.0, max(0.0, total / self._own_gain(at)))
        plain = {word: gain for word, gain in gains.items() if gain > 0 and _says_something(word)}
        best = sorted(plain, key=lambda word: (-plain[word], word))[:NAMED]
        order = words_of(f"{idea.title} {idea.description}")
        return round(100 * share), tuple(sorted(best, key=order.index))

    def _gains(self, at: int, idea: Past) -> dict[str, float]:
        """What each word trait says for the funder, beyond what it says for all on average."""
        model, traits = self.model, look_at(idea).traits
        columns, values = model.vocabulary.row(traits)[WORDS]
        known = [trait for trait in traits[WORDS] if trait in model.vocabulary.columns[WORDS]]
        table = model.table[columns]
        gains = (table[:, at] - table.mean(axis=1)) * np.array(values, np.float32)
        return dict(zip(known, gains.tolist(), strict=True))

    def _own_gain(self, at: int) -> float:
        known = self._known_gains
        if at not in known:
            own = self.of_funder[at][-OWN:]
            gains = [sum(self._gains(at, self.awards[place]).values()) for place in own]
            known[at] = max(float(np.mean(gains)), 0.1)
        return known[at]

    @cached_property
    def _known_gains(self) -> dict[int, float]:
        return {}


def _says_something(trait: str) -> bool:
    """A single word, and none of those that stand in every text."""
    return trait.isalpha() and len(trait) > 3 and trait not in COMMON and trait not in NUMBERS
