"""A backup is of one moment, holds everything, and is put back only as it was."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from innovation.app import create_app
from innovation.cli import archive
from innovation.cli.main import gatehouse
from innovation.db import Base, db, now
from innovation.ideas.models import Attachment, Idea
from innovation.ideas.store import store as files_of
from innovation.notifications.models import Message
from tests import make
from tests.conftest import FAST
from tests.operations.conftest import PDF, Run
from workflows import Refused


def rows(instance: Path) -> dict[str, list[Any]]:
    """Everything in the tables of a site, in one order."""
    app = create_app(instance=instance, **FAST)
    with app.app_context():
        found = {
            name: sorted(map(repr, db.session.execute(sa.select(table)).all()))
            for name, table in Base.metadata.tables.items()
        }
        db.session.remove()
        db.engine.dispose()
    return found


def test_what_is_put_back_is_what_there_was(run: Run, filled: Path, empty: Path, tmp_path: Path) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    said = run(empty, "restore", str(tmp_path / "kept.tar.gz"))

    assert "The record is whole." in said
    assert rows(empty) == rows(filled)
    assert (empty / "secret_key").read_text() == "the key of this site"
    with create_app(instance=empty, **FAST).app_context():
        key = db.session.scalars(sa.select(Attachment.key)).one()
        assert files_of().get(key) == PDF
        db.session.remove()
        db.engine.dispose()


def test_life_goes_on_where_a_backup_was_put_back(run: Run, filled: Path, empty: Path, tmp_path: Path) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    run(empty, "restore", str(tmp_path / "kept.tar.gz"))

    with create_app(instance=empty, **FAST).app_context():
        before = db.session.scalars(sa.select(Idea.id)).all()
        made = make.idea(reference="LP26-0999")
        db.session.commit()
        with pytest.raises(sa.exc.DBAPIError, match="never changes"):
            db.session.execute(sa.text("UPDATE event SET kind = 'other'"))
        db.session.rollback()
        made_id = made.id
        db.session.remove()
        db.engine.dispose()

    assert before == [1]
    assert made_id not in before


def test_a_backup_is_for_its_owner_only_and_never_overwrites(run: Run, filled: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.gz"
    run(filled, "backup", str(kept))

    with pytest.raises(Refused, match="is there already"):
        run(filled, "backup", str(kept))

    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".gatehouse")] == []


def test_what_a_killed_backup_has_left_is_gone_with_the_next_and_one_at_work_is_left_alone(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    left, at_work = tmp_path / ".gatehouse-backup-killed", tmp_path / ".gatehouse-backup-at-work"
    for folder in (left, at_work):
        folder.mkdir()
        (folder / "archive").write_text("half")
    yesterday = time.time() - 86_400
    os.utime(left, (yesterday, yesterday))

    run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(".")} == {at_work.name}


def test_a_backup_is_made_while_somebody_writes(
    app: Flask, run: Run, filled: Path, empty: Path, tmp_path: Path
) -> None:
    kept = rows(filled)
    make.idea(title="Not committed when the backup is made")

    run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    db.session.rollback()
    run(empty, "restore", str(tmp_path / "kept.tar.gz"))

    assert rows(empty) == kept


def test_a_file_that_is_taken_away_for_good_meanwhile_is_told_of_and_stops_nothing(
    run: Run, filled: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = archive._pack

    def drop_and_pack(path: Path, *more: Any) -> None:
        for file in filled.glob("files/??/*"):
            file.unlink()
        pack(path, *more)

    monkeypatch.setattr(archive, "_pack", drop_and_pack)

    said = run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    restored = run(empty, "restore", str(tmp_path / "kept.tar.gz"))

    with tarfile.open(tmp_path / "kept.tar.gz") as tar:
        content = tar.extractfile("manifest.json")
        assert content
        assert len(json.loads(content.read())["gone"]) == 1
    assert "1 files were taken away for good meanwhile" in said
    assert "The record is whole." in restored


def test_a_restore_tells_what_a_worker_will_send(run: Run, filled: Path, empty: Path, tmp_path: Path) -> None:
    make.add(Message(why="test", to_address="someone@example.org", subject="Hello", text="Hello", next_at=now()))
    db.session.commit()
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    said = run(empty, "restore", str(tmp_path / "kept.tar.gz"))

    assert re.search(r"1 mails and \d reactions are owed; a worker sends and does them\.", said)
    assert "set smtp_host to nothing" in said


def test_a_site_is_not_overwritten_unless_asked_and_is_then_kept_aside(run: Run, filled: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.gz"
    run(filled, "backup", str(kept))
    with create_app(instance=filled, **FAST).app_context():
        make.idea(title="Newer than the backup")
        db.session.commit()
        db.session.remove()
        db.engine.dispose()

    with pytest.raises(Refused, match="--replace"):
        run(filled, "restore", str(kept))
    said = run(filled, "restore", "--replace", str(kept))

    assert len(rows(filled)["idea"]) == 1
    [aside] = filled.glob("before-restore-*")
    [told] = [line for line in said.splitlines() if line.startswith("What was here before is kept in ")]
    schema = f"the schema {aside.name} of the database"
    assert (f"the folder {aside}" in told, schema in told) == (True, db.engine.dialect.name == "postgresql")
    assert (aside / "secret_key").read_text() == "the key of this site"


def test_a_database_in_use_is_not_replaced(app: Flask, run: Run, filled: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.gz"
    run(filled, "backup", str(kept))
    db.session.scalar(sa.select(sa.func.count()).select_from(Idea))

    with pytest.raises(Refused, match="Stop the server and the workers first"):
        run(filled, "restore", "--replace", str(kept))

    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 1
    assert list(filled.glob("before-restore-*")) == []


def repacked(source: Path, target: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]]) -> str:
    """The backup with each member changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content
            for name, data in change(member.name, content.read()):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))
    return str(target)


