"""Words cut from a text, brought to their stem, and the words that mean nearly the same; pure."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

WORD = re.compile(r"[^\W_]+")
OWNED = re.compile(r"'s\b")
ACCENT = re.compile("[\u0300-\u036f]")
SHORTEST = 2
# Words that any text may hold: they say nothing about what it asks for.
COMMON = frozenset(
    """
    a about above after again all also am an and any are as at back be because been before being below between
    both but by can cannot come comes could did do does doing done down during each etc even every everybody
    everyone few for from further get go goes going gone good had has have having he her here hers him his how
    i if in into is it its itself just know knows let like made make makes many may me might more most much
    must my need needs new no nobody nor not nothing of off on once one ones only or other our ours out over
    own per same shall she should so some somebody someone something still such take takes than that the their
    theirs them themselves then there these they this those through to too under until up upon us use used
    using very via want wants was way ways we well went were what when where which while who whom whose why
    will with within without would you your yours
    """.split()  # noqa: SIM905 (read as a text)
)
Related = dict[str, str]
_one_at_a_time = threading.Lock()  # a stemmer holds the word that it works on


def fold(text: str) -> str:
    """Small letters without accents; what follows an apostrophe is no word of its own."""
    small = text.lower()
    if not text.isascii():
        small = ACCENT.sub("", unicodedata.normalize("NFKD", small.replace("’", "'")))
    return OWNED.sub("", small).replace("'", "") if "'" in small else small


def words(text: str) -> list[str]:
    """Every word in its order, folded."""
    return WORD.findall(fold(text))


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """What the forms of a folded word share: ``children`` is ``child``; nothing of a common one."""
    if len(word) < SHORTEST or word in COMMON:
        return ""
    with _one_at_a_time:
        return _english()(_tables()[0].get(word, word))


def related(stem_: str) -> list[tuple[str, float]]:
    """The stems that mean nearly the same as this one, each with how nearly: 0 to 1."""
    line = _tables()[1].get(stem_)
    if line is None:
        return []
    pairs = (each.partition("=") for each in line.split(" "))
    return [(other, int(near or 9) / 9) for other, _sign, near in pairs]


@lru_cache(maxsize=1)
def _english() -> Callable[[str], str]:
    import snowballstemmer

    cut: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return cut


@lru_cache(maxsize=1)
def _tables() -> tuple[Related, Related]:
    """Irregular forms with their lemma, and stems with those related to them; see tools/related_words.py."""
    text = files("innovation.ideas").joinpath("related_words.txt").read_text("utf-8")
    forms: Related = {}
    near: Related = {}
    for line in text.splitlines():
        kind, _space, rest = line.partition(" ")
        if kind in ("form", "near"):
            word, _space, value = rest.partition(" ")
            (forms if kind == "form" else near)[word] = value
    return forms, near
