"""Whoever watches the application learns whether it lives, can work, and what waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.app import create_app
from innovation.db import db, now
from innovation.events import Delivery, Event, EventHead
from innovation.jobs.models import Job
from innovation.notifications.models import Message
from tests import make
from tests.conftest import FAST
from tests.databases import statements

TOKEN = "a token for the tests"


def figures(client: FlaskClient, **more: Any) -> dict[str, float]:
    lines = client.get("/metrics", **more).text.splitlines()
    return {name: float(value) for name, value in (x.rsplit(" ", 1) for x in lines if not x.startswith("#"))}


def owe_a_delivery(due: dt.datetime) -> None:
    event = make.add(
        Event(
            at=now(),
            kind="idea_captured",
            subject="idea:1",
            seq=1,
            actor_id=None,
            facts="{}",
            previous_hash="0",
            hash="1",
        )
    )
    make.add(EventHead(subject="idea:1", seq=1, hash="1", sealed_seq=0))
    make.add(Delivery(event_id=event.id, reaction="tell_owner", next_at=due))
    db.session.commit()


def test_that_the_process_lives_is_said_without_the_database(app: Flask, client: FlaskClient) -> None:
    with statements() as asked:
        answer = client.get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "alive\n", [])
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("named", [["gatehouse.example"], []])
def test_a_host_name_that_is_not_ours_may_ask_how_we_are(database: dict[str, Any], named: list[str], path: str) -> None:
    app = create_app(**database, **FAST, trusted_hosts=named)

    answer = app.test_client().get(path, headers={"Host": "10.0.0.7"})

    assert answer.status_code == 200


def test_a_whole_application_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"ready": True, "database": True, "tables": True, "queue": True}


@pytest.mark.usefixtures("older_tables")
def test_tables_of_another_release_are_not_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"ready": False, "database": True, "tables": False, "queue": False}


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_work_that_nobody_does_is_not_ready(client: FlaskClient, minutes: int, status: int) -> None:
    owe_a_delivery(now() - dt.timedelta(minutes=minutes))

    answer = client.get("/readyz")

    assert answer.status_code == status


def test_the_figures_count_requests_by_endpoint_and_never_by_address(client: FlaskClient) -> None:
    client.get("/ideas/LP26-0001")
    client.get("/no-such-page")

    told = figures(client)

    assert told['gatehouse_requests_total{endpoint="pipeline.idea",method="GET",status="302"}'] >= 1
    assert told['gatehouse_requests_total{endpoint="none",method="GET",status="404"}'] >= 1
    assert told['gatehouse_request_seconds_count{endpoint="pipeline.idea"}'] >= 1
    assert [name for name in told if "LP26" in name or "no-such" in name] == []


def test_a_long_job_that_nobody_takes_is_counted_and_not_ready(client: FlaskClient) -> None:
    due = now() - dt.timedelta(minutes=16)
    make.add(Job(kind="present", person_id=make.person().id, key="asked", payload={}, total=3, next_at=due))
    db.session.commit()

    told, ready = figures(client), client.get("/readyz")

    assert told["gatehouse_jobs_owed"] == 1
    assert told["gatehouse_jobs_waiting_seconds"] >= 16 * 60
    assert ready.status_code == 503


def test_the_figures_say_what_waits(client: FlaskClient) -> None:
    owe_a_delivery(now() - dt.timedelta(seconds=90))
    make.add(Message(why="test", to_address="someone@example.org", subject="Hello", text="Hello"))
    db.session.commit()

    told = figures(client)

    assert 90 <= told["gatehouse_deliveries_waiting_seconds"] < 150
    names = ("deliveries_owed", "messages_owed", "events_unsealed", "database_up")
    assert [told[f"gatehouse_{name}"] for name in names] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, 404),
        ("10.0.0.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("10.0.0.9", {"Authorization": "Bearer another"}, 404),
        ("10.0.0.9", {"Authorization": "Bearer "}, 404),
    ],
)
def test_the_figures_are_for_this_machine_and_for_who_has_the_token(
    database: dict[str, Any], peer: str, headers: dict[str, str], status: int
) -> None:
    app = create_app(**database, **FAST, metrics_token=TOKEN)

    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})

    assert answer.status_code == status


def test_an_empty_token_opens_nothing(client: FlaskClient) -> None:
    answer = client.get("/metrics", headers={"Authorization": "Bearer "}, environ_base={"REMOTE_ADDR": "10.0.0.9"})

    assert answer.status_code == 404
