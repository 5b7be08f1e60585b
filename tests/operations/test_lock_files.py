"""The files that are locked beside a database lead nobody elsewhere, and let in whoever may use the database."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from innovation import presence
from innovation.db import keep_private
from innovation.writers import Turn

SOMEBODY = 4321
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give a file away.")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of the user of the site, whose folder belongs to that user."""
    folder = tmp_path / "site"
    folder.mkdir()
    file = folder / "gatehouse.sqlite"
    file.write_bytes(b"x")
    if os.geteuid() == 0:
        os.chown(folder, SOMEBODY, SOMEBODY)
        os.chown(file, SOMEBODY, SOMEBODY)
    return file


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of root that nobody else may read."""
    victim = tmp_path / "shadow"
    victim.write_text("secret")
    victim.chmod(0o600)
    return victim


def use(file: Path) -> None:
    with presence.shared(str(file)):
        pass


def have_alone(file: Path) -> None:
    with presence.alone(str(file)):
        pass


def write(file: Path) -> None:
    turn = Turn(str(file))
    turn.take()
    turn.give_up()


WAYS = [(use, "-inuse"), (have_alone, "-inuse"), (write, "-writers")]


def beside(file: Path, tail: str) -> Path:
    return file.with_name(f"{file.name}{tail}")


@as_root
@pytest.mark.parametrize(("way", "tail"), WAYS)
@pytest.mark.parametrize("lead", [os.symlink, os.link])
def test_root_gives_nobody_a_file_that_a_lock_leads_to(
    file: Path, victim: Path, way: Callable[[Path], None], tail: str, lead: Callable[[Path, Path], None]
) -> None:
    lead(victim, beside(file, tail))

    with contextlib.suppress(OSError):
        way(file)

    found = victim.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (0, 0, 0o600)


@pytest.mark.parametrize(("way", "tail"), WAYS)
def test_a_lock_makes_nothing_elsewhere(file: Path, tmp_path: Path, way: Callable[[Path], None], tail: str) -> None:
    beside(file, tail).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic links"):
        way(file)

    assert not (tmp_path / "elsewhere").exists()


@as_root
@pytest.mark.parametrize(("way", "tail"), WAYS)
def test_a_lock_that_root_has_made_keeps_the_user_of_the_site_in(
    file: Path, way: Callable[[Path], None], tail: str
) -> None:
    way(file)

    found = beside(file, tail).stat()
    assert (found.st_uid, found.st_gid) == (SOMEBODY, SOMEBODY)


@pytest.mark.parametrize("tail", ["-writers", "-wal"])
def test_what_a_name_beside_a_database_leads_to_stays_as_open_as_it_was(file: Path, victim: Path, tail: str) -> None:
    victim.chmod(0o644)
    beside(file, tail).symlink_to(victim)

    keep_private(str(file))

    assert victim.stat().st_mode & 0o777 == 0o644
