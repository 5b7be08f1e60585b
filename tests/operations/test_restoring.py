"""A restore takes the place of a site whole, or leaves the site as it was, and waits for whoever uses it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from innovation.cli.main import gatehouse
from innovation.db import db, sqlite_driver
from tests.operations.conftest import Run
from tests.operations.test_backup import repacked, rows
from workflows import Refused

FILE, ROOT = "gatehouse.sqlite", Path(__file__).parents[2]
COMPANIONS = ("-wal", "-shm")
driver: Any = sqlite_driver() or pytest.importorskip("sqlite3")


@pytest.fixture
def file(database_file: Path, filled: Path) -> Path:
    """The database of the filled site, which is a file in this run."""
    return filled / FILE


def is_whole(file: Path) -> bool:
    with closing(driver.connect(str(file))) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def leave_a_log_only(file: Path) -> None:
    """The database is gone, and what a killed process had written beside it is left."""
    other = file.with_name("other.sqlite")
    shutil.copy(file, other)
    with closing(driver.connect(str(other), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE person SET name = 'Somebody else'")
        connection.execute("INSERT INTO receipt (sending, what, at) VALUES ('x', 'y', '2026-01-01 00:00:00')")
        for tail in COMPANIONS:
            shutil.copy(f"{other}{tail}", f"{file}{tail}")
    other.unlink()
    file.unlink()


def test_a_log_that_was_left_alone_is_not_played_into_the_backup(run: Run, kept: Path, file: Path) -> None:
    before = rows(file.parent)
    leave_a_log_only(file)

    said = run(file.parent, "restore", "--replace", str(kept))

    [aside] = file.parent.glob("before-restore-*")
    assert "The record is whole." in said
    assert (is_whole(file), rows(file.parent) == before) == (True, True)
    assert (aside / "database.sqlite-wal").stat().st_size > 0
    assert f"the folder {aside}" in said


@pytest.fixture
def worker(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the filled site, at work."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from innovation.cli.main import main; main()", "worker"],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(file.parent)},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not (file.parent / "queue.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    yield process
    process.terminate()
    process.wait(timeout=40)


@pytest.mark.slow
@pytest.mark.usefixtures("worker")
def test_a_restore_waits_for_a_worker_even_where_the_file_was_moved_away(run: Run, kept: Path, file: Path) -> None:
    file.rename(file.with_name("moved.sqlite"))

    with pytest.raises(Refused, match="Stop the server and the workers first"):
        run(file.parent, "restore", "--replace", str(kept))

    assert not file.exists()
    assert list(file.parent.glob("before-restore-*")) == []


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_database_that_cannot_be_read_is_put_aside(run: Run, kept: Path, file: Path, content: bytes) -> None:
    before = rows(file.parent)
    file.write_bytes(content)

    with pytest.raises(Refused, match="--replace"):
        run(file.parent, "restore", str(kept))
    said = run(file.parent, "restore", "--replace", str(kept))

    [aside] = file.parent.glob("before-restore-*")
    assert "The record is whole." in said
    assert rows(file.parent) == before
    assert (aside / "database.sqlite").read_bytes() == content


def test_an_empty_file_is_no_database_and_stands_in_no_way(run: Run, kept: Path, file: Path, empty: Path) -> None:
    (empty / FILE).touch()

    said = run(empty, "restore", str(kept))

    assert "The record is whole." in said
    assert rows(empty) == rows(file.parent)


def test_files_on_a_disk_of_their_own_stay_on_it(run: Run, kept: Path, filled: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as disk:
        if os.stat(disk).st_dev == filled.stat().st_dev:
            pytest.skip("There is one disk here.")
        shutil.copytree(filled / "files", disk, dirs_exist_ok=True)
        shutil.rmtree(filled / "files")
        (filled / "files").symlink_to(disk)
        (Path(disk) / "lost+found").mkdir()

        said = run(filled, "restore", "--replace", str(kept))

        [aside] = Path(disk).glob("before-restore-*")
        assert f"the folder {filled / 'files' / aside.name}" in said
        assert (filled / "files").is_symlink()
        files = {path.name: path.read_bytes() for path in aside.rglob("*") if path.is_file()}
        [put_back] = [path for path in Path(disk).glob("??/*") if path.is_file()]
        assert files == {put_back.name: put_back.read_bytes()}


def test_a_database_that_a_group_shared_is_shared_with_it_again(run: Run, kept: Path, file: Path) -> None:
    group = 4321 if os.geteuid() == 0 else file.stat().st_gid
    os.chown(file, -1, group)
    file.chmod(0o640)

    run(file.parent, "restore", "--replace", str(kept))

    found = file.stat()
    assert (found.st_gid, found.st_mode & 0o777) == (group, 0o640)


# What goes wrong


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root has the sites of others.")
def test_root_puts_nothing_into_the_site_of_somebody_else(run: Run, kept: Path, filled: Path) -> None:
    before = state(filled)
    os.chown(filled, 4321, 4321)

    with pytest.raises(Refused, match=r"This site belongs to the user 4321\. Run this as that user"):
        run(filled, "restore", "--replace", str(kept))

    os.chown(filled, 0, 0)
    assert state(filled) == before


def listed(change: Callable[[dict[str, Any]], None]) -> Callable[[str, bytes], list[tuple[str, bytes]]]:
    """A backup with another list of what it holds."""

    def changed(name: str, data: bytes) -> list[tuple[str, bytes]]:
        if name != "manifest.json":
            return [(name, data)]
        said = json.loads(data)
        change(said)
        return [(name, json.dumps(said).encode())]

    return changed


def with_database(kept: Path, target: Path, content: bytes) -> str:
    """The backup with another database, which its list calls right."""

    def rename(said: dict[str, Any]) -> None:
        for part in said["parts"]:
            if part["name"] == "database.sqlite":
                part |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    relist = listed(rename)
    return repacked(
        kept, target, lambda name, data: [(name, content)] if name == "database.sqlite" else relist(name, data)
    )


def state(instance: Path) -> dict[str, Any]:
    """What a site consists of."""
    found = [path for path in instance.rglob("*") if path.is_file() and path.suffix not in (".gz", ".toml")]
    kept = {str(path): path.read_bytes() for path in found if not path.name.startswith((FILE, "other", "queue"))}
    return kept | {"rows": rows(instance)}


def refused(instance: Path, *words: str) -> str:
    """What ``gatehouse`` said until its refusal, and the refusal."""
    ended = CliRunner().invoke(gatehouse, [*words], env={"GATEHOUSE_INSTANCE": str(instance)})
    assert isinstance(ended.exception, Refused), ended.output + repr(ended.exception)
    return ended.output + "\n".join(ended.exception.reasons)


def without_database(said: dict[str, Any]) -> None:
    said["parts"] = [part for part in said["parts"] if not part["name"].startswith("database")]


def with_a_number(said: dict[str, Any]) -> None:
    said["parts"].append({"name": 5, "size": 1, "sha256": "x"})


@pytest.mark.parametrize(
    ("change", "reason"), [(without_database, "is not on its list"), (with_a_number, "This is no backup of Gatehouse")]
)
def test_a_list_that_cannot_be_right_is_refused_before_anything_is_touched(
    kept: Path, filled: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    before = state(filled)
    drop = change is without_database
    relist = listed(change)
    touched = repacked(
        kept,
        tmp_path / "touched.tar.gz",
        lambda name, data: [] if drop and name.startswith("database") else relist(name, data),
    )

    said = refused(filled, "restore", "--replace", touched)

    assert reason in said
    assert "What was here before" not in said
    assert state(filled) == before


def older(file: Path) -> bytes:
    with closing(driver.connect(str(file), isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    return file.read_bytes()


@pytest.mark.parametrize("content", [lambda _file: b"not a database" * 99, older])
def test_what_is_no_database_of_this_list_is_refused_before_anything_is_touched(
    kept: Path, file: Path, tmp_path: Path, content: Callable[[Path], bytes]
) -> None:
    before = state(file.parent)
    shutil.copy(file, tmp_path / "other.sqlite")
    touched = with_database(kept, tmp_path / "touched.tar.gz", content(tmp_path / "other.sqlite"))

    said = refused(file.parent, "restore", "--replace", touched)

    assert "The backup is not whole" in said
    assert "What was here before" not in said
    assert state(file.parent) == before


def with_a_wrong_index(file: Path) -> bytes:
    """A database whose pages are well and one index of which leads to the wrong rows."""
    with closing(driver.connect(str(file), isolation_level=None)) as connection:
        connection.execute("CREATE INDEX wrong ON person (name)")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX wrong ON person (email)' WHERE name = 'wrong'")
    return file.read_bytes()


def test_a_database_that_proves_damaged_in_its_place_leaves_the_site_as_it_was(
    kept: Path, file: Path, tmp_path: Path
) -> None:
    before = state(file.parent)
    shutil.copy(file, tmp_path / "other.sqlite")
    touched = with_database(kept, tmp_path / "touched.tar.gz", with_a_wrong_index(tmp_path / "other.sqlite"))

    said = refused(file.parent, "restore", "--replace", touched)

    assert "Nothing was changed: what was here is back in its place." in said
    assert "The database of the backup is damaged" in said
    assert state(file.parent) == before
    assert list(file.parent.glob("before-restore-*")) == []


def test_what_fails_at_the_very_end_leaves_the_site_as_it_was(
    kept: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(filled)
    replace = os.replace

    def fail_at_the_key(source: Any, target: Any) -> None:
        if Path(target) == filled / "secret_key" and ".gatehouse-restore-" in str(source):
            raise OSError(5, "Input/output error", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_the_key)
    ended = CliRunner().invoke(gatehouse, ["restore", "--replace", str(kept)], env={"GATEHOUSE_INSTANCE": str(filled)})

    assert str(ended.exception).endswith("secret_key: Input/output error.")
    assert "Nothing was changed: what was here is back in its place." in ended.output
    assert state(filled) == before
    assert list(filled.glob("before-restore-*")) == []


def test_tables_that_do_not_come_in_are_no_hindrance_the_next_time(
    app: Flask, run: Run, kept: Path, filled: Path, empty: Path, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("A file comes in whole.")
    before = state(filled)

    def rename(said: dict[str, Any]) -> None:
        said["tables"]["person"][-1] = "unknown"

    touched = repacked(kept, tmp_path / "touched.tar.gz", listed(rename))

    over, into = refused(filled, "restore", "--replace", touched), refused(empty, "restore", touched)
    said = run(empty, "restore", str(kept))

    assert ("The columns of person" in over, "The columns of person" in into) == (True, True)
    assert "The record is whole." in said
    assert state(filled) == before
