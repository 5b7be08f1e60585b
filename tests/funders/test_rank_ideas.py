"""The ranking that a process keeps: the same while nothing changed, and never another than a new one would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db
from innovation.funders.facets import Filters
from innovation.funders.models import LearnedFit, LearnedIdea, ListingChange, Mandate
from innovation.funders.queries.browsing import Browsing, Found
from innovation.funders.queries.mandates import mandates_for
from innovation.funders.queries.ranking import KEPT_CHANGES, MOST, OF_ITSELF, Rankings, forget_old_changes, rank
from innovation.funders.workspace_models import Passed, Shortlisted
from innovation.ideas.models import Ask, Idea, Wall
from innovation.programmes.models import Topic
from innovation.web import today
from tests import make
from tests.funders.watching import Fund, fund, listed

LEARNED = {"awards": 40, "alike": 6, "titles": ["Books"], "told": 90, "words": ["books"], "low": None, "high": None}


def looking(csi: Fund, day: dt.date | None = None) -> Browsing:
    return Browsing(make.actor(csi.member), csi.funder, mandates_for(csi.funder, day or today()), day or today())


def told(found: Found) -> tuple[list[tuple[int, int]], dict[str, int]]:
    return [(match.idea_id, match.fit.score) for match in found.matches], dict(found.blocked)


def change(idea: Idea, model: type, **values: object) -> None:
    """Straight in the database, as no command would."""
    own = model.id if model is Idea else model.idea_id  # type: ignore[attr-defined]
    db.session.execute(sa.update(model).where(own == idea.id).values(**values))


CHANGES: dict[str, Callable[[Fund, Idea], object]] = {
    "an idea is listed": lambda csi, idea: make.listed_idea(),
    "one is withdrawn": lambda csi, idea: change(idea, Idea, listed_at=None),
    "one is held": lambda csi, idea: change(idea, Idea, standing="held"),
    "one is told otherwise": lambda csi, idea: change(idea, Idea, theme_id=None),
    "an ask is taken away": lambda csi, idea: db.session.execute(sa.delete(Ask).where(Ask.idea_id == idea.id)),
    "a new ask": lambda csi, idea: make.ask(idea, number=2, amount_cents=9_000_000_00),
    "an ask is put right": lambda csi, idea: change(idea, Ask, amount_cents=50_00),
    "something is learned": lambda csi, idea: (
        make.add(LearnedFit(funder_id=csi.funder.id, idea_id=idea.id, learned=LEARNED)),
        make.add(LearnedIdea(idea_id=idea.id, number=1, idea_version=1)),
    ),
    "a topic's key": lambda csi, idea: db.session.execute(
        sa.update(Topic).where(Topic.key == "gardens").values(key="excluded")
    ),
    "one is passed on": lambda csi, idea: make.add(Passed(funder_id=csi.funder.id, idea_id=idea.id, reason="time")),
    "a wall": lambda csi, idea: make.add(Wall(idea_id=idea.id, person_id=csi.member.id, why="declared")),
    "a mandate": lambda csi, idea: db.session.execute(
        sa.update(Mandate).values(theme_keys=["t9"], phases=["ecd"], ticket_min_cents=400_000_00)
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_anything_is_seen_at_once(app: Flask, what: str) -> None:
    csi, idea, _other = fund(exclusions=["excluded"]), listed(), listed()
    topic = make.add(Topic(programme_id=make.programme().id, key="gardens", name="Gardens", position=99))
    change(idea, Idea, topic_id=topic.id)
    db.session.commit()
    before = rank(looking(csi), Filters()).found

    CHANGES[what](csi, idea)
    db.session.commit()
    db.session.expire_all()

    after = rank(looking(csi), Filters()).found
    assert told(after) == told(looking(csi).find(Filters()))
    assert told(after) != told(before)


def test_the_shortlist_is_seen_as_it_is(app: Flask) -> None:
    csi, idea, filters = fund(), listed(), Filters(within="shortlist")
    before = rank(looking(csi), filters).found.matches

    make.add(Shortlisted(funder_id=csi.funder.id, idea_id=idea.id))
    with_it = rank(looking(csi), filters).found.matches
    make.contributor(idea, csi.member)
    taking_part = rank(looking(csi), filters).found.matches

    assert ([len(each) for each in (before, with_it, taking_part)]) == [0, 1, 0]


@pytest.mark.parametrize("first", ["the owner", "a colleague"])
def test_who_owns_an_idea_reads_no_ranking_of_a_colleague_and_the_other_way_round(app: Flask, first: str) -> None:
    csi, idea = fund(), listed()
    make.grant(idea.owner, "funder_member", funder_id=csi.funder.id)
    make.add(Passed(funder_id=csi.funder.id, idea_id=idea.id, reason="time"))
    both = [Fund(csi.funder, idea.owner, csi.admin), csi]

    seen = {
        whose.member.id: len(rank(looking(whose), Filters()).found.matches)
        for whose in (both if first == "the owner" else reversed(both))
    }

    assert seen == {idea.owner_id: 1, csi.member.id: 0}


def test_searches_that_find_nothing_are_not_kept_without_end(app: Flask) -> None:
    csi, kept = fund(), Rankings()
    nothing = rank(looking(csi), Filters(q="zzz"))

    for number in range(3 * MOST // OF_ITSELF):
        kept.keep(number, (0, 0), nothing)

    assert [kept.find(number, (0, 0)) is None for number in (0, 3 * MOST // OF_ITSELF - 1)] == [True, False]
    assert kept.weight <= MOST


def test_a_window_that_closes_overnight_is_seen_in_the_morning(app: Flask) -> None:
    csi = fund(windows=[[None, today().isoformat()]])
    listed()

    evening, morning = (rank(looking(csi, today() + dt.timedelta(days=n)), Filters()).found for n in (0, 1))

    assert (len(evening.matches), len(morning.matches), dict(morning.blocked)) == (1, 0, {"window": 1})


def test_while_nothing_changes_nothing_is_ranked_again(app: Flask) -> None:
    csi = fund()
    listed()
    first = rank(looking(csi), Filters()).found

    make.idea(title="Captured, and for no funder yet")
    db.session.commit()

    assert rank(looking(csi), Filters()).found is first
    assert rank(looking(csi), Filters(theme=("t6",))).found is not first


def test_changes_of_long_ago_are_forgotten_and_the_newest_is_not(app: Flask) -> None:
    db.session.execute(sa.insert(ListingChange), [{"id": n} for n in range(1_000_001, 1_001_001)])
    db.session.commit()

    forget_old_changes()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(ListingChange)) == KEPT_CHANGES + 1
    assert db.session.scalar(sa.select(sa.func.max(ListingChange.id))) == 1_001_000