def is_database(name: str) -> bool:
    return name.startswith("database")


FAULTS: dict[str, tuple[Callable[[str, bytes], list[tuple[str, bytes]]], str]] = {
    "changed": (lambda name, data: [(name, data + b"\0" if name.startswith("files") else data)], "is not as it was"),
    "missing": (lambda name, data: [] if is_database(name) else [(name, data)], "is missing"),
    "added": (lambda name, data: [(name, data), ("../evil", b"x")], "is not on its list"),
    "no list": (lambda name, data: [] if name == "manifest.json" else [(name, data)], "no backup of Gatehouse"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_backup_that_was_touched_is_refused_and_nothing_is_changed(
    run: Run, filled: Path, empty: Path, tmp_path: Path, fault: str
) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    change, reason = FAULTS[fault]
    touched = repacked(tmp_path / "kept.tar.gz", tmp_path / "touched.tar.gz", change)

    with pytest.raises(Refused, match=reason):
        run(empty, "restore", touched)

    assert sorted(path.name for path in empty.iterdir() if path.name not in ("config.toml", "secret_key")) == []
    assert not (tmp_path / "evil").exists()


def test_a_backup_that_was_cut_off_is_refused(run: Run, filled: Path, empty: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.gz"
    run(filled, "backup", str(kept))
    os.truncate(kept, kept.stat().st_size // 2)

    with pytest.raises(Refused, match="cannot be read to its end"):
        run(empty, "restore", str(kept))


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_place_that_cannot_be_is_told_of_in_a_sentence(filled: Path, tmp_path: Path, command: str) -> None:
    ended = CliRunner().invoke(
        gatehouse, [command, str(tmp_path / ("x" * 300))], env={"GATEHOUSE_INSTANCE": str(filled)}
    )

    assert isinstance(ended.exception, SystemExit)
    assert str(ended.exception).endswith("File name too long.")
    assert list(tmp_path.glob(".gatehouse-*")) == []


@pytest.mark.parametrize(("key", "value"), [("revision", "9999"), ("format", 2)])
def test_a_backup_of_a_newer_release_is_refused(
    run: Run, filled: Path, empty: Path, tmp_path: Path, key: str, value: object
) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))

    def change(name: str, data: bytes) -> list[tuple[str, bytes]]:
        return [(name, json.dumps(json.loads(data) | {key: value}).encode() if name == "manifest.json" else data)]

    with pytest.raises(Refused, match="newer release"):
        run(empty, "restore", repacked(tmp_path / "kept.tar.gz", tmp_path / "newer.tar.gz", change))
