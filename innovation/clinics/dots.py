"""Votes in dots or points: what a ballot may hold, how ballots are counted, who comes first, what merging does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import groupby

from innovation.values import dataclass

Marks = Mapping[int, int]  # dots by the number of an idea

MOST_DOTS = 20
MOST_POINTS = 5
CHANGED = "Your vote was changed on another page meanwhile. It is shown here as it is now."


@dataclass(frozen=True)
class Rule:
    """How many dots each phone has, None where it is as many as it likes, and how many one idea may get from it."""

    dots: int | None
    most: int


@dataclass(frozen=True)
class Sheet:
    """What one phone has placed; ``number`` counts how often that was changed."""

    number: int = 0
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True)
class TieBreak:
    """That somebody put ``first`` before the ideas in ``over``, with which it was level."""

    first: int
    over: frozenset[int]


@dataclass(frozen=True)
class Place:
    """An idea in the order of dots: ``rank`` is shared by those that are level, and ``tied`` says so."""

    rank: int
    idea_id: int
    dots: int
    tied: bool


# A ballot


def faults(marks: Marks, rule: Rule, choices: Iterable[int]) -> tuple[str, ...]:
    """Why these dots cannot be taken; empty when they can."""
    placed = {idea: dots for idea, dots in marks.items() if dots}
    if any(dots < 0 for dots in placed.values()):
        return ("Nothing less than 0 can be given.",)
    if placed.keys() - set(choices):
        return ("One of these ideas is not in this round any more. The rest of your vote is still here.",)
    if any(dots > rule.most for dots in placed.values()):
        return ("One idea has more from you than the round allows.",)
    if rule.dots is not None and sum(placed.values()) > rule.dots:
        return ("You have placed more dots than you have. Take some away.",)
    return ()


def changed(sheet: Sheet, marks: Marks, based_on: int) -> Sheet | None:
    """The sheet with these dots instead; None where they were placed on an older one.

    The same dots again, as when an answer was lost on the way, leave the sheet as it is.
    """
    placed = {idea: dots for idea, dots in sorted(marks.items()) if dots}
    if placed == dict(sheet.marks) and based_on <= sheet.number:
        return sheet
    return Sheet(sheet.number + 1, placed) if based_on == sheet.number else None


# Ideas that have become one


def root_of(idea_id: int, joined: Mapping[int, int]) -> int:
    """Where an idea has gone to; itself where it has joined no other one."""
    seen = {idea_id}
    while idea_id in joined and joined[idea_id] not in seen:
        idea_id = joined[idea_id]
        seen.add(idea_id)
    return idea_id


def carried(marks: Marks, joined: Mapping[int, int], most: int) -> dict[int, int]:
    """The dots of one phone after merging: on the joined idea together, and never more than one idea may get."""
    found: dict[int, int] = {}
    for idea_id, dots in marks.items():
        root = root_of(idea_id, joined)
        found[root] = min(most, found.get(root, 0) + dots)
    return found


# Counting


def totals_of(
    ballots: Iterable[Marks], joined: Mapping[int, int], rule: Rule, choices: Iterable[int]
) -> dict[int, int]:
    """The dots of all ballots on each choice; dots on what is no choice any more do not count."""
    found = dict.fromkeys(choices, 0)
    for marks in ballots:
        for idea_id, dots in carried(marks, joined, rule.most).items():
            if idea_id in found:
                found[idea_id] += dots
    return found


def ranked(totals: Mapping[int, int], breaks: Sequence[TieBreak] = ()) -> list[Place]:
    """Most dots first; of those that are level, as somebody has decided, and else by number and marked as tied."""
    ordered: list[Place] = []
    for dots, group in groupby(sorted(totals, key=lambda idea: (-totals[idea], idea)), key=lambda idea: totals[idea]):
        level = set(group)
        for idea in _decided(level, breaks):
            ordered.append(Place(len(ordered) + 1, idea, dots, tied=False))
            level.discard(idea)
        rank = len(ordered) + 1
        ordered += [Place(rank, idea, dots, tied=len(level) > 1) for idea in sorted(level)]
    return ordered


def _decided(level: set[int], breaks: Sequence[TieBreak]) -> list[int]:
    """Those of the level ideas that somebody has put first, in their order."""
    rest, found = set(level), list[int]()
    while len(rest) > 1:
        first = next((each.first for each in breaks if each.first in rest and rest - {each.first} <= each.over), None)
        if first is None:
            break
        found.append(first)
        rest.discard(first)
    return found


def tie_across(places: Sequence[Place], many: int) -> tuple[int, ...]:
    """The level ideas of which only some are among the first so many; empty where the line is clear."""
    if not 0 < many < len(places) or not (places[many].tied and places[many - 1].rank == places[many].rank):
        return ()
    return tuple(place.idea_id for place in places if place.rank == places[many].rank)


def tied_groups(places: Sequence[Place]) -> list[tuple[int, ...]]:
    """Every group that is level and has dots, the highest first."""
    return [
        tuple(place.idea_id for place in group)
        for (_rank, tied, dots), group in (
            (key, list(found)) for key, found in groupby(places, key=lambda p: (p.rank, p.tied, p.dots))
        )
        if tied and dots
    ]


def heat(dots: int, highest: int) -> int:
    """How warm an idea is shown, from 0 for no dots to 4 for the most."""
    return 0 if not dots or not highest else max(1, round(4 * dots / highest))
