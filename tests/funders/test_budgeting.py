"""The best that a budget can do under its rules, held against every plan there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innovation.funders import budgeting
from innovation.funders.budgeting import (
    NoPlan,
    Open,
    Part,
    Plan,
    Purse,
    Rule,
    Share,
    another,
    plan,
    rules_of,
    step_cents,
    without,
)

RURAL = frozenset({"rural"})


def asks(*gaps: int, rural: int = 0) -> list[Open]:
    """Ideas 1, 2, 3 and so on with these gaps, the first ``rural`` of which are rural."""
    return [Open(n, gap, RURAL if n <= rural else frozenset()) for n, gap in enumerate(gaps, 1)]


def purse(budget: int, *points: int, funder_id: int = 1, **rules: object) -> Purse:
    return Purse(funder_id, budget, dict(enumerate(points, 1)), **rules)  # type: ignore[arg-type]


def given_to(found: Plan) -> dict[int, int]:
    return {part.idea_id: part.cents for part in found.parts}


# One purse


def test_the_money_goes_where_it_is_worth_most_together() -> None:
    found = plan(asks(60_00, 50_00, 50_00), [purse(100_00, 90, 60, 60)])

    assert (given_to(found), found.worth, found.gap) == ({2: 50_00, 3: 50_00}, 120, 0)


def test_a_gap_is_paid_in_parts_where_that_is_allowed() -> None:
    found = plan(asks(60_00, 50_00, 50_00), [purse(100_00, 90, 60, 50)], steps=2)

    assert (given_to(found), found.worth) == ({1: 60_00, 2: 25_00}, 240)


def test_no_idea_gets_more_than_one_may_get() -> None:
    found = plan(asks(60_00, 50_00), [purse(200_00, 90, 60, most_cents=55_00)])

    assert given_to(found) == {2: 50_00}


def test_no_more_ideas_are_funded_than_may_be() -> None:
    found = plan(asks(10_00, 10_00, 30_00), [purse(50_00, 50, 50, 80, most_ideas=1)])

    assert given_to(found) == {3: 30_00}


def test_so_much_goes_where_it_is_bound_to() -> None:
    found = plan(asks(40_00, 60_00, rural=1), [purse(100_00, 10, 90, shares=(Share("rural", 40),))])
    bound = plan(asks(30_00, 60_00, rural=1), [purse(100_00, 10, 90, shares=(Share("rural", 40),))])

    assert given_to(found) == {1: 40_00, 2: 60_00}
    assert given_to(bound) == {1: 30_00}


def test_without_points_or_a_gap_an_idea_gets_nothing() -> None:
    found = plan([Open(1, 0), Open(2, 10_00), Open(3, 10_00)], [purse(100_00, 50, 0)])

    assert found.parts == ()


# What a rule costs, and what else would do


def test_what_a_rule_costs_is_said_by_the_plan_without_it() -> None:
    purses = [purse(100_00, 90, 60, 60, most_cents=50_00, most_ideas=1)]
    wanted = asks(60_00, 50_00, 40_00)

    worth = {rule.kind: plan(wanted, without(purses, rule)).worth for rule in rules_of(purses)}

    assert plan(wanted, purses).worth == 60
    assert worth == {"most_cents": 90, "most_ideas": 120}


def test_every_rule_can_be_taken_away_by_itself() -> None:
    full = purse(100_00, 50, most_cents=1, most_ideas=2, shares=(Share("rural", 10), Share("low", 20)))

    rules = rules_of([full])

    assert rules == [Rule(1, "most_cents"), Rule(1, "most_ideas"), Rule(1, "share", "rural"), Rule(1, "share", "low")]
    assert without([full], rules[2]) == [replace(full, shares=(Share("low", 20),))]


def test_other_plans_come_in_the_order_of_their_worth_until_there_is_none() -> None:
    wanted, purses = asks(50_00, 50_00), [purse(50_00, 70, 60)]
    known = [plan(wanted, purses)]

    while (found := another(wanted, purses, known)) is not None:
        known.append(found)

    assert [each.worth for each in known] == [70, 60, 0]


def test_what_is_found_is_worth_no_less_than_the_plan_it_starts_from() -> None:
    wanted, strict = asks(50_00, 40_00, 30_00), [purse(100_00, 70, 60, 50, most_ideas=1)]
    first = plan(wanted, strict)

    then = plan(wanted, without(strict, Rule(1, "most_ideas")), seconds=0, start=first)

    assert (first.worth, then.worth >= first.worth) == (70, True)


# Several purses


def test_two_funders_fill_one_gap_and_never_more() -> None:
    both = [purse(60_00, 80), purse(60_00, 70, funder_id=2)]

    found = plan(asks(100_01), both, steps=4)

    assert (sum(part.cents for part in found.parts), found.worth) == (100_01, 2 * 80 + 2 * 70)


def test_a_funder_that_pays_alone_pays_all_of_a_gap_or_nothing() -> None:
    both = [purse(60_00, 90, 90, alone=True), purse(100_00, 70, 70, funder_id=2)]

    found = plan(asks(100_00, 60_00), both, steps=2)

    assert {(part.funder_id, part.idea_id): part.cents for part in found.parts} == {(1, 2): 60_00, (2, 1): 100_00}


def test_where_nothing_else_is_possible_there_is_no_plan_rather_than_a_wrong_one() -> None:
    with pytest.raises(NoPlan):
        plan(asks(10_00), [purse(10_00, 5)], apart_from=[frozenset(), frozenset({(1, 1)})])


# Against every plan there is


def every(wanted: list[Open], purses: list[Purse], steps: int) -> Iterator[tuple[Part, ...]]:
    pairs = [(p, a) for p in purses for a in wanted]
    for counts in product(range(steps + 1), repeat=len(pairs)):
        yield tuple(
            Part(p.funder_id, a.idea_id, n, n * step_cents(a.gap_cents, steps), n * p.points.get(a.idea_id, 0))
            for n, (p, a) in zip(counts, pairs, strict=True)
            if n
        )


def keeps(parts: tuple[Part, ...], wanted: list[Open], purses: list[Purse], steps: int) -> bool:
    """Does a plan keep every rule? Said without the solver, in whole cents."""
    if any(sum(part.steps for part in parts if part.idea_id == ask.idea_id) > steps for ask in wanted):
        return False
    tags = {ask.idea_id: ask.tags for ask in wanted}
    for each in purses:
        own = [part for part in parts if part.funder_id == each.funder_id]
        spent = sum(part.cents for part in own)
        if spent > each.budget_cents or any(part.worth < 1 for part in own):
            return False
        if each.most_cents is not None and any(part.cents > each.most_cents for part in own):
            return False
        if each.alone and any(part.steps < steps for part in own):
            return False
        if each.most_ideas is not None and len(own) > each.most_ideas:
            return False
        for share in each.shares:
            if 100 * sum(part.cents for part in own if share.tag in tags[part.idea_id]) < share.percent * spent:
                return False
    return True


GAPS = st.integers(1, 900_00)
POINTS = st.lists(st.integers(0, 100), min_size=3, max_size=3)
RULES = st.fixed_dictionaries(
    {
        "most_cents": st.none() | GAPS,
        "most_ideas": st.none() | st.integers(0, 3),
        "alone": st.booleans(),
        "shares": st.just(()) | st.builds(lambda percent: (Share("rural", percent),), st.integers(1, 100)),
    }
)


@pytest.mark.parametrize(
    ("clock", "worked", "times"), [(1.0, 1.0, 1.0), (3.0, 1.0, 3.0), (90.0, 1.0, 4.0), (0.1, 0.0, 1.0)]
)
def test_the_clock_is_given_as_many_times_the_seconds_as_the_machine_is_busy(
    clock: float, worked: float, times: float
) -> None:
    assert budgeting._patience(clock, worked) == times


def test_without_time_the_plan_still_keeps_every_rule_and_spends_most_of_what_there_is() -> None:
    wanted = asks(*range(100_00, 300_00, 1_00), rural=150)
    purses = [
        Purse(
            n, 5_000_00, {ask.idea_id: 20 + (ask.idea_id * 7 + n) % 70 for ask in wanted}, shares=(Share("rural", 60),)
        )
        for n in range(1, 9)
    ]

    found = plan(wanted, purses, steps=4, seconds=0.0)

    stepped = tuple(replace(p, cents=p.steps * step_cents(wanted[p.idea_id - 1].gap_cents, 4)) for p in found.parts)
    assert keeps(stepped, wanted, purses, 4)
    assert sum(part.cents for part in found.parts) > 0.8 * sum(each.budget_cents for each in purses)


@settings(max_examples=40)
@given(
    gaps=st.lists(GAPS, min_size=3, max_size=3),
    rural=st.integers(0, 3),
    points=st.tuples(POINTS, POINTS),
    budgets=st.tuples(GAPS, GAPS),
    rules=st.tuples(RULES, RULES),
    steps=st.sampled_from([1, 2]),
)
def test_no_plan_that_keeps_the_rules_is_worth_more(gaps, rural, points, budgets, rules, steps) -> None:  # type: ignore[no-untyped-def]
    wanted = asks(*gaps, rural=rural)
    purses = [purse(budgets[n], *points[n], funder_id=n + 1, **rules[n]) for n in (0, 1)]

    found = plan(wanted, purses, steps=steps)

    stepped = tuple(replace(p, cents=p.steps * step_cents(gaps[p.idea_id - 1], steps)) for p in found.parts)
    best = max(
        sum(p.worth for p in parts) for parts in every(wanted, purses, steps) if keeps(parts, wanted, purses, steps)
    )
    assert keeps(stepped, wanted, purses, steps)
    assert (found.worth, found.gap) == (best, 0)
