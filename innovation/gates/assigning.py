"""Who should review what: an integer programme over ideas that wait and the members of their panels.

The suggestion is the best one by these three aims, the first before the second before the third:

1. as many ideas as possible get a panel that can sit: its quorum of members, somebody who may chair it, and the
   kinds of members that its gate asks for. Where not all can, those that come first in the list go first;
2. as few seats as possible stay empty, of the number of reviewers that each idea should have;
3. as many points as possible: ``FIT`` for each point by which what a member knows fits the idea, less the load:
   a member's k-th open idea costs k - 1 points, counted from the ideas that are open with them already.

Nobody gets more ideas than their cap allows, nobody an idea in which they have a conflict of interest, and pairs that
were pinned or forbidden stay so. The cost of load rises with every further idea (it is convex): it needs one column for
each further idea, and solves. A smallest difference between the most and the least loaded would not.

The rules count members by what they sit as, and everybody sits as one thing on a panel: once it is known which ideas
are served, the programme is a flow in a network, whose linear relaxation has a whole solution. HiGHS proves it all the
same, and how far the answer may be from the proven bound is a part of it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import floor

from innovation.solving import Programme
from innovation.values import dataclass

FIT = 2
POINTS = {"theme": 2, "topic": 1, "phase": 1}
EMPTY_SEAT = 10_000
SECONDS = 8.0
CHAIRS = frozenset({"chair", "cochair", "deputy"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the idea's panel who may review it: what they sit as, and how well it fits what they know."""

    person_id: int
    role: str
    fit: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """At least so many of those who sit as one of the roles; ``key`` is "chair" or the kind of a seat rule."""

    key: str
    roles: frozenset[str]
    at_least: int = 1


