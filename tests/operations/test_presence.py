"""Looking at a site and keeping a copy of it go on where its lock cannot be had, and say so."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from innovation import presence
from innovation.db import engine_options, prepare_engine
from tests.operations.conftest import Run
from tests.operations.test_doctor import look as look


@contextmanager
def unable(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """No lock can be made or opened, as where a file system was mounted again to be read only."""
    opened = os.open

    def refuse(path: Any, flags: int, *more: Any, **said: Any) -> int:
        if str(path).endswith("-inuse"):
            raise OSError(number, os.strerror(number), str(path))
        return opened(path, flags, *more, **said)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        yield


def test_the_doctor_looks_at_everything_else_where_the_folder_of_the_database_is_missing(
    look: Any, database_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "not-mounted" / "gatehouse.sqlite"

    found = look(DATABASE_URL=f"sqlite:///{file}")

    assert (found["tables"]["state"], found["tables"]["text"]) == ("fault", f"There is no file {file}.")
    assert (found["versions"]["state"], found["exit"]["state"]) == ("ok", "1")
    assert not file.parent.exists()


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC])
def test_the_doctor_tells_that_the_lock_cannot_be_had_and_looks_at_everything(
    look: Any, database_file: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with unable(monkeypatch, number):
        found = look()

    assert (found["tables"]["state"], found["record"]["state"], found["exit"]["state"]) == ("ok", "ok", "0")
    assert found["lock"]["state"] == "attention"
    assert f"{database_file}-inuse" in found["lock"]["text"]


def test_the_doctor_looks_on_where_a_lock_leads_elsewhere(look: Any, database_file: Path, tmp_path: Path) -> None:
    lock = database_file.with_name(f"{database_file.name}-inuse")
    lock.unlink(missing_ok=True)
    lock.symlink_to(tmp_path / "elsewhere")

    found = look()
    lock.unlink()

    assert (found["lock"]["state"], found["exit"]["state"]) == ("fault", "1")
    assert str(lock) in found["lock"]["text"]


def test_the_doctor_tells_of_a_restore_that_is_going_on(look: Any, database_file: Path) -> None:
    with (database_file.with_name(f"{database_file.name}-inuse")).open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        found = look()

    assert (found["lock"]["state"], found["exit"]["state"]) == ("fault", "1")
    assert "being put back" in found["lock"]["text"]


def test_a_backup_is_made_where_no_lock_can_be_had_and_says_so(
    run: Run, database_file: Path, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unable(monkeypatch, errno.EROFS):
        said = run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    assert (tmp_path / "kept.tar.gz").exists()
    assert f"{database_file}-inuse: Read-only file system. A restore does not wait for this." in said


def test_a_restore_needs_its_lock(
    run: Run, database_file: Path, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    with unable(monkeypatch, errno.EROFS), pytest.raises(AssertionError, match="inuse: Read-only file system"):
        run(filled, "restore", "--replace", str(tmp_path / "kept.tar.gz"))

    assert list(filled.glob("before-restore-*")) == []


def test_a_folder_that_is_missing_is_told_of_by_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'numbers.sqlite'}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)

    with pytest.raises(sa.exc.OperationalError, match="unable to open database file"):
        engine.connect()


@pytest.mark.parametrize("number", [errno.EISDIR, errno.EMFILE])
def test_a_connection_without_its_lock_is_refused_as_by_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    url = f"sqlite:///{tmp_path / 'numbers.sqlite'}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)

    with unable(monkeypatch, number), pytest.raises(sa.exc.OperationalError, match="inuse"):
        engine.connect()


def test_a_database_that_a_restore_has_alone_is_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'numbers.sqlite'}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)
    with presence.alone(str(tmp_path / "numbers.sqlite")):
        presence._kept.clear()  # as in another process

        with pytest.raises(sa.exc.OperationalError, match="being put back"):
            engine.connect()


def test_what_is_missing_stays_missing_for_whoever_goes_on_without_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "numbers.sqlite"
    url = f"sqlite:///{file}"
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)

    with (
        unable(monkeypatch, errno.EACCES),
        presence.shared(str(file)) as hindrance,
        pytest.raises(sa.exc.OperationalError),
    ):
        engine.connect()

    assert hindrance is not None
    assert not file.exists()
