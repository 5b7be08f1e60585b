"""What a budget does most good with: an integer programme over ideas whose asks have a gap, and the rules of purses.

A purse pays parts of a gap, in so many equal steps. A plan is worth, for each part, the points that the payer gives the
idea times the steps paid; the best plan is worth most. It keeps every rule: no purse spends more than it has, gives an
idea more than it may, or gives to more ideas than it may; of what a purse spends, so much goes where it is bound to;
and an idea never gets more than its gap. A step is rounded up to whole cents, so that no plan overspends.

Worth counts in whole numbers, so an answer whose proven bound is less than one away is the best there is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby
from math import floor, inf

from innovation.solving import Programme
from innovation.values import dataclass

SECONDS = 8.0
PATIENCE = 4.0  # at most so many times as many on the clock, as far as the machine has much else to do
TRIES = 4
ROUNDS = 4  # in which the first plan is put together

Pair = tuple[int, int]  # funder, idea


@dataclass(frozen=True, slots=True)
class Open:
    """An idea with what is missing of its ask, in cents, and what it counts as, such as "ZA-LP" or "low_quintile"."""

    idea_id: int
    gap_cents: int
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """At least so many of each hundred cents that are spent go to ideas with the tag."""

    tag: str
    percent: int


@dataclass(frozen=True, slots=True)
class Purse:
    """What a funder can spend, under its rules. Ideas without ``points`` get nothing from it.

    One that pays ``alone`` pays the whole of a gap or nothing.
    """

    funder_id: int
    budget_cents: int
    points: Mapping[int, int]
    most_cents: int | None = None
    most_ideas: int | None = None
    shares: tuple[Share, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a funder gives to an idea: so many steps of its gap."""

    funder_id: int
    idea_id: int
    steps: int
    cents: int
    worth: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a purse: "budget", "most_cents", "most_ideas" or "share" with its tag."""

    funder_id: int
    kind: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts, what they are worth, and the most that any plan can be worth by proof."""

    parts: tuple[Part, ...]
    worth: int
    bound: int
    seconds: float

    @property
    def gap(self) -> int:
        """By how much a better plan can differ; none when this one is proven to be the best."""
        return self.bound - self.worth

    @property
    def chosen(self) -> frozenset[Pair]:
        return frozenset((part.funder_id, part.idea_id) for part in self.parts)

    def cents_of(self, funder_id: int) -> int:
        return sum(part.cents for part in self.parts if part.funder_id == funder_id)


class NoPlan(Exception):
    """The solver has found nothing in its time."""


