"""The pure pieces of plans: numbers in texts, differences, cost for each, and how typical sites are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from innovation.pilots import amending, typicality
from innovation.pilots.costing import cost_of
from innovation.pilots.filling import is_more_better, number_in, unit_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("24", 24.0),
        ("24 words a minute", 24.0),
        ("at least 40 %", 40.0),
        ("1 250", 1250.0),
        ("1,250", 1250.0),
        ("12,5", 12.5),
        ("R79 000", 79000.0),
        ("0", 0.0),
        ("", None),
        ("Measured in week 1", None),
        ("20 to 30", None),
        ("3 of 10 learners", None),
        ("Grade 3", None),
        ("24 or so, if the new readers come in time from the depot", None),
    ],
)
def test_a_number_is_read_where_it_is_plain_and_never_guessed(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_a_unit_is_one_that_all_plain_texts_share() -> None:
    assert unit_of("24 words", "40 Words") == "Words"
    assert unit_of("All who start", "85 %") == "%"
    assert unit_of("24 words", "40 %") == ""


@pytest.mark.parametrize(
    ("baseline", "target", "stop_at", "more"),
    [(20, 40, 10, True), (40, 20, None, False), (None, 5, 20, False), (None, None, 3, True), (10, 20, 30, False)],
)
def test_the_direction_follows_from_the_numbers(baseline: float, target: float, stop_at: float, more: bool) -> None:
    assert is_more_better(baseline, target, stop_at) is more


def test_differences_of_rows_are_what_changed_went_and_came() -> None:
    before = {1: {"item": "Books", "amount": 5}, 2: {"item": "Vans", "amount": 9}}

    changes = list(
        amending.row_differences(before, [(1, {"item": "Books", "amount": 7}), (None, {"item": "Bikes"})], "item")
    )

    assert changes == [
        {"what": "amount", "of": "Books", "before": 5, "after": 7},
        {"what": "item", "of": "Vans", "before": "Vans", "after": None},
        {"what": "item", "of": "Bikes", "before": None, "after": "Bikes"},
    ]


def test_the_cost_for_each_is_of_all_inputs_in_kind_too() -> None:
    told = ((900, False), (100, True), (None, True))
    lines = [SimpleNamespace(amount_cents=cents, in_kind=kind) for cents, kind in told]

    cost = cost_of(lines, 10)

    assert (cost.total, cost.for_each, cost.money_for_each, cost.unpriced) == (1000, 100, 90, 1)
    assert cost_of(lines, None).for_each is None


def mix(poor: int, rich: int) -> list[tuple[int, str, str, int]]:
    return [(1, "rural", "200", poor), (5, "urban", "1000", rich)]


@pytest.mark.parametrize(
    ("poor", "rich", "leans"), [(5, 3, "better_off"), (7, 1, "typical"), (8, 0, "typical"), (0, 0, "")]
)
def test_sites_lean_where_they_differ_by_more_than_one_site(poor: int, rich: int, leans: str) -> None:
    found = typicality.compare(mix(poor, rich), mix(90, 10))

    assert found.leans == leans


def test_poorer_sites_are_said_to_be_poorer() -> None:
    assert typicality.compare(mix(8, 0), mix(50, 50)).leans == "poorer"


def test_what_a_register_does_not_know_is_left_out_of_the_shares() -> None:
    found = typicality.compare([(99, ".", None, 4), (2, "rural", "0", 1)], mix(1, 1))

    assert [(share.key, share.sites) for share in found.quintiles] == [("1", 0), ("2", 1), ("5", 0)]
    assert [share.key for share in found.settings] == ["rural", "urban"]
    assert [share.key for share in found.sizes] == ["0", "200", "1000"]
