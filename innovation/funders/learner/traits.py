"""What the learner sees of an award: named traits with a weight each, in the groups that become parts of a score.

A trait says what is asked for and how it is told; nothing is known of who asks, and words for race, religion, sex and
the like are left out (``protected.txt``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern

from innovation.funders.learner.awards import Past
from innovation.values import dataclass

WORDS, AMOUNT, PLACE, FORM = GROUPS = ("words", "amount", "place", "form")
Traits = dict[str, float]
WORD = re.compile(r"\w+")
FIGURE = re.compile(r"\d")
PREFIX = 5  # letters; stands in for the stem of a longer word
MARKS = ".,;:()&-–—“”\"'’/$£%[]"
NARROW, WIDE = 0.25, 0.6  # widths of the steps of an amount, in powers of ten
SAME, ROUND, NEAR = 1.0, 1.0, 0.5


@lru_cache(maxsize=1)
def protected() -> frozenset[str]:
    """Words that are never traits."""
    lines = Path(__file__).with_name("protected.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without those that are never traits."""
    barred = protected()
    return [intern(word) for word in WORD.findall(text.lower()) if word not in barred]


@dataclass(frozen=True)
class Look:
    """The words of an award in their order, and its traits by their group."""

    words: list[str]
    traits: dict[str, Traits]


def look_at(award: Past) -> Look:
    """Words and traits; a group of which nothing is known is empty, and the form says that it is."""
    words = words_of(told(award))
    traits = {
        WORDS: word_traits(words),
        AMOUNT: amount_traits(award.amount),
        PLACE: place_traits(award.region),
        FORM: form_traits(award),
    }
    return Look(words, traits)


def told(award: Past) -> str:
    """Title and description, where the one does not repeat the other."""
    if award.title and award.description.startswith(award.title):
        return award.description
    return f"{award.title} {award.description}".strip()


def word_traits(words: Sequence[str]) -> Traits:
    """Words, pairs of words and beginnings of words, counted by their logarithm."""
    counts = Counter(words)
    counts.update(f"{first} {second}" for first, second in pairwise(words))
    counts.update(f"{word[:PREFIX]}*" for word in set(words) if len(word) > PREFIX)
    return {trait: 1 + math.log(n) for trait, n in counts.items()}


def amount_traits(amount: float | None) -> Traits:
    """About how much, in narrow and in wide steps; the very amount; and how round it is."""
    if amount is None:
        return {}
    traits = _steps("about", amount, NARROW) | _steps("roughly", amount, WIDE)
    figures = f"{amount:.0f}"
    zeros = len(figures) - len(figures.rstrip("0"))
    traits[f"just {amount:.2f}"] = SAME
    traits[f"figures {min(len(figures) - zeros, 6)}"] = ROUND
    traits[f"zeros {min(zeros, 6)}"] = ROUND
    traits[f"begins {figures[:2].rstrip('0')}"] = NEAR
    traits[f"fives {float(figures) % 5000 == 0}"] = NEAR
    if abs(amount - round(amount)) > 1e-6:
        traits["with cents"] = ROUND
    return traits


def _steps(name: str, amount: float, width: float) -> Traits:
    """The two steps between which the amount lies, each the more the nearer it is."""
    along = math.log10(max(amount, 0.01)) / width
    below = math.floor(along)
    return {f"{name} {below}": 1 - (along - below), f"{name} {below + 1}": along - below}


def place_traits(region: str) -> Traits:
    """Each place that is named."""
    return {f"in {name.strip().lower()}": 1.0 for name in re.split(r"[;,]", region) if name.strip()}


def form_traits(award: Past) -> Traits:
    """How it is told: how long, with what marks and capitals, how it begins; and what is not told at all."""
    words = award.description.split()
    length = math.log2(len(words) + 1) / 0.5
    below = math.floor(length)
    traits = {
        f"length {below}": 1 - (length - below),
        f"length {below + 1}": length - below,
        f"words {len(words) if len(words) <= 16 else 16 + int(3 * math.log2(len(words) / 16))}": 1.0,
        f"amount known {award.amount is not None}": 1.0,
        f"places {len(re.split('[;,]', award.region)) if award.region else 0}": 1.5,
    }
    return traits | _opening(award.description, words) | _title(award)


def _opening(text: str, words: list[str]) -> Traits:
    if not words:
        return {}
    barred = protected()
    first = [word for word in words[:2] if word.lower() not in barred]
    traits = {
        f"opens {' '.join(first[:1])}": 1.0,
        f"opens {' '.join(first)}": 0.7,
        f"capital first {text[0].isupper()}": 1.0,
        f"capitals {5 * sum(word[0].isupper() for word in words) // len(words)}": 1.0,
        f"sentences {min(text.count('. '), 4)}": 0.5,
    }
    if not text[-1].isalnum():
        traits[f"ends {text[-1]}"] = 1.0
    if FIGURE.search(text):
        traits["holds figures"] = 0.5
    return traits | {f"holds {mark}": 0.5 for mark in MARKS if mark in text}


def _title(award: Past) -> Traits:
    if not award.title:
        return {"no title": 1.0}
    words = award.title.split()
    repeats = award.description.startswith(award.title[:20])
    traits = {"title": 1.0, f"title words {min(len(words), 15)}": 1.0, f"title repeats {repeats}": 1.0}
    if words[0].lower() not in protected():
        traits[f"title opens {words[0]}"] = 0.7
    return traits