CHAIR = Need("chair", CHAIRS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An idea that waits for ``number`` reviewers, of whom ``quorum`` must be there at the least."""

    idea_id: int
    number: int
    quorum: int
    candidates: tuple[Candidate, ...]
    needs: tuple[Need, ...] = (CHAIR,)
    pinned: frozenset[int] = frozenset()

    @property
    def least(self) -> int:
        """The fewest members with whom its panel can sit."""
        return max(self.quorum, sum(need.at_least for need in self.needs))

    @property
    def most(self) -> int:
        """How many it gets: more than it should where those who are pinned leave a need open."""
        fixed = [candidate for candidate in self.candidates if candidate.person_id in self.pinned]
        missing = sum(max(0, need.at_least - _count(fixed, need)) for need in self.needs)
        return max(self.number, self.least, len(fixed) + missing)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person with the ideas that are open with them now, and the most that may be; without a cap any number."""

    person_id: int
    load: int = 0
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that an idea falls short of: ``have`` of ``need`` members could take it.

    ``rule``: "quorum", "chair" or the kind of a seat rule where no panel can sit; "number" where seats stay empty.
    ``full`` are the people who would do, but have reached their caps; where there are none, too few are on the panel
    who have no conflict of interest.
    """

    idea_id: int
    rule: str
    have: int
    need: int
    full: tuple[int, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """People by idea, what could not be met, and how good this is.

    ``fit`` is the sum of all points of fit. ``worth`` is what the third aim comes to, ``bound`` the most that it can
    come to by proof; ``served_at_most`` is the proof for the first one.
    """

    chosen: dict[int, tuple[int, ...]]
    unmet: tuple[Unmet, ...]
    fit: int
    worth: int
    bound: int
    served_at_most: int
    seconds: float

    @property
    def gap(self) -> int:
        """The points by which a better suggestion can differ at most; none when this one is proven to be the best."""
        return self.bound - self.worth


class NoAnswer(Exception):
    """The solver has found nothing in its time."""


def fits(
    themes: Collection[str], topics: Collection[str], phases: Collection[str], *, idea: tuple[str, str, Sequence[str]]
) -> tuple[str, ...]:
    """What an idea (its theme, topic and phases, by key) shares with what somebody knows; each is worth its points."""
    theme, topic, wanted = idea
    shared = {"theme": theme in themes, "topic": topic in topics, "phase": bool(set(wanted) & set(phases))}
    return tuple(what for what, is_shared in shared.items() if is_shared)


def suggest(waiting: Sequence[Waiting], reviewers: Iterable[Reviewer], *, seconds: float = SECONDS) -> Suggestion:
    """The best suggestion found in the time, and how far it can be from the best there is; ``NoAnswer`` if none."""
    began = time.monotonic()
    people = {reviewer.person_id: reviewer for reviewer in reviewers}
    room = {person_id: _room(person, waiting) for person_id, person in people.items()}
    possible = [each for each in waiting if not any(_short(each, dict.fromkeys(room, 1)))]
    served, at_most = possible, len(possible)
    found = _seat(served, people, room, began + seconds)
    if found is None:
        served, at_most = _choose_served(possible, room, seconds * 0.6 - (time.monotonic() - began))
        found = _seat(served, people, room, began + seconds)
    if found is None:
        raise NoAnswer
    chosen, bound = found
    taken = Counter(person_id for members in chosen.values() for person_id in members)
    fit = sum(c.fit for each in served for c in each.candidates if c.person_id in chosen[each.idea_id])
    worth = FIT * fit - sum(sum(range(people[who].load, people[who].load + more)) for who, more in taken.items())
    empty = sum(each.most - len(chosen[each.idea_id]) for each in served)
    left = {person_id: free - taken[person_id] for person_id, free in room.items()}
    return Suggestion(
        chosen=chosen,
        unmet=tuple(_unmet(waiting, chosen, left)),
        fit=fit,
        worth=worth,
        bound=max(worth, floor(min(FIT * _most_fit(served), EMPTY_SEAT * empty - bound + 1e-6))),
        served_at_most=at_most,
        seconds=time.monotonic() - began,
    )


def _most_fit(served: Iterable[Waiting]) -> int:
    """The points of fit where each idea had those who fit it best: no suggestion has more."""
    return sum(sum(sorted((one.fit for one in each.candidates), reverse=True)[: each.most]) for each in served)


def _room(person: Reviewer, waiting: Iterable[Waiting]) -> int:
    """How many further ideas somebody can take: by their cap, but never fewer than those pinned to them."""
    may = [each for each in waiting if any(c.person_id == person.person_id for c in each.candidates)]
    pinned = sum(person.person_id in each.pinned for each in may)
    free = len(may) if person.cap is None else min(len(may), person.cap - person.load)
    return max(pinned, free)


def _choose_served(possible: Sequence[Waiting], room: Mapping[int, int], seconds: float) -> tuple[list[Waiting], int]:
    """The ideas that get a panel where the caps do not let all of them have one, and the most there can be."""
    programme, first, size = Programme(), _first_come(possible, room), len(possible)
    people = {person_id: programme.row(0, free) for person_id, free in room.items()}
    served, start = [], []
    for place, each in enumerate(possible):
        members = first.get(each.idea_id, ())
        rule = programme.row(0)
        needs = [(need, programme.row(0)) for need in each.needs]
        fixed = {person_id: programme.row(0, 0) for person_id in sorted(each.pinned)}
        entries = [(rule, -float(each.least)), *((row, -float(need.at_least)) for need, row in needs)]
        entries += [(row, -1.0) for row in fixed.values()]
        early = (size - place) / (2 * size * size)  # all of these together weigh less than one idea
        served.append(programme.column(entries, cost=-1 - early, whole=True))
        start.append(float(bool(members)))
        for one in each.candidates:
            rows = [rule, people[one.person_id], *(row for need, row in needs if one.role in need.roles)]
            rows += [fixed[one.person_id]] if one.person_id in fixed else []
            programme.column([(row, 1.0) for row in rows])
            start.append(float(one.person_id in members))
    solved = programme.solve(seconds=seconds, close_enough=1 / (4 * size * size), start=start)
    if solved is None:
        raise NoAnswer
    kept = [each for each, column in zip(possible, served, strict=True) if solved.values[column] > 0.5]
    return kept, max(len(kept), floor(min(size, -solved.bound + 1e-6)))


def _first_come(waiting: Iterable[Waiting], room: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """A panel for each idea in turn, of those with the most room left, until no further one can sit."""
    left, panels = dict(room), {}
    for each in waiting:
        able = sorted(each.candidates, key=lambda one: (one.person_id not in each.pinned, -left[one.person_id]))
        able = [one for one in able if left[one.person_id] > 0]
        members = {one.person_id for one in able if one.person_id in each.pinned}
        for need in each.needs:
            would_do = [one.person_id for one in able if one.role in need.roles]
            members |= set(would_do[: need.at_least])
        members |= set([one.person_id for one in able if one.person_id not in members][: each.least - len(members)])
        panel = [one for one in able if one.person_id in members]
        enough = len(panel) >= each.least and all(_count(panel, need) >= need.at_least for need in each.needs)
        if enough and each.pinned <= members:
            panels[each.idea_id] = tuple(members)
            for person_id in members:
                left[person_id] -= 1
    return panels


def _seat(
    served: Sequence[Waiting], people: Mapping[int, Reviewer], room: Mapping[int, int], until: float
) -> tuple[dict[int, tuple[int, ...]], float] | None:
    """Who reviews each of these ideas, and the proven bound of the cost; None where not all can have a panel.

    Few columns of load are tried first. Where nobody uses all of theirs, the dearer ones that were left out would not
    be used either, so the answer and its bound stand.
    """
    if not served:
        return {}, 0.0
    seats = sum(each.most for each in served)
    further = 8 + 2 * seats // max(1, len(people))
    while True:
        offered = {person_id: min(free, further) for person_id, free in room.items()}
        found = _seat_within(served, people, offered, until - time.monotonic())
        more = {person_id for person_id, free in room.items() if free > offered[person_id]}
        if found is None and not more:
            return None
        if found is not None:
            taken = Counter(person_id for members in found[0].values() for person_id in members)
            if all(taken[person_id] < offered[person_id] for person_id in more):
                return found
        further *= 4


def _seat_within(
    served: Sequence[Waiting], people: Mapping[int, Reviewer], room: Mapping[int, int], seconds: float
) -> tuple[dict[int, tuple[int, ...]], float] | None:
    programme = Programme()
    loads = {person_id: programme.row(0, 0) for person_id in room}
    columns: list[tuple[int, int, int]] = []
    for each in served:
        total = programme.row(each.most, each.most)
        needs = [(need, programme.row(need.at_least)) for need in each.needs]
        programme.column([(total, 1.0)], cost=EMPTY_SEAT, upper=each.most - each.least)
        for one in each.candidates:
            rows = [total, loads[one.person_id], *(row for need, row in needs if one.role in need.roles)]
            pinned = one.person_id in each.pinned
            entries = [(row, 1.0) for row in rows]
            column = programme.column(entries, cost=-FIT * one.fit, lower=float(pinned), whole=True)
            columns.append((column, each.idea_id, one.person_id))
    for person_id, free in room.items():
        for further in range(free):
            programme.column([(loads[person_id], -1.0)], cost=people[person_id].load + further)
    solved = programme.solve(seconds=seconds, close_enough=0.99)
    if solved is None:
        return None
    chosen: dict[int, list[int]] = {each.idea_id: [] for each in served}
    for column, idea_id, person_id in columns:
        if solved.values[column] > 0.5:
            chosen[idea_id].append(person_id)
    return {idea_id: tuple(members) for idea_id, members in chosen.items()}, solved.bound


def _count(candidates: Iterable[Candidate], need: Need) -> int:
    return sum(one.role in need.roles for one in candidates)


def _short(waiting: Waiting, left: Mapping[int, int]) -> Iterator[Unmet]:
    """The rules that the panel of an idea cannot keep with those who have room left."""
    quorum = Need("quorum", frozenset(one.role for one in waiting.candidates), waiting.least)
    for need in (quorum, *waiting.needs):
        would_do = [one for one in waiting.candidates if one.role in need.roles]
        free = [one for one in would_do if left[one.person_id] > 0]
        if len(free) < need.at_least:
            full = tuple(one.person_id for one in would_do if left[one.person_id] <= 0)
            yield Unmet(waiting.idea_id, need.key, len(free), need.at_least, full)


def _unmet(
    waiting: Iterable[Waiting], chosen: Mapping[int, Collection[int]], left: Mapping[int, int]
) -> Iterator[Unmet]:
    """What each idea falls short of: why it has no panel, or how many seats stay empty."""
    for each in waiting:
        if each.idea_id not in chosen:
            yield from list(_short(each, left)) or [Unmet(each.idea_id, "quorum", 0, each.least)]
        elif len(chosen[each.idea_id]) < each.most:
            have = chosen[each.idea_id]
            full = tuple(c.person_id for c in each.candidates if c.person_id not in have and left[c.person_id] <= 0)
            yield Unmet(each.idea_id, "number", len(have), each.most, full)