def step_cents(gap_cents: int, steps: int) -> int:
    """What a step of a gap costs: its part, rounded up."""
    return -(-gap_cents // steps)


def plan(
    asks: Iterable[Open],
    purses: Sequence[Purse],
    *,
    steps: int = 1,
    apart_from: Collection[frozenset[Pair]] = (),
    seconds: float = SECONDS,
    start: Plan | None = None,
) -> Plan:
    """The best plan found in the time; ``NoPlan`` if none.

    ``steps`` is into how many parts a gap can be cut; with one, an idea gets all or nothing. ``apart_from`` are sets of
    payers and ideas that the plan must differ from. ``start`` is a plan that keeps all the rules: what is found is
    worth no less.
    """
    began, worked = time.monotonic(), time.thread_time()
    model = _Model([ask for ask in asks if ask.gap_cents > 0], purses, steps, apart_from)
    if not model.columns and not apart_from:
        return Plan((), 0, 0, time.monotonic() - began)
    if start is None and not apart_from:
        start = model.first()
    patience = _patience(time.monotonic() - began, time.thread_time() - worked)
    for _try in range(TRIES):
        found = model.solve(max(0.0, seconds - (time.thread_time() - worked)), start, patience)
        if found is None:
            raise NoPlan
        parts, bound = found
        if not model.tighten(parts):
            worth = sum(part.worth for part in parts)
            return Plan(parts, worth, max(worth, bound), time.monotonic() - began)
    raise NoPlan


def _patience(clock: float, worked: float) -> float:
    """How many times longer than its work it took so far: an idle machine answers in its seconds on the clock."""
    return min(PATIENCE, max(1.0, clock / worked)) if worked > 0 else 1.0


def rules_of(purses: Iterable[Purse]) -> list[Rule]:
    """Every rule besides the budgets, purse by purse."""
    return [
        rule
        for purse in purses
        for rule in (
            *([Rule(purse.funder_id, "most_cents")] if purse.most_cents is not None else []),
            *([Rule(purse.funder_id, "most_ideas")] if purse.most_ideas is not None else []),
            *(Rule(purse.funder_id, "share", share.tag) for share in purse.shares),
        )
    ]


def without(purses: Iterable[Purse], rule: Rule) -> list[Purse]:
    """The purses as they were if this rule did not hold."""
    return [_without(purse, rule) if purse.funder_id == rule.funder_id else purse for purse in purses]


def _without(purse: Purse, rule: Rule) -> Purse:
    if rule.kind == "share":
        return replace(purse, shares=tuple(share for share in purse.shares if share.tag != rule.tag))
    return replace(purse, most_cents=None) if rule.kind == "most_cents" else replace(purse, most_ideas=None)


def another(
    asks: Sequence[Open], purses: Sequence[Purse], known: Iterable[Plan], *, steps: int = 1, seconds: float = SECONDS
) -> Plan | None:
    """The next best plan, whose set of payers and ideas is none of those that are known; None where there is none."""
    try:
        return plan(asks, purses, steps=steps, apart_from=[each.chosen for each in known], seconds=seconds)
    except NoPlan:
        return None


@dataclass
class _Model:
    """The programme, and which of its columns and rows mean what."""

    asks: Sequence[Open]
    purses: Sequence[Purse]
    steps: int
    apart_from: Collection[frozenset[Pair]]
    programme: Programme = field(default_factory=Programme)
    columns: list[tuple[int, Purse, Open]] = field(default_factory=list)
    marks: dict[Pair, int] = field(default_factory=dict)
    budgets: dict[int, int] = field(default_factory=dict)
    shares: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = {ask.idea_id: self.programme.row(0, self.steps) for ask in self.asks}
        apart = [(chosen, self.programme.row(1 - len(chosen))) for chosen in self.apart_from]
        for purse in self.purses:
            self._add(purse, rows, apart)

    def _add(self, purse: Purse, rows: Mapping[int, int], apart: Sequence[tuple[frozenset[Pair], int]]) -> None:
        row = self.programme.row
        self.budgets[purse.funder_id] = row(0, purse.budget_cents / 100)
        for share in purse.shares:
            self.shares[purse.funder_id, share.tag] = row(0)
        many = row(0, purse.most_ideas) if purse.most_ideas is not None else None
        for ask in self.asks:
            unit = self._unit(purse)
            most = self._most(purse, ask) // unit
            if most < 1:
                continue
            cost = unit * step_cents(ask.gap_cents, self.steps) / 100
            entries = [(rows[ask.idea_id], float(unit)), (self.budgets[purse.funder_id], cost)]
            entries += [
                (self.shares[purse.funder_id, share.tag], cost * ((share.tag in ask.tags) - share.percent / 100))
                for share in purse.shares
            ]
            counted = many is not None or apart
            given, any_given = (row(-inf, 0), row(0)) if counted else (0, 0)
            if counted:
                entries += [(given, 1.0), (any_given, 1.0)]
            points = unit * purse.points[ask.idea_id]
            column = self.programme.column(entries, cost=-points, upper=most, whole=True)
            self.columns.append((column, purse, ask))
            if counted:
                pair = (purse.funder_id, ask.idea_id)
                marks = [(given, -float(most)), (any_given, -1.0)]
                marks += [(many, 1.0)] if many is not None else []
                marks += [(at, -1.0 if pair in chosen else 1.0) for chosen, at in apart]
                self.marks[pair] = self.programme.column(marks, whole=True)

    def _unit(self, purse: Purse) -> int:
        """How many steps at a time the purse pays."""
        return self.steps if purse.alone else 1

    def _most(self, purse: Purse, ask: Open) -> int:
        """The most steps of this gap that the purse may pay."""
        if purse.points.get(ask.idea_id, 0) < 1:
            return 0
        free = purse.budget_cents if purse.most_cents is None else min(purse.budget_cents, purse.most_cents)
        return min(self.steps, free // step_cents(ask.gap_cents, self.steps))

    def first(self) -> Plan:
        """A plan that keeps every rule, put together where a cent is worth most: a slow machine ends with no less.

        Several rounds, since what goes where a purse is bound to makes room for what goes elsewhere.
        """
        left, spent = {ask.idea_id: self.steps for ask in self.asks}, Counter[tuple[int, str]]()
        parts: dict[Pair, Part] = {}
        many = Counter[int]()
        order = sorted(self.columns, key=lambda each: -each[1].points[each[2].idea_id] / each[2].gap_cents)
        for _round in range(ROUNDS):
            for _column, purse, ask in order:
                funder, pair, unit = purse.funder_id, (purse.funder_id, ask.idea_id), self._unit(purse)
                if pair in parts or (purse.most_ideas is not None and many[funder] >= purse.most_ideas):
                    continue
                cost = step_cents(ask.gap_cents, self.steps)
                steps = min(self._most(purse, ask), left[ask.idea_id], (purse.budget_cents - spent[funder, ""]) // cost)
                steps -= steps % unit
                while steps > 0 and not _shared(purse, ask, steps * cost, spent):
                    steps -= unit
                if steps > 0:
                    cents = steps * cost
                    parts[pair] = Part(funder, ask.idea_id, steps, cents, steps * purse.points[ask.idea_id])
                    left[ask.idea_id] -= steps
                    many[funder] += 1
                    spent.update(dict.fromkeys([(funder, tag) for tag in ("", *ask.tags)], cents))
        worth = sum(part.worth for part in parts.values())
        return Plan(tuple(parts.values()), worth, worth, 0.0)

    def solve(self, seconds: float, start: Plan | None, patience: float) -> tuple[tuple[Part, ...], int] | None:
        """The parts, and the bound on their worth."""
        solved = self.programme.solve(seconds=seconds, close_enough=0.99, start=self._values(start), patience=patience)
        if solved is None:
            return None
        parts = []
        for column, purse, ask in self.columns:
            steps = round(solved.values[column]) * self._unit(purse)
            if steps:
                cents = steps * step_cents(ask.gap_cents, self.steps)
                worth = steps * purse.points[ask.idea_id]
                parts.append(Part(purse.funder_id, ask.idea_id, steps, cents, worth))
        bound = sum(p.points[a.idea_id] * self._most(p, a) for _column, p, a in self.columns)
        return _exact(parts, self.asks), floor(min(bound, -solved.bound + 1e-6))

    def _values(self, start: Plan | None) -> list[float] | None:
        """What each column is in this plan; None where it pays what nobody can pay any more."""
        if start is None:
            return None
        steps = {(part.funder_id, part.idea_id): part.steps for part in start.parts}
        values = [0.0] * len(self.programme.costs)
        for column, purse, ask in self.columns:
            pair = (purse.funder_id, ask.idea_id)
            given = steps.pop(pair, 0)
            values[column] = given / self._unit(purse)
            if pair in self.marks:
                values[self.marks[pair]] = float(given > 0)
        return None if steps else values

    def tighten(self, parts: Iterable[Part]) -> bool:
        """Make rows stricter that rounding to whole steps has broken by some cents; was there one?"""
        cost = {ask.idea_id: step_cents(ask.gap_cents, self.steps) for ask in self.asks}
        tags = {ask.idea_id: ask.tags for ask in self.asks}
        broken = False
        for purse in self.purses:
            own = [(part, part.steps * cost[part.idea_id]) for part in parts if part.funder_id == purse.funder_id]
            spent = sum(cents for _part, cents in own)
            if spent > purse.budget_cents:
                broken = True
                self.programme.row_upper[self.budgets[purse.funder_id]] -= (spent - purse.budget_cents + 1) / 100
            for share in purse.shares:
                there = sum(cents for part, cents in own if share.tag in tags[part.idea_id])
                short = share.percent * spent - 100 * there
                if short > 0:
                    broken = True
                    self.programme.row_lower[self.shares[purse.funder_id, share.tag]] += (short + 100) / 10_000
        return broken


def _shared(purse: Purse, ask: Open, cents: int, spent: Mapping[tuple[int, str], int]) -> bool:
    """Does the purse still keep its shares with so much more for the idea? ``spent`` is by tag, "" is all of it."""
    whole = spent[purse.funder_id, ""] + cents
    return all(
        100 * (spent[purse.funder_id, share.tag] + cents * (share.tag in ask.tags)) >= share.percent * whole
        for share in purse.shares
    )


def _exact(parts: Iterable[Part], asks: Iterable[Open]) -> tuple[Part, ...]:
    """The parts with what is really paid: together never more than the gap, though steps are rounded up."""
    gaps = {ask.idea_id: ask.gap_cents for ask in asks}
    found = []
    for idea_id, own in groupby(sorted(parts, key=lambda part: (part.idea_id, part.funder_id)), lambda p: p.idea_id):
        left = gaps[idea_id]
        for part in own:
            cents = min(left, part.cents)
            left -= cents
            found.append(replace(part, cents=cents))
    return tuple(found)
