"""The pipeline: the line with its counts, the list it filters, its export, and who lands where."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.ideas import search
from innovation.ideas.models import Idea, Wall
from tests import make
from tests.databases import statements

DAY = dt.timedelta(days=1)


def titles(html: str) -> list[str]:
    """The ideas in the list, in order."""
    return re.findall(r'<td><a href="/ideas/[^"]+"><b>([^<]+)</b>', html)


def counts(html: str) -> dict[str, str]:
    """The counts of the line by the name of their place."""
    found = re.findall(r'class="name">([^<]+)<span class="visually-hidden">: ([^<]+)<', html)
    return dict(found)


@pytest.fixture
def coordinator(app: Flask) -> Person:
    return make.staff("coordinator")


@pytest.fixture
def page(client: FlaskClient, coordinator: Person) -> FlaskClient:
    return make.sign_in(client, coordinator)


def test_a_stranger_sees_the_front_page_with_the_way_in_and_the_way_to_an_idea(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert "Look up an idea" in answer.text
    assert 'href="/funders/open"' in answer.text
    assert titles(answer.text) == []


def test_an_owner_lands_on_their_own_work(client: FlaskClient, app: Flask) -> None:
    owner = make.person("Owner")
    make.idea(owner)

    answer = make.sign_in(client, owner).get("/")

    assert answer.location == "/work"


def test_a_funder_lands_on_the_ideas_they_may_browse(client: FlaskClient, app: Flask) -> None:
    answer = make.sign_in(client, make.funder_person(make.funder())).get("/")

    assert answer.location == "/funders/ideas"


def test_the_line_counts_and_filters_the_list(page: FlaskClient) -> None:
    make.idea(place="captured", title="At the start")
    make.idea(place="concept", title="Worked out")
    make.idea(place="concept", title="Worked out, too", place_since=now() - DAY)
    db.session.commit()

    whole, narrowed = page.get("/").text, page.get("/?place=concept").text

    assert (counts(whole)["Captured"], counts(whole)["Concept"]) == ("1", "2")
    assert titles(narrowed) == ["Worked out", "Worked out, too"]


def test_the_list_says_how_many_wait_long(page: FlaskClient) -> None:
    make.idea(title="New")
    make.idea(title="Old", place_since=now() - 31 * DAY)
    db.session.commit()

    whole, waiting = page.get("/").text, page.get("/?waiting=30").text

    assert ("2 ideas" in whole, "1 waiting more than 30 days" in whole) == (True, True)
    assert titles(waiting) == ["Old"]


@pytest.mark.parametrize(
    "query",
    ["place=nowhere", "clinic=x&district=99999999999", "sort=-nonsense&page=0", "q=%22(", "waiting=999999999"],
)
def test_an_address_that_makes_no_sense_gives_a_page(page: FlaskClient, query: str) -> None:
    make.idea()
    db.session.commit()

    assert page.get(f"/?{query}").status_code == 200


def test_a_programme_that_is_not_theirs_is_not_there(page: FlaskClient) -> None:
    make.programme("elsewhere")
    db.session.commit()

    assert page.get("/?programme=elsewhere").status_code == 404


def test_the_export_holds_exactly_what_is_listed(page: FlaskClient) -> None:
    make.idea(place="concept", title="Worked out", place_since=now() - 3 * DAY)
    make.idea(place="captured", title="At the start")
    db.session.commit()

    answer = page.get("/?place=concept&export=csv")

    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(row["Title"], row["Where it is"], row["Days here"]) for row in rows] == [("Worked out", "Concept", "3")]


def test_nobody_counts_lists_or_exports_what_they_have_a_conflict_with(page: FlaskClient, coordinator: Person) -> None:
    hidden = make.idea(place="concept", title="Walled off")
    make.idea(place="concept", title="Open")
    make.add(Wall(idea_id=hidden.id, person_id=coordinator.id, why="declared"))
    db.session.commit()

    html, export = page.get("/").text, page.get("/?export=csv").text

    assert (counts(html)["Concept"], titles(html)) == ("1", ["Open"])
    assert ("Walled off" in export, "Open" in export) == (False, True)


def test_the_list_takes_the_same_number_of_queries_for_1_and_for_30_ideas(page: FlaskClient) -> None:
    clinic = make.clinic()
    make.idea(place="at_screening", clinic_id=clinic.id)
    db.session.commit()
    page.get("/")
    with statements() as one:
        page.get("/")
    for place in ("captured", "at_screening", "concept") * 10:
        make.idea(place=place, clinic_id=clinic.id)
    db.session.commit()

    with statements() as thirty:
        page.get("/")

    assert len(thirty) == len(one)


def test_an_empty_pipeline_says_what_to_do_next(page: FlaskClient) -> None:
    make.programme()
    db.session.commit()

    assert "capture the first idea now" in page.get("/").text


def test_sorting_by_days_puts_the_longest_waiting_first_when_turned(page: FlaskClient) -> None:
    for days in (2, 9, 5):
        make.idea(title=f"{days} days", place_since=now() - days * DAY)
    db.session.commit()

    assert titles(page.get("/?sort=days").text) == ["2 days", "5 days", "9 days"]
    assert titles(page.get("/?sort=-days").text) == ["9 days", "5 days", "2 days"]


def test_a_row_says_what_the_idea_waits_for(page: FlaskClient) -> None:
    make.idea(place="at_screening", title="Waits for a panel")
    make.idea(place="concept", standing="held", held_until=dt.date(2027, 6, 30), title="Waits for a day")
    make.idea(place="at_screening", standing="stopped", title="Ended")
    db.session.commit()

    html = page.get("/").text

    steps = dict(
        re.findall(r"<td><a [^>]+><b>([^<]+)</b>.*?<span class=\"tag [a-z]+\">([^<]+)</span>", html, re.DOTALL)
    )
    assert steps == {
        "Waits for a panel": "To convene a panel",
        "Waits for a day": "On hold until 30 Jun 2027",
        "Ended": "Stopped: Screening gate",
    }


# Search


def test_search_finds_by_word_and_by_reference_and_shows_where(page: FlaskClient) -> None:
    found = make.idea(title="Reading clubs", search_text="Matric leavers run clubs in the home language.")
    make.idea(title="Solar lockers", search_text="Tablets are charged safely.")
    db.session.commit()

    by_word, by_reference = page.get("/search?q=language").text, page.get(f"/search?q={found.reference}").text

    assert (titles(by_word), titles(by_reference)) == (["Reading clubs"], ["Reading clubs"])
    assert "<mark>language</mark>" in by_word


def test_search_finds_nothing_that_a_person_may_not_see(client: FlaskClient, app: Flask) -> None:
    make.idea(title="Somebody else's", search_text="A secret plan")
    db.session.commit()
    owner = make.person("Another owner")

    html = make.sign_in(client, owner).get("/search?q=secret").text

    assert (titles(html), "Nothing found" in html) == ([], True)


def test_search_survives_nonsense(page: FlaskClient) -> None:
    assert page.get("/search?q=%22AND%20(water-tank%20NOT").status_code == 200


def test_the_search_takes_the_same_number_of_queries_for_1_and_for_30_ideas(page: FlaskClient) -> None:
    make.idea(search_text="reading")
    db.session.commit()
    page.get("/search?q=reading")
    with statements() as one:
        page.get("/search?q=reading")
    for _each in range(30):
        make.idea(search_text="reading")
    db.session.commit()

    with statements() as thirty:
        page.get("/search?q=reading")

    assert len(thirty) == len(one)
    assert db.session.scalar(sa.select(sa.func.count(Idea.id))) == 31


def test_the_address_of_a_filtered_list_has_no_empty_parts(client: FlaskClient, app: Flask) -> None:
    make.idea()
    make.sign_in(client, make.staff("coordinator"))

    answer = client.get("/?clinic=&theme=&standing=active&q=a+b&waiting=")
    nothing = client.get("/?clinic=&theme=")

    assert (answer.status_code, answer.location) == (302, "/?standing=active&q=a+b")
    assert (nothing.status_code, nothing.location) == (302, "/")


def test_words_that_very_many_ideas_hold_are_said_to_reach_the_newest_only(
    page: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if search.on_postgresql():
        pytest.skip("PostgreSQL looks through all of them.")
    for title in ("Quokka one", "Quokka two", "Quokka three"):
        make.idea(title=title, search_text=title)
    monkeypatch.setattr(search, "MOST_MATCHES", 2)

    many, few = (page.get(f"/?standing=any&q={words}").text for words in ("quokka", "quokka+one"))

    assert (sorted(titles(many)), titles(few)) == (["Quokka three", "Quokka two"], ["Quokka one"])
    assert ["Only the newest 2 of them were looked through" in text for text in (many, few)] == [True, False]


def test_a_filter_reaches_ideas_that_newer_ones_with_the_same_words_stand_before(
    page: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.idea(title="Wombat one", search_text="Wombat one", place="concept")
    for title in ("Wombat two", "Wombat three", "Wombat four"):
        make.idea(title=title, search_text=title, place="captured")
    monkeypatch.setattr(search, "CANDIDATES", 2)

    whole, narrowed = (page.get(f"/?q=wombat{more}").text for more in ("", "&place=concept"))

    assert (sorted(titles(whole)), titles(narrowed)) == (["Wombat four", "Wombat three"], ["Wombat one"])
    told = "Only the newest 2 of them were looked through"
    assert [(told in text, "2+ ideas" in text) for text in (whole, narrowed)] == [(True, True), (False, False)]


def test_as_many_ideas_as_are_put_in_order_are_all_of_them(page: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("Bilby one", "Bilby two"):
        make.idea(title=title, search_text=title)
    monkeypatch.setattr(search, "CANDIDATES", 2)

    text = page.get("/?q=bilby").text

    assert ("2 ideas" in text, "were looked through" in text) == (True, False)


def test_owners_find_all_of_their_own_ideas_however_many_newer_ones_hold_the_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = make.idea(title="Numbat of mine", search_text="Numbat of mine")
    for title in ("Numbat two", "Numbat three"):
        make.idea(title=title, search_text=title)
    monkeypatch.setattr(search, "MOST_MATCHES", 1)
    make.sign_in(client, mine.owner)

    text = client.get("/?owner=me&standing=any&q=numbat").text

    assert titles(text) == ["Numbat of mine"]
    assert "of them were looked through" not in text


def test_an_export_holds_every_idea_with_the_words(page: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        make.idea(title=f"Potoroo {number}", search_text=f"Potoroo {number}")
    monkeypatch.setattr(search, "MOST_MATCHES", 2)

    told = page.get("/?q=potoroo&export=csv", follow_redirects=True).text

    assert [f"Potoroo {number}" in told for number in range(4)] == [True] * 4
