"""How alike two ideas read, by their words; nothing is decided by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, utils

ALIKE_FROM = 55


COMPARED = 40  # letter by letter, which costs: those that share most words


class Candidate(NamedTuple):
    id: int
    title: str
    problem: str = ""


def nearest(words: Sequence[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that hold most of these words, which are in small letters."""

    def shared(candidate: Candidate) -> int:
        text = f"{candidate.title} {candidate.problem}".lower()
        return len([word for word in words if word in text])

    return sorted(candidates, key=shared, reverse=True)[:COMPARED]


def alike(title: str, problem: str, candidates: Iterable[Candidate], limit: int = 5) -> list[tuple[int, int]]:
    """The ids of the candidates that read alike with their likeness of 100, the most alike first."""
    title, problem = utils.default_process(title), utils.default_process(problem)
    scored = ((candidate.id, likeness(title, problem, candidate)) for candidate in candidates)
    return sorted((pair for pair in scored if pair[1] >= ALIKE_FROM), key=lambda pair: (-pair[1], pair[0]))[:limit]


def likeness(title: str, problem: str, other: Candidate) -> int:
    """0 to 100: the words of the titles, and with them the words of the problems where both are known.

    ``title`` and ``problem`` are in small letters and without punctuation.
    """
    theirs = utils.default_process(other.title)
    # A title inside a longer one is likely the same idea, but must not count as wholly alike.
    titles = (fuzz.token_set_ratio(title, theirs) + fuzz.token_sort_ratio(title, theirs)) / 2
    if not (problem and other.problem.strip()):
        return round(titles)
    if round(titles * 0.6 + 40) < ALIKE_FROM:  # not even the same problem would make them alike
        return round(titles * 0.9)
    problems = fuzz.token_set_ratio(problem, utils.default_process(other.problem))
    return round(max(titles * 0.6 + problems * 0.4, titles * 0.9))
