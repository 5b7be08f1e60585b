"""What a text costs as an SMS: in which alphabet it travels, in how many parts, and which characters make it dear."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from innovation.values import dataclass

# Septets of GSM 03.38, or units of UTF-16, that one message holds alone and as a part of several (3GPP TS 23.040).
GSM7 = ("GSM-7", 160, 153)
UCS2 = ("UCS-2", 70, 67)


@dataclass(frozen=True)
class Cost:
    """``dear`` are the characters without which the text would be shorter, each once, in reading order."""

    alphabet: str
    units: int
    parts: int
    most: int
    dear: tuple[str, ...]


def cost_of(text: str) -> Cost:
    """How the text travels. One character outside of the alphabet of GSM puts all of it into the wide one."""
    foreign = tuple(dict.fromkeys(letter for letter in text if _septets(letter) is None))
    name, alone, together = UCS2 if foreign else GSM7
    widths = [_wide(letter) if foreign else _septets(letter) or 0 for letter in text]
    units = sum(widths)
    parts = 1 if units <= alone else sum(1 for _part in _parts(widths, together))
    double = tuple(dict.fromkeys(letter for letter, width in zip(text, widths, strict=True) if width > 1))
    return Cost(name, units, parts, alone if parts <= 1 else parts * together, foreign or double)


def shortest(texts: Iterable[str]) -> str:
    """The first of the texts that fits into one message; else the cheapest."""
    every = list(texts)
    fitting = (text for text in every if cost_of(text).parts == 1)
    return next(fitting, None) or min(every, key=lambda text: (cost_of(text).parts, cost_of(text).units))


def plain(text: str) -> str:
    """The text with the bare letter where a letter with a mark would put all of it into the wide alphabet."""
    return "".join(letter if _septets(letter) is not None else _bare(letter) for letter in text)


def _bare(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _parts(widths: Iterable[int], room: int) -> Iterator[int]:
    """How full each part is: a character of two units is never torn apart."""
    full = 0
    for width in widths:
        if full + width > room:
            yield full
            full = 0
        full += width
    yield full


def _wide(letter: str) -> int:
    return len(letter.encode("utf-16-be")) // 2


@lru_cache(maxsize=4096)
def _septets(letter: str) -> int | None:
    """One, or two for what stands in the extension of the alphabet; None for what is in neither."""
    try:
        return len(_codec().encode(letter)[0])
    except UnicodeEncodeError:
        return None


@lru_cache(maxsize=1)
def _codec() -> Any:
    from gsm0338 import Codec

    return Codec()
