"""Dots are counted fairly: no phone has more than it was given, retries count once, and merging doubles nothing."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from innovation.clinics.dots import (
    CHANGED,
    Place,
    Rule,
    Sheet,
    TieBreak,
    carried,
    changed,
    faults,
    heat,
    ranked,
    tie_across,
    tied_groups,
    totals_of,
)

RULE = Rule(dots=3, most=2)
IDEAS = (1, 2, 3, 4)


# What a ballot may hold


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({1: 2, 2: 1}, ()),
        ({1: 0}, ()),
        ({1: 3}, ("One idea has more from you than the round allows.",)),
        ({1: 2, 2: 2}, ("You have placed more dots than you have. Take some away.",)),
        ({9: 1}, ("One of these ideas is not in this round any more. The rest of your vote is still here.",)),
        ({1: -1, 2: 2}, ("Nothing less than 0 can be given.",)),
    ],
)
def test_a_ballot_holds_no_more_than_was_given(marks: dict[int, int], reason: tuple[str, ...]) -> None:
    assert faults(marks, RULE, IDEAS) == reason


def test_points_are_limited_for_each_idea_and_not_in_all() -> None:
    rule = Rule(None, 5)

    assert faults(dict.fromkeys(IDEAS, 5), rule, IDEAS) == ()
    assert faults({1: 6}, rule, IDEAS) == ("One idea has more from you than the round allows.",)


def test_the_same_dots_again_change_nothing_and_older_ones_are_refused() -> None:
    first = changed(Sheet(), {1: 2}, 0)
    assert first is not None
    second = changed(first, {2: 1}, 1)
    assert second is not None

    again, late = changed(second, {2: 1}, 1), changed(second, {1: 2}, 0)

    assert again is second
    assert late is None
    assert "another page" in CHANGED


# Merging


def test_dots_go_along_to_the_joined_idea_and_never_above_what_one_may_get() -> None:
    marks = {1: 2, 2: 1, 3: 1}

    together, apart = carried(marks, {1: 2}, most=2), carried(marks, {}, most=2)

    assert together == {2: 2, 3: 1}
    assert apart == marks


def test_a_chain_of_merges_ends_where_it_ends_even_in_a_circle() -> None:
    assert carried({1: 1}, {1: 2, 2: 3}, most=2) == {3: 1}
    assert sum(carried({1: 1}, {1: 2, 2: 1}, most=2).values()) == 1


# Order and ties


def test_most_dots_come_first_and_what_is_level_shares_its_rank() -> None:
    places = ranked({1: 4, 2: 7, 3: 4, 4: 0})

    assert places == [Place(1, 2, 7, False), Place(2, 1, 4, True), Place(2, 3, 4, True), Place(4, 4, 0, False)]
    assert tied_groups(places) == [(1, 3)]


def test_a_broken_tie_holds_among_those_it_was_about_only() -> None:
    broken = [TieBreak(3, frozenset({1}))]

    settled, another_came = ranked({1: 4, 3: 4}, broken), ranked({1: 4, 2: 4, 3: 4}, broken)

    assert [(place.rank, place.idea_id) for place in settled] == [(1, 3), (2, 1)]
    assert [place.tied for place in another_came] == [True, True, True]


def test_of_three_that_are_level_one_after_the_other_is_settled() -> None:
    first, second = TieBreak(2, frozenset({1, 3})), TieBreak(3, frozenset({1}))

    after_one, after_two = (
        ranked(dict.fromkeys((1, 2, 3), 5), [first]),
        ranked(dict.fromkeys((1, 2, 3), 5), [first, second]),
    )

    assert [(place.rank, place.idea_id) for place in after_one] == [(1, 2), (2, 1), (2, 3)]
    assert [(place.rank, place.idea_id) for place in after_two] == [(1, 2), (2, 3), (3, 1)]


@pytest.mark.parametrize(("many", "level"), [(1, ()), (2, (1, 3)), (3, ()), (9, ())])
def test_a_tie_matters_where_the_shortlist_ends(many: int, level: tuple[int, ...]) -> None:
    assert tie_across(ranked({1: 4, 2: 7, 3: 4, 4: 0}), many) == level


def test_the_warmest_idea_has_most_dots_and_none_is_cold() -> None:
    assert [heat(dots, 10) for dots in (0, 1, 5, 10)] == [0, 1, 2, 4]


# Whatever phones send, in whichever order

MARKS = st.dictionaries(st.integers(0, 6), st.integers(-1, 4), max_size=5)
SENDINGS = st.lists(st.tuples(st.integers(0, 3), MARKS, st.integers(0, 4), st.booleans()), max_size=12)


@settings(max_examples=80)
@given(SENDINGS, st.dictionaries(st.integers(1, 4), st.integers(1, 4), max_size=3))
def test_no_phone_has_more_dots_than_it_was_given_and_totals_are_those_accepted(
    sendings: list[tuple[int, dict[int, int], int, bool]], joined: dict[int, int]
) -> None:
    sheets: dict[int, Sheet] = {}
    accepted: dict[int, dict[int, int]] = {}

    for phone, marks, based_on, twice in sendings:
        for _time in range(1 + twice):  # an answer was lost, and the phone sends the same again
            sheet = sheets.get(phone, Sheet())
            after = None if faults(marks, RULE, IDEAS) else changed(sheet, marks, based_on)
            if after is not None:
                sheets[phone], accepted[phone] = after, {idea: dots for idea, dots in marks.items() if dots}
    ballots = [dict(sheet.marks) for sheet in sheets.values()]
    plain = totals_of(ballots, {}, RULE, IDEAS)
    merged = totals_of(ballots, joined, RULE, IDEAS)

    assert all(sum(marks.values()) <= RULE.dots for marks in ballots)
    assert all(dots <= RULE.most for marks in ballots for dots in carried(marks, joined, RULE.most).values())
    assert plain == {idea: sum(marks.get(idea, 0) for marks in accepted.values()) for idea in IDEAS}
    assert sum(merged.values()) <= sum(plain.values())
    assert totals_of(ballots, {}, RULE, IDEAS) == plain
