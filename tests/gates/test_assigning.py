"""The suggestion of who reviews what: the best there is on small cases, and what it says of what it cannot do."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from innovation.gates.assigning import (
    CHAIR,
    FIT,
    Candidate,
    Need,
    Reviewer,
    Suggestion,
    Unmet,
    Waiting,
    suggest,
)

GOVERNMENT = Need("government", frozenset({"government"}))
ROLES = ("chair", "deputy", "member", "government")


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Waiting], list[Reviewer]]:
    """Up to three ideas and four people, each sitting as one thing."""
    size = draw(st.integers(1, 4))
    roles = [draw(st.sampled_from(ROLES)) for _n in range(size)]
    people = [Reviewer(n, draw(st.integers(0, 3)), draw(st.none() | st.integers(0, 4))) for n in range(size)]
    waiting = []
    for idea_id in range(draw(st.integers(1, 3))):
        able = draw(st.sets(st.integers(0, size - 1)))
        quorum = draw(st.integers(1, 3))
        waiting.append(
            Waiting(
                idea_id,
                number=quorum + draw(st.integers(0, 2)),
                quorum=quorum,
                candidates=tuple(Candidate(n, roles[n], draw(st.integers(0, 4))) for n in sorted(able)),
                needs=(CHAIR, GOVERNMENT) if draw(st.booleans()) else (CHAIR,),
                pinned=frozenset(n for n in able if draw(st.integers(0, 5)) == 0),
            )
        )
    return waiting, people


def options(waiting: Waiting) -> list[tuple[Candidate, ...]]:
    """Every panel with which an idea can be reviewed."""
    sizes = range(waiting.least, waiting.most + 1)
    return [
        panel
        for size in sizes
        for panel in combinations(waiting.candidates, size)
        if waiting.pinned <= {one.person_id for one in panel}
        and all(sum(one.role in need.roles for one in panel) >= need.at_least for need in waiting.needs)
    ]


def best(waiting: list[Waiting], people: list[Reviewer]) -> tuple[int, int, int, int]:
    """The most ideas served, the earliest of them, the fewest empty seats and the most points: all cases tried."""
    possible = [each for each in waiting if options(each)]
    pinned = Counter(n for each in waiting for n in each.pinned)
    room = {one.person_id: 9 if one.cap is None else max(one.cap - one.load, pinned[one.person_id]) for one in people}
    found = []
    for panels in product(*([None, *options(each)] for each in possible)):
        taken = Counter(one.person_id for panel in panels if panel for one in panel)
        if all(room[person_id] >= more for person_id, more in taken.items()):
            found.append(_marks(possible, panels, taken, people))
    return max(found)


def _marks(possible: list[Waiting], panels: tuple, taken: Counter[int], people: list[Reviewer]) -> tuple:
    served = [place for place, panel in enumerate(panels) if panel is not None]
    early = sum(len(possible) - place for place in served)
    empty = sum(possible[place].most - len(panels[place]) for place in served)
    fit = sum(one.fit for place in served for one in panels[place])
    load = sum(sum(range(one.load, one.load + taken[one.person_id])) for one in people)
    return len(served), early, -empty, FIT * fit - load


def marks(waiting: list[Waiting], found: Suggestion) -> tuple[int, int, int, int]:
    possible = [each for each in waiting if options(each)]
    served = [place for place, each in enumerate(possible) if each.idea_id in found.chosen]
    early = sum(len(possible) - place for place in served)
    empty = sum(possible[place].most - len(found.chosen[possible[place].idea_id]) for place in served)
    return len(found.chosen), early, -empty, found.worth


@settings(max_examples=120, deadline=None)
@given(problems())
def test_no_other_suggestion_is_better_and_the_proof_says_so(problem: tuple[list[Waiting], list[Reviewer]]) -> None:
    waiting, people = problem

    found = suggest(waiting, people)

    assert marks(waiting, found) == best(waiting, people)
    assert (found.gap, found.served_at_most) == (0, len(found.chosen))
    for each in waiting:
        panel = tuple(one for one in each.candidates if one.person_id in found.chosen.get(each.idea_id, ()))
        assert each.idea_id not in found.chosen or panel in options(each)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_every_idea_without_a_full_panel_is_told_why(problem: tuple[list[Waiting], list[Reviewer]]) -> None:
    waiting, people = problem

    found = suggest(waiting, people)

    full = {each.idea_id for each in waiting if len(found.chosen.get(each.idea_id, ())) == each.most}
    assert {each.idea_id for each in found.unmet} == {each.idea_id for each in waiting} - full
    assert all(each.have < each.need for each in found.unmet)


def panel(*roles: str, fit: int = 0) -> tuple[Candidate, ...]:
    return tuple(Candidate(n, role, fit) for n, role in enumerate(roles))


def test_load_is_shared_before_a_small_difference_in_fit_counts() -> None:
    candidates = (Candidate(0, "chair", 3), Candidate(1, "chair", 2))
    ideas = [Waiting(n, number=1, quorum=1, candidates=candidates) for n in range(8)]

    found = suggest(ideas, [Reviewer(0), Reviewer(1)])

    assert Counter(members[0] for members in found.chosen.values()) == {0: 5, 1: 3}


def test_a_member_with_open_ideas_gets_fewer_new_ones() -> None:
    ideas = [Waiting(n, number=1, quorum=1, candidates=panel("chair", "chair")) for n in range(4)]

    found = suggest(ideas, [Reviewer(0, load=4), Reviewer(1)])

    assert set(found.chosen.values()) == {(1,)}


def test_where_the_caps_are_too_tight_the_first_ideas_get_whole_panels() -> None:
    ideas = [Waiting(n, number=3, quorum=2, candidates=panel("chair", "member", "member")) for n in range(3)]

    found = suggest(ideas, [Reviewer(n, cap=2) for n in range(3)])

    assert {idea_id: len(members) for idea_id, members in found.chosen.items()} == {0: 3, 1: 3}
    assert found.unmet == (
        Unmet(2, "quorum", have=0, need=2, full=(0, 1, 2)),
        Unmet(2, "chair", have=0, need=1, full=(0,)),
    )


def test_too_few_without_a_conflict_is_told_apart_from_too_few_with_room() -> None:
    idea = Waiting(1, number=3, quorum=2, candidates=panel("member", "member"))

    found = suggest([idea], [Reviewer(0), Reviewer(1)])

    assert (found.chosen, found.unmet) == ({}, (Unmet(1, "chair", have=0, need=1),))


def test_a_seat_that_stays_empty_is_named_with_who_is_full() -> None:
    ideas = [Waiting(n, number=2, quorum=1, candidates=panel("chair", "member")) for n in range(2)]

    found = suggest(ideas, [Reviewer(0), Reviewer(1, cap=1)])

    assert [(each.rule, each.have, each.need, each.full) for each in found.unmet] == [("number", 1, 2, (1,))]


def test_what_is_pinned_beyond_a_cap_stands_and_nothing_is_added() -> None:
    ideas = [
        Waiting(n, number=1, quorum=1, candidates=panel("chair", "chair"), pinned=frozenset({0} if n < 2 else ()))
        for n in range(3)
    ]

    found = suggest(ideas, [Reviewer(0, cap=1), Reviewer(1)])

    assert found.chosen == {0: (0,), 1: (0,), 2: (1,)}


def test_nothing_that_waits_is_no_trouble() -> None:
    found = suggest([], [Reviewer(0)])

    assert (found.chosen, found.unmet, found.gap) == ({}, (), 0)
