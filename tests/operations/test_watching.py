"""Whoever watches the application learns whether it lives, can work, and what waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.app import create_app
from innovation.db import db, now
from innovation.events import Delivery, Event, EventHead
from innovation.health import find_backlog
from innovation.jobs import running
from innovation.jobs.kinds import KINDS, Kind
from innovation.jobs.models import Job
from innovation.notifications.models import Message
from tests import make
from tests.conftest import FAST
from tests.databases import statements

TOKEN = "a token for the tests"


def figures(client: FlaskClient, **more: Any) -> dict[str, float]:
    lines = client.get("/metrics", **more).text.splitlines()
    return {name: float(value) for name, value in (x.rsplit(" ", 1) for x in lines if not x.startswith("#"))}


def owe_a_delivery(due: dt.datetime, at: dt.datetime | None = None, **more: Any) -> None:
    event = make.add(
        Event(
            at=at or due,
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
    make.add(Delivery(event_id=event.id, reaction="tell_owner", next_at=due, **more))
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
    assert answer.json == {"ready": True, "database": True, "tables": True, "queue": True, "late": False}


@pytest.mark.usefixtures("older_tables")
def test_tables_of_another_release_are_not_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"ready": False, "database": True, "tables": False, "queue": False, "late": False}


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


def test_what_fails_again_and_again_is_late_since_it_was_first_due(client: FlaskClient) -> None:
    long_ago, later = now() - dt.timedelta(days=2), now() + dt.timedelta(hours=6)
    put_off: dict[str, Any] = {"attempts": 9, "next_at": later, "error": "ConnectionRefusedError: no"}
    owe_a_delivery(later, at=long_ago, attempts=9, error="StoreAway: AccessDenied")
    make.add(Message(why="test", to_address="a@example.org", subject="It", text="It", made_at=long_ago, **put_off))
    job = {"kind": "present", "person_id": make.person().id, "payload": {}, "total": 3}
    make.add(Job(**job, key="asked", asked_at=long_ago, **put_off))
    db.session.commit()

    told, ready = figures(client), client.get("/readyz")

    days = [told[f"gatehouse_{what}_waiting_seconds"] / 86400 for what in ("deliveries", "messages", "jobs")]
    assert [round(each) for each in days] == [2, 2, 2]
    assert (ready.status_code, ready.json["late"], ready.json["queue"]) == (200, True, True)


class Killed(BaseException):
    """As a process ends that takes more memory than there is: nobody is told."""


def test_a_job_that_ends_every_worker_is_late(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_actor: Any, _job: Job) -> Any:
        raise Killed

    monkeypatch.setitem(KINDS, "fatal", Kind("Something fatal", end))
    whose = make.person()
    make.account(whose)
    job = {"kind": "fatal", "person_id": whose.id, "payload": {}, "total": 3, "key": "asked"}
    found = make.add(Job(**job, asked_at=now() - dt.timedelta(days=2)))
    db.session.commit()

    waited = []
    for _attempt in range(2):
        with pytest.raises(Killed):
            running.run(found.id)
        db.session.rollback()
        waited.append(round(figures(client)["gatehouse_jobs_waiting_seconds"] / 86400))
        db.session.execute(sa.update(Job).values(next_at=now()))
        db.session.commit()

    assert waited == [0, 2]
    assert client.get("/readyz").json["late"] is True


def test_what_is_meant_for_later_and_a_job_that_gets_on_are_not_late(client: FlaskClient) -> None:
    long_ago, later = now() - dt.timedelta(days=2), now() + dt.timedelta(minutes=1)
    make.add(Message(why="test", to_address="a@example.org", subject="It", text="It", made_at=long_ago, next_at=later))
    job = {"kind": "present", "person_id": make.person().id, "payload": {}, "total": 3, "attempts": 40}
    make.add(Job(**job, key="asked", asked_at=long_ago, next_at=later))
    db.session.commit()

    told = figures(client)

    assert [told[f"gatehouse_{what}_waiting_seconds"] for what in ("messages", "jobs")] == [0, 0]


def test_to_count_what_waits_only_that_is_read(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads the whole of a small table.")
    with statements() as asked, db.engine.connect() as connection:
        find_backlog(connection)
        counts = [each for each in asked if "count(*)" in each]
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", (0,) * each.count("?")).all()[0][3]
            for each in counts
        ]

    assert [plan.partition(" USING ")[2] for plan in plans] == [
        "INDEX ix_delivery_owed",
        "INDEX ix_message_unsent",
        "INDEX ix_message_unsent",
        "INDEX ix_job_owed",
    ]


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
