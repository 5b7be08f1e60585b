"""How alike two ideas read, by their words, and which words make them so; pure, and nothing is decided by it.

``rank`` puts the texts first that ask for the same thing in these or other words. docs/decisions/0025 says how the
parts came to their weights; bench/similarity.py measures them beside BM25.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from innovation.ideas import wordforms
from innovation.values import dataclass

MOST = 5
COMPARED = 30  # letter by letter, which costs: those that share the most telling words
ALIKE_FROM = 12  # of 100: nearly all that people call the same read as alike as this
K1, B = 1.2, 0.75  # of BM25: how soon a repeated word stops to count, and how much a long text is held back
GRAM = 4
FEWEST = 100  # texts: among fewer, a word that two share would count as a common one
# What each part weighs; all are fractions of what the draft would score against itself.
STEMS, EXACT, PAIRS, LETTERS, RELATED = 1.0, 0.7, 0.3, 0.45, 0.8
WHOLE = STEMS + EXACT + PAIRS + LETTERS
# What the same school, district or theme adds to a likeness that the words have found.
SAME = {"school": 0.1, "district": 0.05, "theme": 0.03}
SHOWN = 5


class Text(NamedTuple):
    """An idea as it is compared. ``marks``: what it has of school, district and theme, by any key."""

    id: int | str
    title: str
    problem: str = ""
    marks: Mapping[str, object] = {}

    @property
    def whole(self) -> str:
        """Title and text; the title once where the text begins with it."""
        if self.problem.lower().startswith(self.title.lower()):
            return self.problem
        return f"{self.title}. {self.problem}"


@dataclass(frozen=True)
class Rarity:
    """How many of ``n`` texts hold each stem; a stem that was not counted is held by about ``unknown`` of them."""

    n: float
    counts: Mapping[str, float]
    unknown: float = 0.0

    def of(self, stem: str) -> float:
        held, n = self.counts.get(stem, self.unknown), max(self.n, FEWEST)
        return math.log(1 + max(0.0, n - held + 0.5) / (held + 0.5))


class Likeness(NamedTuple):
    """A text that reads like the draft: ``score`` of 100, the words of the draft that it shares, rarest first,

    pairs of words that mean nearly the same, and which marks are the same.
    """

    id: int | str
    score: int
    shared: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    same: tuple[str, ...] = ()


class Read:
    """A text cut into what is compared."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.said = wordforms.words(text.whole)
        stems = list(map(wordforms.stem_of, self.said))
        self.order = [stem for stem in stems if stem]  # of the words that say something

    @cached_property
    def stems(self) -> Counter[str]:
        return Counter(self.order)

    @cached_property
    def spoken(self) -> dict[str, str]:
        """Each stem and the word that it was first said with."""
        pairs = [(wordforms.stem_of(word), word) for word in reversed(self.said)]
        return {stem: word for stem, word in pairs if stem}

    @cached_property
    def grams(self) -> Counter[str]:
        """Runs of four letters of the words that say something."""
        return Counter(chain.from_iterable(_grams(word) for word in self.said if word not in wordforms.COMMON))


@lru_cache(maxsize=8_000)
def _grams(word: str) -> tuple[str, ...]:
    framed = f"^{word}$"
    return tuple(framed[at : at + GRAM] for at in range(max(1, len(framed) - GRAM + 1)))


def count(texts: Iterable[str]) -> Rarity:
    """How many of these texts hold each stem."""
    counts: Counter[str] = Counter()
    n = 0
    for text in texts:
        n += 1
        counts.update({stem for stem in map(wordforms.stem_of, wordforms.words(text)) if stem})
    return Rarity(n, counts)


def telling(text: Text, rarity: Rarity, most: int) -> list[str]:
    """The stems of a text, the rarest first: by them, ones alike are looked for."""
    return sorted(Read(text).spoken, key=rarity.of, reverse=True)[:most]


def rank(
    draft: Text, candidates: Sequence[Text], *, rarity: Rarity | None = None, limit: int = MOST, least: int = 1
) -> list[Likeness]:
    """The candidates that read most like the draft, the most alike first, each with why.

    ``rarity`` is counted from the candidates where none is given; ``least`` leaves out what scores lower.
    """
    read = Read(draft)
    others = [Read(each) for each in candidates if each.id != draft.id]
    if not read.stems or not others:
        return []
    comparison = _Comparison(read, others, rarity or _counted(others))
    found = [comparison.likeness_of(each) for each in comparison.finalists()]
    best = sorted((each for each in found if each.score >= least), key=lambda each: -each.score)
    return best[:limit]


def _counted(others: Sequence[Read]) -> Rarity:
    counts: Counter[str] = Counter()
    for other in others:
        counts.update(set(other.order))
    return Rarity(len(others), counts)


def _bm25(hits: Mapping[str, int], worth: Mapping[str, float], length: float) -> float:
    """What the words that both hold are worth in a text of such a length, 1 being the usual one."""
    held_back = K1 * (1 - B + B * length)
    return sum(worth[word] * times * (K1 + 1) / (times + held_back) for word, times in hits.items())


