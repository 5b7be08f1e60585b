"""The files that are locked beside a database lead nobody elsewhere, and let in whoever may use the database."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from innovation import presence
from innovation.db import keep_private
from innovation.writers import Turn

SOMEBODY, ROOT = 4321, Path(__file__).parents[2]
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


@as_root
@pytest.mark.parametrize(("way", "tail"), WAYS)
def test_a_lock_that_root_has_made_before_there_is_a_database_keeps_the_user_of_the_site_in(
    file: Path, way: Callable[[Path], None], tail: str
) -> None:
    file.unlink()

    way(file)

    found = beside(file, tail).stat()
    assert (found.st_uid, found.st_gid) == (SOMEBODY, SOMEBODY)


@pytest.mark.parametrize("tail", ["-writers", "-wal"])
def test_what_a_name_beside_a_database_leads_to_stays_as_open_as_it_was(file: Path, victim: Path, tail: str) -> None:
    victim.chmod(0o644)
    beside(file, tail).symlink_to(victim)

    keep_private(str(file))

    assert victim.stat().st_mode & 0o777 == 0o644


# A database that is shared with a group


@pytest.fixture
def careful() -> Iterator[None]:
    """Files are made for their owner alone, as with the service of the site."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careful")
@pytest.mark.parametrize(("way", "tail"), WAYS)
@pytest.mark.parametrize(("mode", "made"), [(0o660, 0o660), (0o640, 0o640), (0o600, 0o600), (0o664, 0o660)])
def test_a_lock_is_for_whom_the_database_is_for(
    file: Path, way: Callable[[Path], None], tail: str, mode: int, made: int
) -> None:
    file.chmod(mode)

    way(file)

    assert beside(file, tail).stat().st_mode & 0o777 == made


def test_a_lock_beside_a_new_database_is_for_its_owner(file: Path) -> None:
    file.write_bytes(b"")
    file.chmod(0o660)

    use(file)

    assert beside(file, "-inuse").stat().st_mode & 0o777 == 0o600


AS_SOMEBODY = """
import os, sys
from innovation import presence
os.setgroups([])
os.setgid(4321), os.setuid(int(sys.argv[2]))
with presence.shared(sys.argv[1]) as hindrance:
    print(hindrance)
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that a group shares; those of the tests themselves are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shared = folder / "site"
        shared.mkdir()
        file = shared / "gatehouse.sqlite"
        file.write_bytes(b"x")
        for path in (shared, file):
            os.chown(path, SOMEBODY, SOMEBODY)
        yield file


def use_as(user: int, file: Path) -> str:
    said = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY, str(file), str(user)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return said.stdout.strip()


@as_root
@pytest.mark.parametrize(("folder_mode", "mode"), [(0o2770, 0o660), (0o2750, 0o640)])
def test_another_user_of_the_group_shares_the_lock(shared_folder: Path, folder_mode: int, mode: int) -> None:
    shared_folder.parent.chmod(folder_mode)
    shared_folder.chmod(mode)

    owner, other = use_as(SOMEBODY, shared_folder), use_as(SOMEBODY + 1, shared_folder)

    assert (owner, other) == ("None", "None")


@as_root
def test_a_lock_opens_to_the_group_once_the_database_did(shared_folder: Path) -> None:
    shared_folder.parent.chmod(0o2770)
    shared_folder.chmod(0o600)
    before = use_as(SOMEBODY, shared_folder), use_as(SOMEBODY + 1, shared_folder)
    shared_folder.chmod(0o660)

    after = use_as(SOMEBODY, shared_folder), use_as(SOMEBODY + 1, shared_folder)

    assert ("Permission denied" in before[1], after) == (True, ("None", "None"))


@as_root
def test_what_has_another_name_is_not_opened_to_the_group(shared_folder: Path) -> None:
    mine = shared_folder.parent.parent / "diary"
    mine.touch(mode=0o600)
    os.chown(mine, SOMEBODY, SOMEBODY)
    os.link(mine, beside(shared_folder, "-inuse"))
    shared_folder.chmod(0o660)

    use_as(SOMEBODY, shared_folder)

    assert mine.stat().st_mode & 0o777 == 0o600
