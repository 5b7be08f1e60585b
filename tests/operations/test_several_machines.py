"""Nothing depends on the memory or the disk of one machine: what begins on one goes on at another."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from innovation.app import create_app
from innovation.cli.examining_work import machines
from innovation.config import Secret, Settings
from innovation.db import db
from innovation.machines import marks_of, read_marks
from tests import make
from tests.conftest import FAST


@pytest.fixture
def pair(app: Flask, tmp_path: Path) -> Iterator[tuple[Flask, Flask]]:
    """Two machines: instance folders of their own, one database, one key."""
    settings = app.config["SETTINGS"]
    common: dict[str, Any] = {"database_url": settings.database_url}
    other = create_app(instance=tmp_path / "other", **common, **FAST)
    other.config.update(WTF_CSRF_ENABLED=False)
    yield app, other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_who_signed_in_on_one_machine_is_known_to_the_other(pair: tuple[Flask, Flask]) -> None:
    here, there = pair
    client = make.sign_in(here.test_client(), make.person("Demo owner"))
    cookie = client.get_cookie("gatehouse")
    assert cookie
    visitor = there.test_client()
    visitor.set_cookie("gatehouse", cookie.value)

    assert visitor.get("/account").status_code == 200


def test_a_table_sent_to_one_machine_is_previewed_at_the_other(pair: tuple[Flask, Flask]) -> None:
    here, there = pair
    region = make.region()
    client = make.sign_in(here.test_client(), make.staff("coordinator"))
    table = b"Idea title;Problem statement;Solution\nReading clubs;Children cannot read;Leavers read with them\n"
    sent = client.post("/ideas/import", data={"place": f"region:{region.id}", "file": (io.BytesIO(table), "ideas.csv")})
    cookie = client.get_cookie("gatehouse")
    assert cookie
    visitor = there.test_client()
    visitor.set_cookie("gatehouse", cookie.value)

    preview = visitor.get(sent.headers["Location"])

    assert preview.status_code == 200
    assert "Reading clubs" in preview.text


def test_each_process_tells_a_server_what_it_shares_with_others(tmp_path: Path) -> None:
    one = marks_of(Settings(instance=tmp_path / "one", secret_key=Secret("a key"), files_url="s3://bucket"))
    two = marks_of(Settings(instance=tmp_path / "two", secret_key=Secret("a key"), files_url="s3://bucket"))
    three = marks_of(Settings(instance=tmp_path / "one", secret_key=Secret("another")))

    assert (one.home == two.home, one.key == two.key, one.files == two.files) == (False, True, True)
    assert (one.home == three.home, one.key == three.key, one.files == three.files) == (True, False, False)
    assert read_marks(one.application_name) == one
    assert read_marks("psql") is None
    assert len(one.application_name) < 63


MISFITS = [
    ({"secret_key": "another key"}, "fault", "GATEHOUSE_SECRET_KEY"),
    ({}, "fault", "GATEHOUSE_FILES_URL"),
    ({"files_url": "s3://bucket"}, "attention", "GATEHOUSE_QUEUE_URL"),
    ({"files_url": "s3://bucket", "queue_url": "redis://queue"}, "fault", "GATEHOUSE_SMTP_HOST"),
    ({"files_url": "s3://bucket", "queue_url": "redis://queue", "smtp_host": "mail"}, "ok", ""),
]


@pytest.mark.postgres
@pytest.mark.parametrize(("settings", "state", "advice"), MISFITS)
def test_machines_that_do_not_fit_together_are_seen_by_the_doctor(
    postgres: Any, tmp_path: Path, settings: dict[str, Any], state: str, advice: str
) -> None:
    common = {"database_url": postgres.address("postgres"), **FAST}
    here = create_app(instance=tmp_path / "here", **common | {k: v for k, v in settings.items() if k != "secret_key"})
    there = create_app(instance=tmp_path / "there", **common | settings)
    with there.app_context(), db.engine.connect(), here.app_context():
        found = machines(here.config["SETTINGS"])
        db.engine.dispose()
    with there.app_context():
        db.engine.dispose()

    assert (found.state, advice in found.advice) == (state, True)


@pytest.mark.postgres
def test_one_machine_alone_has_nothing_to_fit(postgres: Any, tmp_path: Path) -> None:
    here = create_app(instance=tmp_path, database_url=postgres.address("postgres"), **FAST)
    with here.app_context():
        found = machines(here.config["SETTINGS"])
        db.engine.dispose()

    assert (found.state, found.text) == ("ok", "No other machine uses this database at the moment.")
