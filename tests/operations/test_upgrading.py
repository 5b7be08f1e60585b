"""The tables are changed while nobody uses them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from innovation.app import create_app
from innovation.cli import database
from innovation.db import db
from innovation.health import newest_revision
from innovation.presence import RESTORING
from tests.conftest import FAST
from tests.operations.conftest import Run
from workflows import Refused

ROOT = Path(__file__).parents[2]
OLDER = "0061"
COMMAND = [sys.executable, "-c", "from innovation.cli.main import main; main()"]


@pytest.fixture
def older(run: Run, empty: Path) -> Path:
    """A site of an older release."""
    run(empty, "db", "upgrade", OLDER)
    return empty


@contextmanager
def at_work(instance: Path) -> Iterator[sa.Connection]:
    """A connection of somebody who uses the database."""
    with create_app(instance=instance, **FAST).app_context():
        with db.engine.connect() as connection:
            yield connection
        db.engine.dispose()


def revision_of(instance: Path) -> str:
    with at_work(instance) as connection:
        found: str = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    return found


def test_tables_that_somebody_uses_are_not_changed(run: Run, older: Path) -> None:
    with at_work(older), pytest.raises(Refused, match="Stop the server and the workers first"):
        run(older, "db", "upgrade")

    assert revision_of(older) == OLDER


def test_tables_that_nobody_uses_are_changed(run: Run, older: Path) -> None:
    said = run(older, "db", "upgrade")

    assert said == "The database is up to date.\n"
    assert revision_of(older) == newest_revision()


def test_where_nothing_is_to_be_changed_nobody_is_in_the_way(run: Run, empty: Path) -> None:
    run(empty, "db", "upgrade")

    with at_work(empty):
        said = run(empty, "db", "upgrade")

    assert said == "The database is up to date.\n"


def test_nobody_begins_to_use_tables_that_are_being_changed(
    run: Run, older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade, heard = database._upgrade, list[str]()

    def begin_meanwhile(*words: str) -> None:
        done = subprocess.run(
            [*COMMAND, "backup", str(tmp_path / "half.tar.gz")],
            env=os.environ | {"GATEHOUSE_INSTANCE": str(older)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        heard.append(done.stderr)
        upgrade(*words)

    monkeypatch.setattr(database, "_upgrade", begin_meanwhile)
    run(older, "db", "upgrade")

    assert [RESTORING in text for text in heard] == [True]
    assert revision_of(older) == newest_revision()


@pytest.mark.slow
def test_of_two_that_begin_at_once_one_changes_the_tables_and_the_other_says_why_it_does_not(older: Path) -> None:
    begun = [
        subprocess.Popen(
            [*COMMAND, "db", "upgrade"],
            env=os.environ | {"GATEHOUSE_INSTANCE": str(older)},
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _each in range(2)
    ]

    said = [process.communicate(timeout=60)[1] for process in begun]

    assert 0 in [process.returncode for process in begun]
    assert [text for text in said if "Traceback" in text] == []
    assert revision_of(older) == newest_revision()
