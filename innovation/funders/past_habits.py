"""What past awards came to, where they went and for whom they were: the habits of a funder. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from pathlib import Path

from innovation.places.names import fold, province_code
from innovation.values import dataclass

AMOUNTS = 5  # in the currency of the ask: fewer make nothing usual


@dataclass(frozen=True)
class Told:
    """What an award tells: text, places as they were written, and the amount in cents where the currency is ours."""

    text: str
    places: str = ""
    amount: int | None = None


@dataclass(frozen=True)
class Habits:
    """``low`` to ``high`` is usual, in cents. Of ``placed`` awards it is known where they went, of ``phased`` for whom;
    ``places`` and ``phases`` say how many of them went there, by the codes of provinces and the keys of phases.
    """

    low: int | None = None
    high: int | None = None
    placed: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    phased: int = 0
    phases: Mapping[str, int] = field(default_factory=dict)


def habits_of(awards: Iterable[Told], districts: Mapping[str, str]) -> Habits:
    """The habits of one funder; ``districts`` are folded names with the code of their province."""
    places, phases, amounts = Counter[str](), Counter[str](), []
    placed = phased = 0
    for award in awards:
        there, whom = provinces_in(award.places, districts), phases_in(award.text)
        places.update(there)
        phases.update(whom)
        placed, phased = placed + bool(there), phased + bool(whom)
        if award.amount is not None:
            amounts.append(award.amount)
    return Habits(*usual_range(amounts), placed, dict(places), phased, dict(phases))


def usual_range(amounts: Sequence[int]) -> tuple[int | None, int | None]:
    """Between what most awards lie: the tenth and the ninetieth of a hundred, in cents."""
    if len(amounts) < AMOUNTS:
        return None, None
    ordered = sorted(amounts)
    return ordered[len(ordered) // 10], ordered[len(ordered) * 9 // 10]


def provinces_in(written: str, districts: Mapping[str, str]) -> frozenset[str]:
    """The provinces that are named, or in which the named districts lie."""
    names = [name for name in re.split("[;,]", written) if name.strip()]
    found = (province_code(name) or districts.get(fold(name)) for name in names)
    return frozenset(code for code in found if code)


def phases_in(text: str) -> frozenset[str]:
    """The phases that a text names."""
    plain = text.lower()
    return frozenset(key for key, pattern in _patterns().items() if pattern.search(plain))


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    lines = Path(__file__).with_name("phase_words.txt").read_text(encoding="utf-8").splitlines()
    told = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return {key: re.compile(rf"\b(?:{'|'.join(map(_word, words.split(',')))})") for key, words in told}


def _word(written: str) -> str:
    word = written.strip()
    return re.escape(word[:-1]) if word.endswith("*") else rf"{re.escape(word)}\b"
