"""Statements that are kept belong to one person and their roles, and ask for the time when they are run."""

from __future__ import annotations

import datetime as dt
import gc
from dataclasses import replace
from typing import Any
from weakref import ref

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.accounts.events import SessionEnded
from innovation.db import db, fixed_now, now
from innovation.events import Delivery, Event, record
from innovation.ideas.models import Idea, Tally
from innovation.permission import SYSTEM, Actor, Grant
from innovation.statements import ago, ask, keep, prepared, worded, write
from tests import make
from tests.databases import statements

ANNA, BEN = Actor(1, "Anna"), Actor(2, "Ben")


@prepared
def own_ideas(actor: Actor, place: str = "") -> sa.Select[Any]:
    query = sa.select(Idea.id).where(Idea.owner_id == actor.person_id)
    return query.where(Idea.place == place) if place else query


def test_a_statement_is_put_together_once_for_a_person(app: Flask) -> None:
    first = own_ideas(ANNA)

    assert own_ideas(replace(ANNA, name="Anna again", session_id=9)) is first
    assert own_ideas(ANNA, "concept") is not first


def test_another_person_or_other_roles_have_another_statement(app: Flask) -> None:
    first = own_ideas(ANNA)

    promoted = replace(ANNA, grants=frozenset({Grant("coordinator")}))

    assert own_ideas(BEN) is not first
    assert own_ideas(promoted) is not first


def test_of_a_statement_that_is_only_asked_the_text_stays_and_its_parts_go(app: Flask) -> None:
    built: list[ref[Any]] = []

    @worded
    def own(actor: Actor, place: str) -> sa.Select[Any]:
        statement = own_ideas(actor, place).order_by(Idea.id)
        built.append(ref(statement))
        return statement

    anna, ben = make.person("Anna"), make.person("Ben")
    hers = [make.idea(owner=anna).id for _n in range(2)]
    his = make.idea(owner=ben).id

    found = [[row.id for row in ask(own(make.actor(who), "captured"))] for who in (anna, ben, anna)]

    gc.collect()
    assert found == [hers, [his], hers]
    assert [statement() for statement in built] == [None, None]


def frozen(_actor: Actor) -> sa.Select[Any]:
    return sa.select(Idea.id).where(Idea.captured_at < now())


@pytest.mark.parametrize("way", [prepared, lambda build: lambda actor: ask(worded(build)(actor))])
def test_a_statement_that_would_stop_the_clock_is_refused(app: Flask, way: Any) -> None:
    with pytest.raises(TypeError, match="holds the time"):
        way(frozen)(ANNA)


def test_a_span_is_counted_back_from_when_the_statement_is_run(app: Flask) -> None:
    @prepared
    def of_late(actor: Actor) -> sa.Select[Any]:
        return sa.select(sa.func.count(Idea.id)).where(Idea.captured_at > ago(days=7))

    make.idea(captured_at=now())
    db.session.flush()
    today = db.session.scalar(of_late(ANNA))
    kept = fixed_now.set(now() + dt.timedelta(days=8))
    try:
        later = db.session.scalar(of_late(ANNA))
    finally:
        fixed_now.reset(kept)

    assert (today, later) == (1, 0)


def test_a_kept_statement_gives_what_sqlalchemy_gives(app: Flask) -> None:
    make.idea(title='It\'s a "reading" club?')
    query = sa.select(Idea.title, Idea.phases, Idea.captured_at, Idea.due_on).where(Idea.place == "captured").limit(5)

    kept = ask(keep(query.where(Idea.title == 'It\'s a "reading" club?')))

    assert [tuple(row) for row in kept] == [tuple(row) for row in db.session.execute(query)]


def test_a_kept_statement_takes_other_values_and_another_time_with_each_run(app: Flask) -> None:
    first, second = make.idea(captured_at=now() - dt.timedelta(days=9)), make.idea(captured_at=now())
    query = sa.select(Idea.id).where(Idea.captured_at > ago(days=7), Idea.place == sa.bindparam("place"))
    statement = keep(query.order_by(Idea.id))

    found = [[row.id for row in ask(statement, {"place": place})] for place in ("captured", "concept")]
    kept = fixed_now.set(now() - dt.timedelta(days=5))
    try:
        earlier = [row.id for row in ask(statement, {"place": "captured"})]
    finally:
        fixed_now.reset(kept)

    assert (found, earlier) == ([[second.id], []], [first.id, second.id])


@pytest.mark.parametrize(("value", "stands"), [("active", True), ("", True), ("it's", False), ("a' OR '1", False)])
def test_nothing_but_plain_codes_stands_in_a_text(app: Flask, value: str, stands: bool) -> None:
    with statements() as sent:
        ask(keep(sa.select(Idea.id).where(Idea.standing == value).limit(3)))

    assert (f"'{value}'" in sent[-1]) == (stands and db.engine.dialect.name == "sqlite")


TALLY: Any = Tally.__table__
ADD = sa.insert(TALLY).returning(TALLY.c.place, TALLY.c.n)


def test_what_is_written_comes_back_for_any_number_of_rows(app: Flask) -> None:
    region = make.region()
    of = {"programme_id": region.programme_id, "region_id": region.id, "standing": "active"}
    few, some, many = [("a", 2), ("b", 1)], [(f"o{n}", n) for n in range(9)], [(f"p{n:02}", n) for n in range(20)]

    written = [
        sorted(map(tuple, write(ADD, [{**of, "place": p, "n": n} for p, n in rows]))) for rows in (few, some, many)
    ]

    assert written == [few, some, many]


def test_a_row_that_would_need_a_value_of_the_session_is_not_written(app: Flask) -> None:
    with pytest.raises(TypeError, match="every value"):
        write(sa.insert(Delivery), [{"event_id": 1, "reaction": "tell_owner"}])


def test_an_instant_is_written_and_asked_for_as_everywhere_else(app: Flask) -> None:
    at = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
    owed = {"reaction": "tell_owner", "attempts": 0, "next_at": at}
    record(SYSTEM, SessionEnded(1, 1), at=at)

    found = ask(keep(sa.select(Event.id).where(Event.at == sa.bindparam("at"))), {"at": at})

    [event_id] = db.session.scalars(sa.select(Event.id).where(Event.at == at))
    write(sa.insert(Delivery).returning(Delivery.id), [{"event_id": event_id, **owed}])
    assert [row.id for row in found] == [event_id]
    assert db.session.scalars(sa.select(Delivery.next_at).where(Delivery.next_at == at)).all() == [at]
