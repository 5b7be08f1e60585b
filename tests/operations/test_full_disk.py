"""On a disk without room people go on reading, lose nothing that they typed, and save it once there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg.errors import DiskFull

from innovation.errors import is_full
from tests.conftest import FAST, URL
from tests.operations.conftest import Run

SCENE = """
import json, os, sys
from pathlib import Path
from innovation.app import create_app
from innovation.db import db
from innovation.ideas.models import Idea
from innovation.worker import work_once
from tests import make

app = create_app(instance=Path(sys.argv[1]), **json.loads(sys.argv[2]))
app.config.update(WTF_CSRF_ENABLED=False)
with app.app_context():
    facilitator, clinic = make.staff("facilitator"), make.clinic()
    client = make.sign_in(app.test_client(), facilitator)
    code = clinic.code
    db.session.commit()
    db.session.remove()

form = {"form_key": "0f4b6a36-1a7e-4f6c-9e37-4a42f3a3a3a1", "title": "A corner to read in", "summary": "Shelves.",
        "problem": "Children wait in shops.", "owner_name": "Demo owner"}
file = os.open(Path(sys.argv[1]) / "filler", os.O_CREAT | os.O_WRONLY)
try:
    while True:
        os.write(file, b"x" * 4096)
except OSError:
    os.close(file)
full = client.post(f"/ideas/new?clinic={code}", data=form)
reading = client.get("/clinics").status_code
(Path(sys.argv[1]) / "filler").unlink()
after = [client.post(f"/ideas/new?clinic={code}", data=form).status_code for _time in range(2)]
with app.app_context():
    work_once(app)
    kept = db.session.query(Idea).count()
print(json.dumps([full.status_code, "disk of the server is full" in full.text, form["title"] in full.text,
                  reading, after, kept]))
"""
SMALL_DISK = 'mount -t tmpfs -o size=16m none "$1" && cp -r "$2"/. "$1"/ && shift 2 && exec "$@"'
OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount() -> bool:
    """Whether a process here may have mounts of its own."""
    if not shutil.which("unshare"):
        return False
    tried = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(URL in os.environ, reason="the server keeps the database on a disk of its own")
@pytest.mark.skipif(not can_mount(), reason="LEFT OUT: this system lets no process mount a small disk of its own")
def test_what_was_typed_while_the_disk_is_full_comes_back_and_is_saved_once_there_is_room(
    migrated: Path, tmp_path: Path
) -> None:
    disk, root = tmp_path / "disk", Path(__file__).parents[2]
    disk.mkdir()
    scene = [sys.executable, "-c", SCENE, str(disk), json.dumps(FAST)]
    begin = [*OWN_MOUNTS, "sh", "-c", SMALL_DISK, "sh", str(disk), str(migrated)]

    done = subprocess.run([*begin, *scene], cwd=root, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    status, says_why, text_is_there, reading, after, kept = json.loads(done.stdout.splitlines()[-1])
    assert (status, says_why, text_is_there) == (503, True, True)
    assert (reading, after, kept) == (200, [302, 302], 1)


@pytest.mark.slow
@pytest.mark.skipif(URL in os.environ, reason="the server keeps the database on a disk of its own")
@pytest.mark.skipif(not can_mount(), reason="LEFT OUT: this system lets no process mount a small disk of its own")
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_backup_or_a_restore_that_finds_no_room_says_where_and_leaves_nothing(
    run: Run, filled: Path, tmp_path: Path, command: str
) -> None:
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    disk, root = tmp_path / "disk", Path(__file__).parents[2]
    disk.mkdir()
    instance, file = (filled, disk / "new.tar.gz") if command == "backup" else (disk, tmp_path / "kept.tar.gz")
    program = [sys.executable, "-c", "from innovation.cli.main import main; main()", command, str(file)]
    small = 'mount -t tmpfs -o size=256k none "$1" && shift && "$@"; status=$?; ls -A "$0"; exit $status'

    done = subprocess.run(
        [*OWN_MOUNTS, "sh", "-c", small, str(disk), str(disk), *program],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(instance)},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, "There is no room for" in done.stderr, str(disk) in done.stderr) == (1, True, True)
    assert done.stdout.split() == ([] if command == "backup" else ["secret_key"])


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (PermissionError(13, "Permission denied"), False),
        (sa.exc.OperationalError("INSERT", {}, DiskFull("could not extend file")), True),
        (sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")), True),
        (sa.exc.OperationalError("INSERT", {}, Exception("database is locked")), False),
    ],
)
def test_no_room_is_told_from_other_trouble(error: Exception, full: bool) -> None:
    assert is_full(error) is full


def test_a_file_that_finds_no_room_is_answered_in_the_same_words(app: Flask) -> None:
    with app.test_request_context("/sign-in"):
        answer = app.make_response(app.handle_user_exception(OSError(28, "No space left on device")))

    assert answer.status_code == 503
    assert "disk of the server is full" in answer.get_data(as_text=True)
