"""The learner: from past awards to a model, and from something to fund to funders with the parts of their scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from innovation.funders.learner import nearest
from innovation.funders.learner.awards import Past, in_order, shares_of_time, split_by_time
from innovation.funders.learner.nearest import Index
from innovation.funders.learner.softmax import Floats, Ints, Lesson, nothing, train
from innovation.funders.learner.traits import AMOUNT, FORM, GROUPS, PLACE, WORDS, Look, look_at, told, words_of
from innovation.funders.learner.vocabulary import Vocabulary, collect, rows_of
from innovation.funders.learner.weighing import weigh
from innovation.values import dataclass

SIMILAR, HABIT = "similar", "habit"
PARTS = (*GROUPS, SIMILAR, HABIT)
USUAL = {WORDS: 0.7, AMOUNT: 0.7, PLACE: 0.7, FORM: 0.7, SIMILAR: 0.3, HABIT: 0.7}
ROUNDS = 4
NEWEST = 0.3  # of each funder's awards, on which the parts are weighed
WEIGHED = 3000  # of them at most
CELLS = 30_000_000  # of the table of traits and funders: 120 MB
WORK = 20_000_000  # awards that words are learned from, by funders: 20 each of a thousand, all of a few hundred
LEAST_TAUGHT = 10  # of each, however many funders there are
KEPT = 7_000  # awards whose traits are kept between the passes, five kilobytes each; others are looked at again
OLDEST = 0.5  # what the oldest award of a funder counts beside 1.5 for its newest


@dataclass(frozen=True)
class Ranked:
    """A funder with its score, the sum of its parts, and its chance among all."""

    funder: str
    score: float
    chance: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """What was learned. ``habit`` is how much of all giving each funder does."""

    funders: tuple[str, ...]
    vocabulary: Vocabulary
    table: Floats
    habit: Floats
    near: Index
    weights: Floats

    def parts(self, asked: Past) -> Floats:
        """The parts of the score, unweighted: a row for each of ``PARTS``, a column for each funder.

        A part of which nothing is known is 0 for every funder.
        """
        look = look_at(asked)
        row = self.vocabulary.row(look.traits)
        found = np.zeros((len(PARTS), len(self.funders)), np.float32)
        for at, group in enumerate(GROUPS):
            columns, values = row[group]
            if columns:
                found[at] = np.array(values, np.float32) @ self.table[columns]
        found[-2] = self.near.part(look.words)
        found[-1] = self.habit
        return found

    def rank(self, asked: Past) -> list[Ranked]:
        """Every funder, the likeliest first; equals by name."""
        parts = self.parts(asked) * self.weights[:, None]
        scores = parts.sum(axis=0)
        raised = np.exp(scores - scores.max())
        chances = raised / raised.sum()
        order = np.lexsort((np.arange(len(scores)), -scores))
        values = parts.T[order].tolist()
        return [
            Ranked(self.funders[at], score, chance, dict(zip(PARTS, each, strict=True)))
            for at, score, chance, each in zip(
                order.tolist(), scores[order].tolist(), chances[order].tolist(), values, strict=True
            )
        ]


def fit(awards: Sequence[Past], between: Callable[[], None] = nothing) -> Model:
    """Learn from awards: first how the parts are to be weighed, then once more from all of them.

    ``between`` is called every few hundredths of a second: it lets others work, or raises what ends the learning.
    """
    if not awards:
        raise ValueError("There is no award to learn from.")

    @lru_cache(maxsize=KEPT)
    def look(award: Past) -> Look:
        between()
        return look_at(award)

    older, newer = split_by_time(awards, NEWEST)
    weights = np.array([USUAL[part] for part in PARTS], np.float32)
    if newer:
        shown = newer[:: -(-len(newer) // WEIGHED)]
        weights = _weights(_learn(older, look, weights, between), shown, weights)
    return _learn(awards, look, weights, between)


def _learn(awards: Sequence[Past], look: Callable[[Past], Look], weights: Floats, between: Callable[[], None]) -> Model:
    """A model under given weights; where there are very many funders, words are learned from the newest of each."""
    funders = tuple(in_order(awards))
    place_of = {funder: at for at, funder in enumerate(funders)}
    timed = list(shares_of_time(awards))
    owners = np.array([place_of[award.funder] for award, _share in timed])
    habit = np.log((np.bincount(owners, minlength=len(funders)) + 0.5) / len(owners)).astype(np.float32)
    near = nearest.index([words_of(told(award)) for award, _share in timed], owners.tolist(), len(funders), between)
    newest = _newest(owners, max(LEAST_TAUGHT, WORK // len(funders) ** 2))
    taught = [timed[at] for at in newest.tolist()]
    vocabulary = collect((look(award).traits for award, _share in taught), max(1000, CELLS // len(funders)))
    lesson = Lesson(
        rows_of(vocabulary, (look(award).traits for award, _share in taught)),
        owners[newest],
        np.array([OLDEST + share for _award, share in taught], np.float32),
        habit,
    )
    return Model(funders, vocabulary, train(lesson, len(vocabulary), ROUNDS, between), habit, near, weights)


def _newest(owners: Ints, most: int) -> Ints:
    """The places of at most so many of each owner, counted from the last; those of an owner stand together."""
    last = np.flatnonzero(np.diff(owners, append=-1))
    return np.flatnonzero(last[np.searchsorted(last, np.arange(len(owners)))] - np.arange(len(owners)) < most)


def _weights(model: Model, newer: Sequence[Past], usual: Floats) -> Floats:
    place_of = {funder: at for at, funder in enumerate(model.funders)}
    parts = np.empty((len(newer), len(PARTS), len(model.funders)), np.float32)
    for at, award in enumerate(newer):
        parts[at] = model.parts(award)
    return weigh(parts, np.array([place_of[award.funder] for award in newer]), usual)
