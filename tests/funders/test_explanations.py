"""Reasons are true: without the thing that a reason names, the score falls by what the reason said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innovation.funders.fitting import Fit, Offered, Part, Wanted
from innovation.funders.matching import WEIGHTS, fit
from innovation.funders.past_awards import SHARES, Learned
from innovation.funders.past_habits import Habits, Told, habits_of
from tests.funders.test_matching import OFFERED, OFFERS, WANTED

TODAY = dt.date(2026, 11, 26)
ELSEWHERE = frozenset({"ZA-NW"})
PAST = Learned(
    60,
    alike=4,
    titles=("Book boxes", "Story hours"),
    told=50,
    words=("books",),
    low=100_000_00,
    high=600_000_00,
    placed=40,
    places={"ZA-LP": 9, "ZA-WC": 2},
    phased=30,
    phases={"fp": 7, "ip": 3},
)
Case = tuple[Wanted, Offered, Learned]


def wanting(**other: object) -> Callable[[Case], Case]:
    return lambda case: (replace(case[0], **other), case[1], case[2])  # type: ignore[arg-type]


def offering(**other: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], replace(case[1], **other), case[2])  # type: ignore[arg-type]


def remembering(**other: object) -> Callable[[Case], Case]:
    return lambda case: (case[0], case[1], replace(case[2], **other))  # type: ignore[arg-type]


def giving_less(case: Case) -> Case:
    return wanting(ticket_min=None, ticket_max=case[1].amount // 2, co_fund=False)(case)


def usually_giving_more(case: Case) -> Case:
    return remembering(low=10 * case[1].amount, high=20 * case[1].amount)(case)


TAKEN: dict[str, Callable[[Case], Case]] = {  # the thing that the reason of each part names
    "theme": wanting(themes=frozenset({"another"})),
    "geography": wanting(national=True, provinces=ELSEWHERE, districts=frozenset(), district_provinces=frozenset()),
    "ticket": giving_less,
    "phase": wanting(phases=frozenset({"pset"})),
    "equity": offering(share_q1_3=0),
    "instrument": wanting(instruments=frozenset({"nothing that is asked"})),
    "alike": remembering(alike=0, titles=()),
    "told": remembering(told=0, words=()),
    "usual": usually_giving_more,
    "there": remembering(places={"ZA-NW": 40}),
    "for_whom": remembering(phases={"pset": 30}),
}
STEPS: dict[
    str, Callable[[Case], Case]
] = {  # one step less of what comes in steps, below the last of which nothing fits
    "appetite": wanting(appetite={"ready": "accepted", "piloting": "accepted", "replicating": "accepted"}),
    "evidence": offering(evidence="E1"),
}
RULED_OUT: dict[str, Callable[[Case], Case]] = {
    "appetite": wanting(appetite={"captured": "preferred"}),
    "evidence": offering(evidence="E0"),
}


def found(case: Case) -> Fit:
    return fit(case[0], case[1], TODAY, case[2])


def sum_of(one: Fit) -> Fraction:
    return sum((part.earned for part in one.judged), Fraction(0))


def of(key: str, one: Fit) -> Part:
    return next(part for part in one.judged if part.key == key)


def test_every_kind_of_reason_is_tried() -> None:
    assert {*TAKEN, *STEPS} == {*WEIGHTS, *SHARES}
    assert {part.key for part in found((WANTED, OFFERED, PAST)).judged} == {*WEIGHTS, *SHARES}


@pytest.mark.parametrize("key", TAKEN)
def test_without_what_a_reason_names_the_score_falls_by_what_it_said(key: str) -> None:
    case = (WANTED, OFFERED, PAST)
    before, after = found(case), found(TAKEN[key](case))

    assert of(key, before).earned > 0
    assert of(key, after).earned == 0
    assert sum_of(before) - sum_of(after) == of(key, before).earned
    assert abs(before.score - after.score - of(key, before).earned) <= 1  # both are rounded


@pytest.mark.parametrize("key", STEPS)
def test_a_step_less_takes_half_and_none_left_rules_the_idea_out(key: str) -> None:
    case = (WANTED, OFFERED, PAST)
    whole, half, out = found(case), found(STEPS[key](case)), found(RULED_OUT[key](case))

    assert of(key, whole).value == 1
    assert sum_of(whole) - sum_of(half) == of(key, whole).earned / 2
    assert (out.score, [blocker.key for blocker in out.blockers]) == (0, [{"appetite": "stage"}.get(key, key)])


PASTS = st.builds(
    Learned,
    awards=st.integers(0, 300),
    alike=st.integers(0, 9),
    titles=st.just(("Book boxes",)),
    told=st.integers(0, 100),
    words=st.just(("books",)),
    low=st.one_of(st.none(), st.just(100_000_00)),
    high=st.just(600_000_00),
    placed=st.sampled_from([0, 4, 40]),
    places=st.dictionaries(st.sampled_from(["ZA-LP", "ZA-WC"]), st.integers(1, 40)),
    phased=st.sampled_from([0, 4, 30]),
    phases=st.dictionaries(st.sampled_from(["ecd", "fp", "ip"]), st.integers(1, 30)),
)


@settings(max_examples=60)
@given(OFFERS, PASTS, st.booleans(), st.booleans())
def test_no_reason_says_more_or_less_than_it_brings(
    offered: Offered, past: Learned, national: bool, co_fund: bool
) -> None:
    case = (replace(WANTED, national=national, co_fund=co_fund, min_evidence=None), offered, past)
    before = found(case)

    for part in before.judged:
        if part.key in TAKEN and part.known and not before.blockers:
            after = found(TAKEN[part.key](case))
            fell = sum_of(before) - sum_of(after)
            assert (part.key, fell) == (part.key, part.earned)


# What places and phases are learned from


def test_awards_tell_where_they_went_and_for_whom() -> None:
    awards = [
        Told("Book boxes for Grade R and grade 2", "Limpopo"),
        Told("Coding at three high schools", "Vhembe East; Gauteng", 50_000),
        Told("A fund for teachers", "somewhere else"),
    ]

    habits = habits_of(awards, {"vhembe east": "ZA-LP"})

    assert habits == Habits(None, None, 2, {"ZA-LP": 2, "ZA-GP": 1}, 2, {"fp": 1, "fet": 1})


def test_the_same_awards_in_another_place_take_what_the_place_brought() -> None:
    awards = [Told("Book boxes for grade 2", "Limpopo") for _n in range(8)]
    moved = [replace(award, places="Gauteng") for award in awards]

    before, after = (
        found((WANTED, OFFERED, Learned(8, 2, ("Book boxes",), 50, ("books",)).with_habits(habits_of(each, {}))))
        for each in (awards, moved)
    )

    said = of("there", before)
    assert str(said.sentence) == "The funder has funded here before: Limpopo, 8 of 8 awards."
    assert said.sentence.to_funder % said.sentence.values == "You have funded here before: Limpopo, 8 of your 8 awards."
    assert sum_of(before) - sum_of(after) == said.earned > 0


def test_few_awards_of_known_place_or_phase_say_nothing_of_them() -> None:
    few = replace(PAST, placed=4, phased=4)

    keys = {part.key for part in found((WANTED, OFFERED, few)).judged}

    assert keys & {"there", "for_whom"} == set()