def _plain(near: Sequence[tuple[float, str, str]], *, everything: bool) -> list[tuple[str, str]]:
    """Pairs that anybody would call the same; what a dictionary calls so is told only where there is nothing else."""
    pairs = [(stem, way) for _value, stem, way in near]
    return [each for each in pairs if everything or (each[1], 1.0) in wordforms.related(each[0])][:SHOWN]


class _Comparison:
    """One draft beside many texts: all of them by their stems, and the few that share most in every way."""

    def __init__(self, draft: Read, others: Sequence[Read], rarity: Rarity) -> None:
        self.draft, self.others, self.rarity = draft, others, rarity
        self.worth = {stem: rarity.of(stem) for stem in draft.stems}
        self.whole = sum(self.worth.values()) or 1.0
        self.usual = sum(len(other.order) for other in others) / len(others) or 1.0
        self.ways: dict[str, list[tuple[float, str]]] = {}  # a stem that is near, what it is worth, and near which
        for stem, worth in self.worth.items():
            for way, near in wordforms.related(stem):
                self.ways.setdefault(way, []).append((near * min(worth, rarity.of(way)), stem))

    def finalists(self) -> list[Read]:
        """Those that share the most telling words, said the same or nearly so."""
        scored = [(self._at_a_glance(other), at) for at, other in enumerate(self.others)]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:COMPARED]
        self.few = [self.others[at] for _score, at in best]
        self._weigh_few()
        return self.few

    def _at_a_glance(self, other: Read) -> float:
        worth = self.worth
        hits = Counter([stem for stem in other.order if stem in worth])
        score = STEMS * self._by_stems(hits, len(other.order))
        return score + RELATED * sum(value for value, *_words in self._near(other))

    def _by_stems(self, hits: Mapping[str, int], length: int) -> float:
        return _bm25(hits, self.worth, length / self.usual)

    def _near(self, other: Read) -> list[tuple[float, str, str]]:
        """Words of the draft that the other says in another way: what they are worth, and both stems."""
        theirs = set(other.order)
        best: dict[str, tuple[float, str]] = {}
        for way in self.ways.keys() & theirs:
            for value, stem in self.ways[way]:
                if stem not in theirs and (value, way) > best.get(stem, (0.0, "")):
                    best[stem] = value, way
        return [(value, stem, way) for stem, (value, way) in best.items()]

    def _weigh_few(self) -> None:
        """How rare exact words and runs of letters are among the few."""
        words, grams = set(self.draft.said), self.draft.grams
        held = Counter(chain.from_iterable(words.intersection(each.said) for each in self.few))
        runs = Counter(chain.from_iterable(each.grams.keys() for each in self.few))
        by_count = [Rarity(len(self.few), {}, n).of("") for n in range(len(self.few) + 1)]
        self.words = {word: by_count[held[word]] for word in words}
        self.all_words = sum(self.words.values()) or 1.0
        self.usual_said = sum(len(each.said) for each in self.few) / len(self.few) or 1.0
        self.gram_worth = {gram: by_count[runs[gram]] for gram in {*grams, *runs}}
        self.all_grams = sum(self.gram_worth[gram] * n for gram, n in grams.items())

    def likeness_of(self, other: Read) -> Likeness:
        shared = sorted(((self.worth[stem], stem) for stem in self.worth if stem in other.stems), reverse=True)
        near = sorted(self._near(other), reverse=True)
        score = STEMS * self._by_stems({stem: other.stems[stem] for _value, stem in shared}, len(other.order))
        score += PAIRS * self._in_a_row(other) + RELATED * sum(value for value, *_words in near)
        score = score / self.whole + EXACT * self._exactly(other) + LETTERS * self._by_letters(other)
        same = self._same(other)
        score *= 1 + sum(SAME[key] for key in same)
        spoken = self.draft.spoken
        return Likeness(
            other.text.id,
            min(100, round(100 * score / WHOLE)),
            tuple(spoken[stem] for _value, stem in shared[:SHOWN]),
            tuple((spoken[stem], other.spoken[way]) for stem, way in _plain(near, everything=not shared)),
            same,
        )

    def _in_a_row(self, other: Read) -> float:
        both = set(pairwise(self.draft.order)).intersection(pairwise(other.order))
        return sum(math.sqrt(self.worth[one] * self.worth[two]) for one, two in both)

    def _exactly(self, other: Read) -> float:
        """How much of what the draft says is in the other as it is written, common words too."""
        hits = Counter([word for word in other.said if word in self.words])
        return _bm25(hits, self.words, len(other.said) / self.usual_said) / self.all_words

    def _by_letters(self, other: Read) -> float:
        """How much of both is the same by runs of letters, which finds other forms and wrong spellings."""
        worth, theirs = self.gram_worth, other.grams
        both = sum(worth[gram] * min(n, theirs[gram]) for gram, n in self.draft.grams.items() if gram in theirs)
        all_of = self.all_grams + sum(worth[gram] * n for gram, n in theirs.items())
        return 2 * both / all_of if all_of else 0.0

    def _same(self, other: Read) -> tuple[str, ...]:
        mine, theirs = self.draft.text.marks, other.text.marks
        return tuple(key for key in SAME if mine.get(key) and mine[key] == theirs.get(key))
