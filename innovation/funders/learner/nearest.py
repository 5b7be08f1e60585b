"""Which past awards are most like a text (BM25), and whose they were."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from innovation.funders.learner.softmax import Floats, Ints, nothing
from innovation.values import dataclass

K1, B = 1.2, 0.75
NEIGHBOURS = 60
COMMON = 0.1  # of very many awards: a word in more of them finds nothing in particular
MANY = 20_000
SHARPNESS = 100.0


@dataclass(frozen=True)
class Index:
    """For each word, the awards that hold it and what it is worth there; and whose each award was."""

    words: dict[str, int]
    start: Ints
    awards: NDArray[np.int32]
    worth: Floats
    owner: NDArray[np.int32]
    funders: int

    def overlap(self, words: Sequence[str]) -> tuple[Floats, Ints]:
        """For each award, what the words that it shares are worth there, and how many they are."""
        worth, shared = np.zeros(len(self.owner), np.float32), np.zeros(len(self.owner), np.int64)
        for word in set(words):
            at = self.words.get(word)
            if at is not None:
                held = slice(self.start[at], self.start[at + 1])
                worth[self.awards[held]] += self.worth[held]
                shared[self.awards[held]] += 1
        return worth, shared

    def find(self, words: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
        """The awards most alike, the nearest first, and how alike they are."""
        likeness, _shared = self.overlap(words)
        most = min(NEIGHBOURS, len(likeness))
        near = np.argpartition(-likeness, most - 1)[:most]
        near = near[np.lexsort((near, -likeness[near]))]
        near = near[likeness[near] > 0]
        return near, likeness[near]

    def part(self, words: Sequence[str]) -> Floats:
        """What the nearest awards say for each funder: 0 for one that has none of them."""
        near, likeness = self.find(words)
        held = np.bincount(self.owner[near], likeness**2, self.funders)
        found: Floats = np.log1p(SHARPNESS * held / (held.sum() or 1.0)).astype(np.float32)
        return found


def index(
    texts: Sequence[Sequence[str]], owner: Sequence[int], funders: int, between: Callable[[], None] = nothing
) -> Index:
    """An index of texts cut into words; ``between`` is called for each."""
    spread = Counter(word for words in texts for word in set(words))
    usual = (sum(len(words) for words in texts) / len(texts)) or 1.0
    limit = COMMON * len(texts) if len(texts) > MANY else len(texts)
    words = {word: at for at, word in enumerate(sorted(word for word, n in spread.items() if n <= limit))}
    holders = [array("i") for _word in words]
    worths = [array("f") for _word in words]
    for award, told in enumerate(texts):
        between()
        damping = K1 * (1 - B + B * len(told) / usual)
        for word, n in Counter(told).items():
            at = words.get(word)
            if at is not None:
                rare = math.log(1 + (len(texts) - spread[word] + 0.5) / (spread[word] + 0.5))
                holders[at].append(award)
                worths[at].append(rare * n * (K1 + 1) / (n + damping))
    start = np.concatenate(([0], np.cumsum([len(each) for each in holders], dtype=np.int64)))
    together, values = array("i"), array("f")
    for each, worth in zip(holders, worths, strict=True):
        together.extend(each)
        values.extend(worth)
    return Index(
        words,
        start,
        np.array(together, np.int32),
        np.array(values, np.float32),
        np.array(owner, np.int32),
        funders,
    )
