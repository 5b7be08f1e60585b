"""A long job has a page for whoever asked: how far it is, a button to stop it, and in the end its report."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.db import db, now
from innovation.gates.models import Review
from innovation.ideas.models import Idea, Wall
from innovation.jobs import running
from innovation.jobs.models import Job
from tests import make
from tests.jobs.asking import HEADINGS, ask, count, good, staff, to_convene


def signed_in(client: FlaskClient) -> make.Person:
    who = staff()
    make.sign_in(client, who)
    return who


def convene(client: FlaskClient, references: list[str], **more: str) -> TestResponse:
    return client.post("/reviews/desk", data={"act": "convene", "idea": references, **more})


# From the gate desk


def test_a_few_ticked_ideas_are_done_at_once(client: FlaskClient) -> None:
    signed_in(client)
    references = to_convene(2)

    answer = convene(client, references)

    assert (answer.status_code, count(Job), count(Review)) == (200, 0, 2)
    assert "2 ideas went well." in answer.text


def test_many_become_a_job_whose_page_shows_how_far_it_is(client: FlaskClient) -> None:
    signed_in(client)
    references = to_convene(21)

    answer = convene(client, references)

    page = client.get(answer.location)
    assert (answer.status_code, answer.location, count(Review)) == (302, "/jobs/1", 0)
    assert '<progress value="0" max="21"' in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert '<a href="/jobs/1">Look again</a>' in page.text
    assert "See how far it is" in client.get("/reviews/desk").text


def test_the_whole_list_can_be_asked_for(client: FlaskClient) -> None:
    signed_in(client)
    to_convene(33)

    page = client.get("/reviews/desk?act=convene").text
    client.post("/reviews/desk", data={"act": "convene", "every": "y"})
    running.run_owed()

    assert 'name="every"' in page
    assert count(Review) == 33


def test_a_button_pressed_twice_asks_once(client: FlaskClient) -> None:
    signed_in(client)
    references = to_convene(21)
    key = re.search(r'name="key" value="(\w+)"', client.get("/reviews/desk?act=convene").text)

    answers = [convene(client, references, key=key.group(1) if key else "") for _n in range(2)]

    assert [answer.location for answer in answers] == ["/jobs/1", "/jobs/1"]


def test_a_finished_job_asks_no_more_and_lists_what_failed_with_links(client: FlaskClient) -> None:
    who = signed_in(client)
    [waiting], captured = to_convene(1), make.idea().reference
    job = ask(who, "convene", [waiting, captured, "LP26-9999"])
    running.run_owed()

    page = client.get(f"/jobs/{job.id}").text

    assert ("hx-trigger" in page, "Look again" in page) == (False, False)
    assert f'<a class="nowrap" href="/ideas/{captured}/gate">{captured}</a>' in page
    assert "This idea does not wait at a gate." in page
    assert running.NOT_SEEN in page


def test_the_report_names_no_idea_that_has_closed_to_whoever_asked(client: FlaskClient) -> None:
    who = signed_in(client)
    done, failed = to_convene(1)[0], make.idea(place="concept").reference
    job = ask(who, "convene", [done, failed])
    running.run_owed()
    for reference in (done, failed):
        idea = make.first(Idea, reference=reference)
        make.add(Wall(idea_id=idea.id, person_id=who.id, why="seat:1", since=now()))
    db.session.commit()

    page = client.get(f"/jobs/{job.id}").text

    assert [text in page for text in (done, failed, "This idea does not wait at a gate.")] == [False, False, False]
    assert running.NOT_SEEN in page


def test_what_htmx_asks_for_is_the_part_that_changes(client: FlaskClient) -> None:
    job = ask(signed_in(client), "convene", to_convene(1))

    part = client.get(f"/jobs/{job.id}", headers={"HX-Request": "true"}).text

    assert ("<html" in part, part.strip().startswith('<div id="progress"')) == (False, True)


# Stopping


def test_a_job_is_stopped_by_a_button_and_says_so(client: FlaskClient) -> None:
    job = ask(signed_in(client), "convene", to_convene(2))

    stopped = client.post(f"/jobs/{job.id}/stop", follow_redirects=True)
    again = client.post(f"/jobs/{job.id}/stop", follow_redirects=True)
    running.run_owed()

    assert ("It is stopped." in stopped.text, "It had ended already." in again.text) == (True, True)
    assert count(Review) == 0


@pytest.mark.parametrize("role", ["coordinator", "manager", "administrator"])
def test_a_job_is_nobody_elses(client: FlaskClient, role: str) -> None:
    job = ask(staff(), "convene", to_convene(1))
    make.sign_in(client, staff(role))

    answers = [client.get(f"/jobs/{job.id}"), client.post(f"/jobs/{job.id}/stop"), client.get("/jobs/999")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


# Importing


def upload(client: FlaskClient, rows: list[str]) -> str:
    content = "\n".join([HEADINGS, *rows]).encode()
    data = {"place": f"region:{make.region().id}", "file": (io.BytesIO(content), "ideas.csv")}
    return client.post("/ideas/import", data=data, content_type="multipart/form-data").location or ""


def columns() -> dict[str, str]:
    keys = ["id", "title", "problem", "summary", "owner_name", "theme"]
    return {"step": "import"} | {f"column_{at}": key for at, key in enumerate(keys)}


def test_a_long_table_is_imported_by_the_worker(client: FlaskClient) -> None:
    signed_in(client)
    make.region()
    where = upload(client, [*good(1, 40), "41;;Few read;Leavers read;Owner;"])

    asked = client.post(where, data=columns())
    before = count(Idea)
    running.run_owed()

    page = client.get(asked.location).text
    assert (asked.location, before, count(Idea)) == ("/jobs/1", 0, 40)
    assert ("row 42" in page, "Title: This is empty." in page, f'href="{where}"' in page) == (True, True, True)


def test_with_whole_a_long_table_with_a_fault_makes_no_job(client: FlaskClient) -> None:
    signed_in(client)
    make.region()
    where = upload(client, [*good(1, 40), "41;;Few read;Leavers read;Owner;"])

    refused = client.post(where, data=columns() | {"whole": "y"})

    assert (refused.status_code, count(Job)) == (422, 0)
    assert "Nothing was imported: 1 rows have faults." in refused.text


def test_nothing_that_was_typed_is_kept_in_the_job(client: FlaskClient, app: Flask) -> None:
    signed_in(client)
    make.region()
    where = upload(client, good(1, 40))

    client.post(where, data=columns())

    kept = make.first(Job).payload
    named = {"0": "id", "1": "title", "2": "problem", "3": "summary", "4": "owner_name", "5": "theme"}
    assert kept == {"file": where.rpartition("/")[2], "columns": named, "all_agree": False}


def test_ones_own_long_jobs_are_listed_the_newest_first(client: FlaskClient) -> None:
    who = signed_in(client)
    first, second = (ask(who, "convene", to_convene(2)) for _n in range(2))
    ask(staff(), "convene", to_convene(1))

    page = client.get("/jobs").text

    assert re.findall(r'href="(/jobs/\d+)"', page) == [f"/jobs/{second.id}", f"/jobs/{first.id}"]
    assert page.count("0 of 2") == 2


def test_without_any_the_list_says_what_will_stand_there(client: FlaskClient) -> None:
    signed_in(client)

    page = client.get("/jobs").text

    assert "No long jobs" in page
    assert 'href="/jobs"' in page
