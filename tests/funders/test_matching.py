"""The matcher, worked out by hand: each blocker, each part, and the sum."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.funders.facts import wanted_by
from innovation.funders.fitting import Fit, Offered, Part, Wanted
from innovation.funders.matching import WEIGHTS, fit

TODAY = dt.date(2026, 11, 26)
LEVELS = tuple((f"E{number}", name) for number, name in enumerate(("nothing", "account", "change", "cause", "proof")))
WANTED = Wanted(
    themes=frozenset({"t1", "t6"}),
    phases=frozenset({"fp", "ip"}),
    national=False,
    provinces=frozenset({"ZA-LP"}),
    districts=frozenset({7}),
    district_provinces=frozenset({"ZA-LP"}),
    appetite={"ready": "preferred", "piloting": "accepted"},
    ticket_min=100_000_00,
    ticket_max=750_000_00,
    max_months=24,
    instruments=frozenset({"grant"}),
    min_evidence="E1",
)
OFFERED = Offered(
    theme="t6",
    topic="literacy",
    phases=frozenset({"fp"}),
    provinces=frozenset({"ZA-LP"}),
    districts=frozenset({7}),
    stage="ready",
    amount=480_000_00,
    months=12,
    instruments=frozenset({"grant"}),
    legal_status=frozenset({"pbo"}),
    evidence="E2",
    evidence_levels=LEVELS,
    share_of="Sites in poor places",
    share_q1_3=75,
)


def matched(*, wanted: dict[str, Any] | None = None, **offered: Any) -> Fit:
    return fit(replace(WANTED, **(wanted or {})), replace(OFFERED, **offered), TODAY)


def part(key: str, **changes: Any) -> Part:
    return next(each for each in matched(**changes).parts if each.key == key)


def why(**changes: Any) -> list[tuple[str, str]]:
    return [(blocker.key, str(blocker.sentence)) for blocker in matched(**changes).blockers]


def test_without_a_mandate_no_place_is_known_and_place_scores_half() -> None:
    found = fit(wanted_by(None, {}), OFFERED, TODAY)

    place = next(each for each in found.judged if each.key == "geography")
    assert (place.known, place.value, str(place.sentence)) == (False, Fraction(1, 2), "The mandate names no places.")
    assert (found.backed, found.confidence) == (7, "low")  # of all parts, equity alone needs no mandate


def test_the_weights_are_those_of_the_rules_and_add_up_to_a_hundred() -> None:
    assert WEIGHTS == {
        "theme": 25,
        "appetite": 15,
        "geography": 15,
        "ticket": 15,
        "phase": 10,
        "evidence": 8,
        "equity": 7,
        "instrument": 5,
    }
    assert sum(WEIGHTS.values()) == 100


def test_what_fits_in_everything_has_a_hundred_with_high_confidence() -> None:
    found = matched()

    assert (found.score, found.backed, found.confidence, found.gap) == (100, 100, "high", None)
    assert [each.key for each in found.reasons] == ["theme", "appetite", "geography"]


def test_a_middling_idea_worked_by_hand() -> None:
    # theme 12.5 + stage 7.5 + place 7.5 + size 7.5 + phase 5 + evidence 4 + equity 3.5 + form 2.5 = 50
    found = matched(
        theme="t2",
        secondary_themes=frozenset({"t1"}),
        stage="piloting",
        districts=frozenset({8}),
        amount=900_000_00,
        phases=frozenset({"fp", "sp"}),
        evidence="E1",
        share_q1_3=40,
        instruments=frozenset({"prize"}),
    )

    assert [each.value for each in found.parts] == [Fraction(1, 2)] * 8
    assert found.score == 50
    assert sum(each.points for each in found.parts) == 50
    assert found.confidence == "high"
    assert found.gap is not None
    assert found.gap.key == "theme"


@pytest.mark.parametrize(
    ("changes", "blocker"),
    [
        ({"stage": "replicating"}, ("stage", "The funder does not fund ideas at this stage.")),
        (
            {"provinces": frozenset({"ZA-WC"}), "districts": frozenset({9})},
            ("place", "The idea lies outside the places where the funder works."),
        ),
        ({"amount": 99_999_99}, ("ticket", "The ask is smaller than the least that the funder gives.")),
        (
            {"amount": 3_000_000_01, "wanted": {"co_fund": False}},
            ("ticket", "The funder gives less than a quarter of the ask, and does not fund with others."),
        ),
        ({"wanted": {"exclusions": frozenset({"literacy"})}}, ("exclusion", "The funder does not fund this topic.")),
        (
            {"wanted": {"requires": frozenset({"pbo", "s18a"})}},
            ("status", "The funder requires a legal status that is missing: S18A."),
        ),
        (
            {"wanted": {"min_evidence": "E3"}},
            ("evidence", "The evidence is at E2 change; the funder asks for E3 cause or more."),
        ),
        (
            {"wanted": {"windows": ((dt.date(2026, 11, 27), None),)}},
            ("window", "The funder's window opens on 27 Nov 2026."),
        ),
        (
            {"wanted": {"windows": ((None, dt.date(2026, 11, 25)),)}},
            ("window", "The funder's window closed on 25 Nov 2026."),
        ),
    ],
)
def test_each_blocker_rules_the_fit_out_and_says_why(changes: dict[str, Any], blocker: tuple[str, str]) -> None:
    assert why(**changes) == [blocker]
    assert matched(**changes).score == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 100_000_00},
        {"amount": 3_000_000_00, "wanted": {"co_fund": False}},
        {"amount": 9_000_000_00},
        {"wanted": {"min_evidence": "E2"}},
        {"wanted": {"windows": ((None, dt.date(2026, 1, 31)), (TODAY, TODAY))}},
        {"wanted": {"national": True}, "provinces": frozenset({"ZA-WC"}), "districts": frozenset({9})},
        {"provinces": frozenset(), "districts": frozenset()},
        {"wanted": {"provinces": frozenset()}, "districts": frozenset()},
    ],
)
def test_on_the_border_nothing_is_blocked(changes: dict[str, Any]) -> None:
    assert why(**changes) == []


@pytest.mark.parametrize(
    ("key", "changes", "value"),
    [
        ("theme", {}, 1),
        ("theme", {"theme": "t2", "secondary_themes": frozenset({"t1"})}, Fraction(1, 2)),
        ("theme", {"theme": "t2"}, 0),
        ("theme", {"theme": None, "secondary_themes": frozenset({"t1", "t2"})}, Fraction(1, 3)),
        ("appetite", {}, 1),
        ("appetite", {"stage": "piloting"}, Fraction(1, 2)),
        ("geography", {}, 1),
        ("geography", {"districts": frozenset({8})}, Fraction(1, 2)),
        ("geography", {"wanted": {"national": True, "provinces": frozenset(), "districts": frozenset()}}, 0),
        ("ticket", {"amount": 750_000_00}, 1),
        ("ticket", {"amount": 750_000_01}, Fraction(1, 2)),
        ("ticket", {"amount": 937_500_00, "wanted": {"co_fund": False}}, Fraction(1, 2)),
        ("ticket", {"amount": 937_500_01, "wanted": {"co_fund": False}}, 0),
        ("phase", {"phases": frozenset({"fp", "ip"})}, 1),
        ("phase", {"phases": frozenset({"fp", "sp", "fet"})}, Fraction(1, 3)),
        ("phase", {"phases": frozenset({"fet"})}, 0),
        ("evidence", {"evidence": "E2"}, 1),
        ("evidence", {"evidence": "E1"}, Fraction(1, 2)),
        ("equity", {"share_q1_3": 60}, 1),
        ("equity", {"share_q1_3": 59}, Fraction(1, 2)),
        ("equity", {"share_q1_3": 30}, Fraction(1, 2)),
        ("equity", {"share_q1_3": 29}, 0),
        ("instrument", {}, 1),
        ("instrument", {"instruments": frozenset({"prize"})}, Fraction(1, 2)),
        ("instrument", {"instruments": frozenset({"loan"})}, 0),
        ("instrument", {"months": 25}, Fraction(1, 2)),
    ],
)
def test_each_part_has_its_value(key: str, changes: dict[str, Any], value: Fraction | int) -> None:
    assert part(key, **changes).value == value
    assert part(key, **changes).known


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("theme", {"theme": None}),
        ("theme", {"wanted": {"themes": frozenset()}}),
        ("appetite", {"wanted": {"appetite": {}}}),
        ("geography", {"provinces": frozenset(), "districts": frozenset()}),
        ("ticket", {"wanted": {"ticket_min": None, "ticket_max": None}}),
        ("phase", {"phases": frozenset()}),
        ("phase", {"wanted": {"phases": frozenset()}}),
        ("evidence", {"evidence": None}),
        ("evidence", {"wanted": {"min_evidence": None}}),
        ("equity", {"share_q1_3": None}),
        ("instrument", {"instruments": frozenset()}),
        ("instrument", {"wanted": {"instruments": frozenset()}}),
    ],
)
def test_what_either_side_leaves_out_counts_half_and_lowers_the_confidence(key: str, changes: dict[str, Any]) -> None:
    found = part(key, **changes)

    assert (found.value, found.known) == (Fraction(1, 2), False)
    assert matched(**changes).backed == 100 - WEIGHTS[key]


def test_places_are_called_as_the_programme_calls_them() -> None:
    words = {"district_word": "Ward", "districts_word": "Wards"}

    named = part("geography", **words)
    beside = part("geography", districts=frozenset({8}), **words)
    unsure = part("geography", wanted={"provinces": frozenset()}, districts=frozenset(), **words)

    assert str(named.sentence) == "Ward: one that the mandate names."
    assert str(beside.closes) == "Ward: one that the mandate names would count more."
    assert str(unsure.closes) == "Wards: name them on both sides."


def test_confidence_falls_with_the_share_of_weight_that_data_backs() -> None:
    nothing = fit(Wanted(), Offered(amount=1), TODAY)
    some = matched(wanted={"themes": frozenset(), "appetite": {}})

    assert (nothing.score, nothing.backed, nothing.confidence) == (50, 0, "low")
    assert (some.backed, some.confidence) == (60, "med")
    assert nothing.reasons == ()


def test_the_gap_is_what_costs_most_and_says_what_would_close_it() -> None:
    gap = matched(evidence="E1", share_q1_3=None).gap

    assert gap is not None
    assert str(gap.closes) == "Evidence one level stronger than E1 account would count more."


OFFERS = st.builds(
    Offered,
    theme=st.sampled_from([None, "t1", "t2", "t6"]),
    secondary_themes=st.frozensets(st.sampled_from(["t1", "t2", "t3"])),
    topic=st.sampled_from([None, "literacy", "ict"]),
    phases=st.frozensets(st.sampled_from(["ecd", "fp", "ip", "sp", "fet"])),
    provinces=st.frozensets(st.sampled_from(["ZA-LP", "ZA-WC"])),
    districts=st.frozensets(st.integers(6, 9)),
    stage=st.sampled_from(["ready", "piloting", "replicating"]),
    amount=st.integers(1, 5_000_000_00),
    months=st.sampled_from([None, 6, 60]),
    instruments=st.frozensets(st.sampled_from(["grant", "loan", "prize"])),
    legal_status=st.just(frozenset({"pbo"})),
    evidence=st.sampled_from([None, "E0", "E1", "E4"]),
    share_q1_3=st.one_of(st.none(), st.integers(0, 100)),
)


@given(OFFERS, st.booleans(), st.booleans())
def test_the_parts_always_add_up_to_the_score(offered: Offered, national: bool, co_fund: bool) -> None:
    found = fit(replace(WANTED, national=national, co_fund=co_fund), offered, TODAY)

    assert sum(each.points for each in found.parts) == found.score
    assert 0 <= found.score <= 100
    assert bool(found.blockers) != bool(found.parts)
    assert all(0 <= each.points <= each.weight for each in found.parts)
