"""A page is given again only while everything that it was made from reads the same."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template

from innovation import packing, traces
from innovation.accounts.models import Person, RoleGrant
from innovation.db import db, fixed_now, now
from innovation.events import list_events
from innovation.ideas import commands
from innovation.ideas.models import Wall
from innovation.traces import Trace, tracing
from tests import make

TOKENS = re.compile(r'name="(?:csrf_token|once)" value="([^"]+)"')


@contextmanager
def drawings() -> Iterator[list[str]]:
    """The templates that are drawn meanwhile."""
    drawn: list[str] = []

    def note(_app: Flask, template: Template, **_more: object) -> None:
        drawn.append(str(template.name))

    with template_rendered.connected_to(note, current_app._get_current_object()):  # type: ignore[attr-defined]
        yield drawn


@pytest.fixture
def coordinator(app: Flask) -> Person:
    return make.staff("coordinator")


@pytest.fixture
def page(client: FlaskClient, coordinator: Person) -> FlaskClient:
    return make.sign_in(client, coordinator)


def test_a_page_is_made_once_while_nothing_changes(page: FlaskClient) -> None:
    idea = make.idea(title="Reading clubs")

    with drawings() as drawn:
        shown = [page.get(f"/ideas/{idea.reference}").text for _time in range(3)]

    assert drawn == ["pipeline/idea.html"]
    assert {TOKENS.sub("", text) for text in shown} == {TOKENS.sub("", shown[0])}


def test_forms_in_it_have_keys_of_their_own_each_time(page: FlaskClient) -> None:
    idea = make.idea()

    first, second = (TOKENS.findall(page.get(f"/ideas/{idea.reference}").text) for _time in range(2))

    assert first[0] == second[0]
    assert first[1] != second[1]
    assert page.post("/sign-out", data={"csrf_token": second[0], "once": second[1]}).status_code == 302


def test_what_changes_is_shown_at_once(page: FlaskClient) -> None:
    idea = make.idea(title="Reading clubs")
    page.get("/")
    page.get(f"/ideas/{idea.reference}")

    idea.title = "Maths on the radio"
    idea.owner.name = "Somebody Else"
    db.session.commit()

    assert "Maths on the radio" in page.get("/").text
    assert "Somebody Else" in page.get(f"/ideas/{idea.reference}").text


def test_a_wall_hides_a_page_that_was_just_given(page: FlaskClient, coordinator: Person) -> None:
    idea = make.idea(title="Reading clubs")
    before = page.get(f"/ideas/{idea.reference}").status_code

    db.session.add(Wall(idea_id=idea.id, person_id=coordinator.id, why="declared"))
    db.session.commit()

    assert (before, page.get(f"/ideas/{idea.reference}").status_code) == (200, 404)
    assert "Reading clubs" not in page.get("/").text


def test_a_role_that_is_taken_away_takes_its_pages_along(page: FlaskClient, coordinator: Person) -> None:
    idea = make.idea()
    before = page.get(f"/ideas/{idea.reference}").status_code

    db.session.execute(sa.update(RoleGrant).where(RoleGrant.person_id == coordinator.id).values(ended_at=now()))
    db.session.commit()

    assert (before, page.get(f"/ideas/{idea.reference}").status_code) == (200, 404)


def test_two_people_are_never_given_the_page_of_the_other(app: Flask, page: FlaskClient, coordinator: Person) -> None:
    idea = make.idea()
    owner = make.sign_in(app.test_client(), idea.owner)

    shown = [reader.get(f"/ideas/{idea.reference}").text for reader in (page, owner, page, owner)]

    assert [coordinator.name in text.split("<main")[0] for text in shown] == [True, False, True, False]
    assert [TOKENS.sub("", text) for text in shown[:2]] == [TOKENS.sub("", text) for text in shown[2:]]


def test_the_next_day_is_shown_as_the_next_day(client: FlaskClient, coordinator: Person) -> None:
    evening = dt.datetime(2026, 11, 26, 21, 50, tzinfo=dt.UTC)  # ten to midnight where the programme is
    with at(evening):
        idea = make.idea()
        page = make.sign_in(client, coordinator)
        today = page.get(f"/ideas/{idea.reference}").text

    with at(evening + dt.timedelta(minutes=20)):
        tomorrow = page.get(f"/ideas/{idea.reference}").text

    assert ["1 day here" in text for text in (today, tomorrow)] == [False, True]


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    token = fixed_now.set(instant)
    yield
    fixed_now.reset(token)


def test_news_is_told_once(page: FlaskClient) -> None:
    idea = make.idea()
    address = f"/ideas/{idea.reference}"
    page.get(address)
    with page.session_transaction() as session:
        session["_flashes"] = [("message", "It is done.")]

    told = ["It is done." in page.get(address).text for _time in range(3)]

    assert told == [True, False, False]


def test_browsers_that_take_no_gzip_are_given_the_same_text(page: FlaskClient) -> None:
    idea = make.idea()
    address = f"/ideas/{idea.reference}"

    packed, plain = (page.get(address, headers={"Accept-Encoding": how}) for how in ("gzip", ""))

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert TOKENS.sub("", gzip.decompress(packed.data).decode()) == TOKENS.sub("", plain.text)
    assert {answer.headers["Cache-Control"] for answer in (packed, plain)} == {"no-store"}


# Traces and packing


def test_an_answer_for_which_the_clock_was_read_is_not_kept() -> None:
    read, looked = Trace(), Trace()

    with tracing(read):
        now()
    with tracing(looked):
        traces.look(lambda: now().date())

    assert (read.spoilt, looked.spoilt) == (True, False)
    assert [each.is_same(None) for each in looked.seen] == [True]


def test_an_answer_that_wrote_something_is_not_kept(app: Flask) -> None:
    trace = Trace()

    with tracing(trace):
        db.session.execute(sa.update(Person).values(name="Somebody"))
    db.session.rollback()

    assert trace.spoilt


def test_an_answer_with_a_history_stands_on_its_head_alone(app: Flask) -> None:
    idea, trace = make.idea(), Trace()

    def join(name: str) -> Any:
        commands.add_contributor(make.actor(idea.owner), idea, name=name, email=f"{name}@gatehouse.example")
        db.session.commit()
        return db.session.connection().connection.cursor()

    cursor = join("first")
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    with tracing(trace):
        shown, none = list_events(f"idea:{idea.id}"), list_events("idea:0")
    assert len(asked) == 2  # one that tells both: nothing can come in between
    before = [each.is_same(cursor) for each in trace.seen]
    cursor = join("second")
    after = [each.is_same(cursor) for each in trace.seen]

    assert ([event.kind for event in shown], none) == (["contributor_added"], [])
    assert (before, after) == ([True, True], [False, True])


def test_an_answer_is_not_kept_where_its_history_had_to_wait_for_a_write(app: Flask) -> None:
    person, trace = make.person("Somebody"), Trace()
    db.session.flush()

    with tracing(trace):
        person.name = "Somebody else"
        list_events("idea:0")

    assert trace.spoilt


@pytest.mark.parametrize("other", [[(1, "b")], [("1", "a")], [(1, "a"), (1, "a")], [], [(1, None)], [(True, "a")]])
def test_rows_that_differ_have_different_digests(other: list[tuple[object, ...]]) -> None:
    rows = [(1, "a")]

    assert traces.digest_of(rows) == traces.digest_of([(1, "a")])
    assert traces.digest_of(rows) != traces.digest_of(other)


def test_dates_have_digests_too() -> None:
    days = [[(dt.date(2026, 11, day),)] for day in (26, 26, 27)]

    first, same, next_day = map(traces.digest_of, days)

    assert first == same != next_day


def test_pieces_are_packed_as_one_file() -> None:
    pieces = [packing.Piece(text) for text in ("<p>Café " * 500, "", "</p>")]
    new = [b"one", "zwölf".encode()]

    whole = packing.packed(pieces, new)

    assert gzip.decompress(whole) == packing.joined(pieces, new)
    assert packing.joined(pieces, new) == ("<p>Café " * 500 + "one" + "zwölf" + "</p>").encode()
