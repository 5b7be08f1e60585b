"""The tree of who learned from whom, and how far something has spread by the end of each term."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from innovation.replication.adapting import by_part
from innovation.replication.contents import Part
from innovation.replication.growing import Reached, Spread, Term, bars, grow, leads_back, spread_by_term
from innovation.replication.models import RolloutAdaptation

TERMS = [
    Term("2026-1", dt.date(2026, 3, 27)),
    Term("2026-2", dt.date(2026, 6, 26)),
    Term("2026-3", dt.date(2026, 9, 23)),
]
TODAY = dt.date(2026, 9, 30)


def test_each_stands_below_the_one_it_learned_from() -> None:
    tree = grow({1: None, 2: None, 3: 1, 4: 3})

    assert [(branch.key, branch.parent, branch.depth) for branch in tree.branches] == [
        (1, None, 1),
        (3, 1, 2),
        (4, 3, 3),
        (2, None, 1),
    ]


def test_whoever_is_not_in_the_tree_taught_nobody() -> None:
    assert [(branch.key, branch.parent) for branch in grow({5: 9}).branches] == [(5, None)]


@given(st.dictionaries(st.integers(1, 12), st.none() | st.integers(1, 12), max_size=12))
def test_everybody_stands_in_the_tree_once_whatever_was_said(parents: dict[int, int | None]) -> None:
    tree = grow(parents)

    assert sorted(branch.key for branch in tree.branches) == sorted(parents)
    assert len({branch.y for branch in tree.branches}) == len(parents)
    assert all(tree.path_to(branch).startswith("M") for branch in tree.branches)


def test_nobody_learns_from_those_whom_they_taught() -> None:
    parents = {1: None, 2: 1, 3: 2}

    assert leads_back(1, 3, parents)
    assert not leads_back(3, 1, parents)
    assert not leads_back(3, None, parents)


def test_a_place_is_counted_once_and_from_the_term_in_which_it_began() -> None:
    reached = [
        Reached("a", dt.date(2026, 2, 2), learners=40),
        Reached("a", dt.date(2026, 7, 20), learners=60),
        Reached("b", dt.date(2026, 4, 20), learners=10),
    ]

    found = spread_by_term(reached, TERMS, TODAY)

    assert found == [Spread("2026-1", 1, 40), Spread("2026-2", 2, 50), Spread("2026-3", 2, 70)]


def test_what_is_still_to_come_is_not_counted() -> None:
    assert spread_by_term([Reached("a", dt.date(2026, 9, 1))], TERMS, dt.date(2026, 8, 1)) == [Spread("2026-3", 0, 0)]


@given(
    st.lists(
        st.builds(
            Reached,
            st.sampled_from("abcd"),
            st.dates(dt.date(2026, 1, 5), dt.date(2026, 12, 1)),
            st.none(),
            st.integers(0, 99),
        ),
        min_size=1,
    )
)
def test_reach_equals_a_count_by_hand(reached: list[Reached]) -> None:
    for spread, term in zip(reversed(spread_by_term(reached, TERMS, TODAY)), reversed(TERMS), strict=False):
        begun = [each for each in reached if each.starts_on <= min(term.ends_on, TODAY)]
        places = {each.place for each in begun}
        most = [max(each.learners for each in begun if each.place == place) for place in places]
        learners = sum(number for number in most if number >= 10)
        assert (spread.term, spread.sites, spread.learners) == (term.key, len(places), learners)


def test_the_highest_column_fills_the_picture() -> None:
    found = bars([Spread("2026-1", 1, 40), Spread("2026-2", 4, 90)])

    assert [(bar.height, bar.y + bar.height) for bar in found] == [(28, 136), (112, 136)]
    assert bars([Spread("2026-1", 0, 0)]) == []


def test_adaptations_stand_with_the_part_that_they_touch() -> None:
    parts = [Part(1, "Reading aloud"), Part(2, "Books", core=False)]
    made = [
        RolloutAdaptation(part=2, act="keep"),
        RolloutAdaptation(part=2, act="drop"),
        RolloutAdaptation(part=9, act=""),
    ]

    found = by_part(parts, made)

    assert [(each.part.name, len(each.adaptations), each.count("keep")) for each in found] == [
        ("Books", 2, 1),
        ("", 1, 0),
    ]
