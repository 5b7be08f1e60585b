"""What is learned from past awards: who would fund what, and what each part of a score says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from innovation.funders.learner import weighing
from innovation.funders.learner.awards import Past, read_lines, split_by_time
from innovation.funders.learner.evaluating import Placed, evaluate, figures
from innovation.funders.learner.model import Model, fit
from innovation.funders.learner.traits import look_at, protected
from tests.funders.past import past_awards

GARDEN = Past(description="Compost and water for a kitchen garden", amount=5000, region="Tshwane")


@pytest.fixture(scope="module")
def model() -> Model:
    return fit(past_awards())


def test_the_funder_of_such_things_comes_first(model: Model) -> None:
    ranked = model.rank(GARDEN)

    assert ranked[0].funder == "Garden trust"
    assert len(ranked) == 3
    assert math.isclose(sum(each.chance for each in ranked), 1, rel_tol=1e-5)


def test_a_score_is_the_sum_of_its_parts(model: Model) -> None:
    for each in model.rank(GARDEN):
        assert math.isclose(each.score, sum(each.parts.values()), abs_tol=1e-4)


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("amount", replace(GARDEN, amount=None)),
        ("place", replace(GARDEN, region="")),
        ("words", replace(GARDEN, description="")),
        ("similar", replace(GARDEN, description="")),
    ],
)
def test_a_part_of_which_nothing_is_known_says_nothing(model: Model, part: str, without: Past) -> None:
    told = model.rank(GARDEN)[0].parts[part]
    untold = {each.parts[part] for each in model.rank(without)}

    assert told > 0
    assert untold == {0.0}


def test_the_same_awards_teach_the_same(model: Model) -> None:
    assert fit(past_awards()).rank(GARDEN) == model.rank(GARDEN)


def test_who_received_it_and_the_currency_are_never_read() -> None:
    line = '{"funder": "A", "title": "T", "amount": 5, "id": "x", "recipient": "R", "currency": "ZAR", "date": "2020"}'

    read = read_lines([line], "awards")

    assert read.awards == [Past(funder="A", title="T", amount=5.0, date="2020")]


def test_words_for_race_religion_and_sex_are_no_traits() -> None:
    look = look_at(Past(title="Girls choir", description="Jewish girls sing"))

    found = {word for group in look.traits.values() for trait in group for word in trait.lower().split()}
    assert not found & protected()
    assert "sing" in found


def test_odd_lines_are_told_and_the_rest_is_read() -> None:
    lines = [
        '\ufeff{"funder": "A", "title": null, "amount": "12 000.50", "region": ["Limpopo", "Gauteng"]}',
        "",
        "not json",
        "[1, 2]",
        '{"title": "No funder"}',
        '{"funder": "B", "amount": "much", "description": 7, "education": true}',
        "[" * 5000,
    ]

    read = read_lines(lines, "awards.jsonl")

    assert read.awards == [
        Past("A", amount=12000.5, region="Limpopo; Gauteng"),
        Past("B", description="7", education=True),
    ]
    assert [fault.split(":")[0] for fault in read.faults] == [f"awards.jsonl, line {n}" for n in (3, 4, 5, 7)]


def test_awards_that_say_nothing_can_be_learned_from_and_asked() -> None:
    model = fit([Past("A"), Past("B"), Past("B")])

    assert [each.funder for each in model.rank(Past())] == ["B", "A"]


def test_the_newest_of_each_funder_are_held_back() -> None:
    older, newer = split_by_time(past_awards(10), 0.3)

    assert (len(older), len(newer)) == (21, 9)
    assert max(award.date for award in older) < min(award.date for award in newer)


def test_a_funder_without_awards_counts_as_not_found() -> None:
    placed = [Placed("A", True, 1), Placed("A", False, 4), Placed("B", False, None)]

    assert figures(placed) == {
        "mrr": 0.4167,
        "recall_1": 0.3333,
        "recall_5": 0.6667,
        "recall_10": 0.6667,
        "macro_mrr": 0.3125,
    }


def test_unseen_awards_of_the_same_funders_are_found() -> None:
    older, newer = split_by_time(past_awards(), 0.3)

    found = evaluate(older, newer)

    assert (found["mrr"], found["education"]["recall_1"]) == (1.0, 1.0)


def test_the_weights_are_the_same_however_many_awards_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(6)
    parts, classes = dice.random((40, 3, 5), np.float32), dice.integers(0, 5, 40)
    usual = np.ones(3, np.float32)
    at_once = weighing.weigh(parts, classes, usual)

    monkeypatch.setattr(weighing, "TOGETHER", 35)

    assert weighing.weigh(parts, classes, usual) == pytest.approx(at_once)
