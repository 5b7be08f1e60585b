"""What past awards add to a fit: learned by the worker, told in true reasons, and nothing where there is no history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import clock
from innovation.db import db, now
from innovation.funders import award_import, learning
from innovation.funders.fitting import Fit, Offered, Wanted
from innovation.funders.learner.awards import Past, shares_of_time
from innovation.funders.learner.history import History
from innovation.funders.learner.model import fit as learn_model
from innovation.funders.learner.storing import OtherFormat, packed, unpacked
from innovation.funders.learning import learn
from innovation.funders.matching import fit
from innovation.funders.models import Funder, LearnedFit, LearnedModel
from innovation.funders.past_awards import Learned, past_parts, weight_of
from innovation.funders.past_habits import usual_range
from innovation.funders.queries.browsing import Browsing
from innovation.funders.queries.mandates import mandates_for
from innovation.funders.row_files import read_rows
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM
from tests import make
from tests.beside import watched
from tests.funders.past import past_awards

IDEA = Past(title="Reading clubs", description="A library club with story books for reading after school")
TODAY = now().date()


def learned_of(awards: Sequence[Past], idea: Past, funder: str = "Books fund") -> Learned:
    ordered = [award for award, _share in shares_of_time(awards)]
    return History(learn_model(ordered), ordered).learned(funder, idea)


def points(found: Fit) -> dict[str, int]:
    return {part.key: part.points for part in found.parts}


def test_the_more_awards_the_more_they_count() -> None:
    weights = [weight_of(Learned(awards)) for awards in (0, 2, 5, 20, 280)]

    assert (weights, weight_of(None)) == ([0, 0, 8, 20, 37], 0)


def test_weights_add_up_to_a_hundred_with_a_past_and_without() -> None:
    for learned in (None, Learned(5), Learned(19, 3, low=1, high=2), Learned(280, 6)):
        found = fit(Wanted(), Offered(amount=5), TODAY, learned)

        assert sum(part.weight for part in found.judged) == 100
        assert sum(part.points for part in found.parts) == found.score


def test_awards_like_the_idea_are_counted_and_named() -> None:
    learned = learned_of(past_awards(), IDEA)

    assert learned.awards == 12
    assert learned.alike > 0
    assert len(learned.titles) == min(2, learned.alike)
    assert set(learned.words) <= {"reading", "clubs", "library", "club", "story", "books"}


def test_without_the_awards_that_a_reason_names_the_score_falls_by_what_it_said() -> None:
    before = Learned(20, alike=4, titles=("Book boxes",), told=50, words=("books",), low=100, high=900)
    gone = Learned(20, alike=0, told=50, words=("books",), low=100, high=900)

    first, then = (fit(Wanted(), Offered(amount=500), TODAY, each) for each in (before, gone))

    said = next(part for part in first.judged if part.key == "alike")
    assert said.earned > 0
    assert sum(p.earned for p in first.judged) - sum(p.earned for p in then.judged) == said.earned


def test_an_idea_with_other_words_loses_what_its_words_brought() -> None:
    awards = past_awards()
    amount = 40_000_00
    other = Past(title="Xylophone", description="Marimba ensemble performance")

    with_words, without = (
        fit(Wanted(), Offered(amount=amount), TODAY, learned_of(awards, each)) for each in (IDEA, other)
    )

    brought = sum(part.earned for part in with_words.judged if part.key in ("alike", "told"))
    fell = sum(p.earned for p in with_words.judged) - sum(p.earned for p in without.judged)
    assert brought > 0
    assert fell == brought


def test_an_ask_far_outside_the_usual_range_loses_what_the_range_brought() -> None:
    learned = Learned(20, 2, ("Books",), 50, ("books",), *usual_range([100, 200, 300, 400, 500, 600]))

    inside, outside = (fit(Wanted(), Offered(amount=amount), TODAY, learned) for amount in (300, 90_000))

    said = next(part for part in inside.judged if part.key == "usual")
    assert said.sentence.to_funder.startswith("The ask is inside your usual range")
    assert inside.score - outside.score == said.weight


def test_few_awards_make_no_range() -> None:
    parts = past_parts(Learned(20, 2, ("Books",), 50, ("books",), *usual_range([100, 200])), Offered(amount=150))

    assert [part.key for part in parts] == ["alike", "told"]
    assert sum(part.weight for part in parts) == 20


def test_a_model_is_kept_as_plain_arrays_and_ranks_the_same() -> None:
    model = learn_model(past_awards())

    again = unpacked(packed(model))

    assert [each.funder for each in again.rank(IDEA)] == [each.funder for each in model.rank(IDEA)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\x80\x04\x95 a pickle"])
def test_other_bytes_are_no_model(content: bytes) -> None:
    with pytest.raises(OtherFormat):
        unpacked(content)


# In the worker and on the pages


def import_past(funder: Funder, things: str, amount: int = 300_000) -> None:
    words = things.split()
    rows: list[dict[str, Any]] = [
        {
            "id": f"{things[:5]}-{n}",
            "funder": funder.name,
            "title": " ".join(words[n % 3 : n % 3 + 4]),
            "currency": "ZAR",
            "amount": amount + n,
            "date": f"20{10 + n}-01-01",
        }
        for n in range(12)
    ]
    content = "\n".join(map(json.dumps, rows)).encode()
    award_import.import_awards(SYSTEM, award_import.plan_awards(read_rows(content, "past.jsonl")))


def look(funder: Funder) -> Browsing:
    return Browsing(make.actor(make.funder_person(funder)), funder, mandates_for(funder, TODAY), TODAY)


def fit_of(funder: Funder, idea: Idea) -> Fit:
    found = look(funder).fit_of(idea)
    assert found is not None
    return found


def test_the_worker_learns_and_the_funder_reads_why(app: Flask) -> None:
    readers, diggers = make.funder("Demo readers"), make.funder("Demo diggers")
    import_past(readers, "reading clubs with story books library")
    import_past(diggers, "vegetable garden soil compost water kitchen")
    idea = make.listed_idea(title="Reading clubs with story books")
    before = points(fit_of(readers, idea))

    learn()

    theirs, others = fit_of(readers, idea), fit_of(diggers, idea)
    alike = next(part for part in theirs.judged if part.key == "alike")
    assert "alike" not in before
    assert theirs.score > others.score
    assert (alike.sentence.to_funder % alike.sentence.values).startswith("You funded 12 like this: “")
    assert next(part for part in others.judged if part.key == "alike").earned == 0


def test_nothing_is_learned_twice(app: Flask) -> None:
    import_past(make.funder("Demo readers"), "reading clubs with story books library")
    make.listed_idea()
    learn()
    made = db.session.scalars(sa.select(LearnedFit)).all()

    learn()

    assert make.first(LearnedModel).number == 1
    assert db.session.scalars(sa.select(LearnedFit)).all() == made


def test_what_is_written_anew_is_looked_at_anew(app: Flask) -> None:
    readers = make.funder("Demo readers")
    import_past(readers, "reading clubs with story books library")
    import_past(make.funder("Demo diggers"), "vegetable garden soil compost water kitchen")
    idea = make.listed_idea(title="Marimba ensemble")
    learn()
    before = points(fit_of(readers, idea))["alike"]

    idea.title = "Reading clubs with story books"
    db.session.commit()
    learn()

    assert (before, points(fit_of(readers, idea))["alike"] > 0) == (0, True)


def test_without_awards_nothing_is_kept(app: Flask) -> None:
    make.funder("Demo readers")
    make.listed_idea()

    learn()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(LearnedModel)) == 0


def test_a_worker_that_ends_leaves_the_learning_to_the_next_one_at_once(app: Flask) -> None:
    import_past(make.funder("Demo readers"), "reading clubs with story books library")
    make.listed_idea()

    learn(stopping=lambda: True)
    left = make.first(LearnedModel)
    state = (left.number, left.taken_at, db.session.scalars(sa.select(LearnedFit)).all())
    learn()

    assert state == (0, None, [])
    assert (make.first(LearnedModel).number, make.first(LearnedModel).taken_at) == (1, None)


def test_learning_is_done_beside_what_falls_due_and_pauses_at_every_award(app: Flask) -> None:
    pauses: list[None] = []

    learn_model(past_awards(), between=lambda: pauses.append(None))

    assert len(pauses) > 2 * len(past_awards())
    assert {work.name for work in clock.LONG} == {"learn_from_awards"}
    assert {work.name for work in clock.LONG} & {work.name for work in clock.CLOCK} == set()


def test_what_is_long_due_is_learned_by_the_clock(app: Flask) -> None:
    import_past(make.funder("Demo readers"), "reading clubs with story books library")
    clock._last.pop("learn_from_awards", None)

    clock.run_long(lambda: False)

    assert make.first(LearnedModel).number == 1


@pytest.mark.parametrize("step", ["_awards", "_fits"])
def test_others_write_while_awards_are_read_and_ideas_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    import_past(make.funder("Demo readers"), "reading clubs with story books library")
    make.listed_idea()
    db.session.commit()
    db.session.rollback()
    found: list[bool] = []
    monkeypatch.setattr(learning, step, watched(app, getattr(learning, step), found))

    learn()

    assert set(found) == {True}
