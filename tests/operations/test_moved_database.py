"""A database that is moved away under a site takes nothing more in, and the site goes on with what is put there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import presence
from innovation.db import db
from tests import make
from tests.operations.test_doctor import look as look

TYPED = {"title": "A reading corner"}


@pytest.fixture
def served(database_file: Path) -> Iterator[Path]:
    """The database of a process that serves."""
    with presence.shared(str(database_file)):
        yield database_file


@pytest.fixture
def browser(app: Flask, served: Path) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, make.person("Demo owner"))
    db.session.commit()
    assert client.get("/work").status_code == 200
    return client


def test_nothing_is_taken_in_where_the_file_was_moved_away(browser: FlaskClient, served: Path) -> None:
    moved = served.rename(served.with_name("moved.sqlite"))

    sent = browser.post("/ideas/new", data=TYPED)
    ready, page = browser.get("/readyz"), browser.get("/work")
    made = served.exists()
    moved.rename(served)
    after = browser.get("/work")

    assert (sent.status_code, page.status_code, ready.status_code) == (503, 503, 503)
    assert "A reading corner" in sent.text
    assert (made, after.status_code) == (False, 200)


def test_what_was_put_in_its_place_is_gone_on_with(browser: FlaskClient, served: Path) -> None:
    copy = served.with_name("copy.sqlite")
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]
    for path in served.parent.glob(f"{served.name}*"):
        path.rename(path.with_name(f"old-{path.name}"))
    copy.rename(served)

    first, second = browser.get("/work"), browser.get("/work")

    assert (first.status_code, second.status_code) == (503, 200)


def test_a_transaction_that_has_begun_before_is_the_last_one(app: Flask, served: Path) -> None:
    db.session.execute(sa.text("SELECT 1"))
    served.rename(served.with_name("moved.sqlite"))
    db.session.rollback()

    with pytest.raises(sa.exc.OperationalError, match="was moved away"):
        db.session.execute(sa.text("SELECT 1"))

    db.session.rollback()
    shutil.move(served.with_name("moved.sqlite"), served)


def test_the_doctor_tells_of_a_missing_database_and_makes_none(look: Any, database_file: Path) -> None:
    database_file.unlink()

    found = look()

    assert (found["tables"]["state"], found["tables"]["text"]) == ("fault", f"There is no file {database_file}.")
    assert not database_file.exists()


def test_the_doctor_finds_a_damaged_page(look: Any, app: Flask, database_file: Path) -> None:
    with database_file.open("r+b") as file:
        (root,) = db.session.execute(sa.text("SELECT rootpage FROM sqlite_master WHERE name = 'province'")).one()
        db.session.remove()
        db.engine.dispose()
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)

    found = look()

    assert (found["pages"]["state"], found["exit"]["state"]) == ("fault", "1")
