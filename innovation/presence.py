"""Who has a SQLite file in use: whoever does shares a lock beside it, which a restore or an upgrade has alone.

The lock tells what the file itself cannot: that it was moved away under somebody, or is damaged.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from innovation.lockfiles import fcntl, open_beside

TAIL = "-inuse"
RESTORING = "a backup is being put back, or the tables are being changed, just now. Try again when that has ended"
WITHOUT = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOSPC, errno.EDQUOT)  # one goes on all the same
_kept: set[str] = set()  # files whose lock this process keeps itself; those that are forked from it keep it as well


@contextlib.contextmanager
def shared(path: str | None) -> Iterator[OSError | None]:
    """Keep the file in use, and make none where there is none; ``BlockingIOError`` while somebody has it alone.

    Where no lock can be had, one goes on without, and is given what hindered it: a restore does not see that one.
    """
    hindrance, file = None, None
    try:
        file = _lock(path, alone=False) if path else None
    except OSError as error:
        if error.errno not in WITHOUT:
            raise
        hindrance = error
    with _keep(path, file):
        yield hindrance


@contextlib.contextmanager
def alone(path: str) -> Iterator[None]:
    """Let nobody else begin to use the file; ``BlockingIOError`` where somebody does."""
    with _keep(path, _lock(path, alone=True)):
        yield


def is_kept(path: str) -> bool:
    """Whether this process keeps the file in use from its beginning to its end."""
    return path in _kept


def identity(path: str) -> tuple[int, int] | None:
    """Which file it is that has this name now; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Share:
    """The part that one connection has in the use of a file, until it is closed; as in ``shared``."""

    def __init__(self, path: str) -> None:
        self._file: int | None = None
        if path in _kept:
            return
        try:
            self._file = _lock(path, alone=False)
        except OSError as error:
            if error.errno not in WITHOUT:
                raise

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)  # the lock goes with it
            self._file = None

    __del__ = close


@contextlib.contextmanager
def _keep(path: str | None, file: int | None) -> Iterator[None]:
    if path:
        _kept.add(path)
    try:
        yield
    finally:
        if path:
            _kept.discard(path)
        if file is not None:
            os.close(file)


def _lock(path: str, *, alone: bool) -> int | None:
    """The lock, for as long as what is returned stays open; nothing where the system has no such locks."""
    if fcntl is None:
        return None
    file = open_beside(path, TAIL, os.O_RDWR if alone else os.O_RDONLY)  # who may only read shares it as well
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise BlockingIOError(errno.EAGAIN, RESTORING) from None
    except BaseException:
        os.close(file)
        raise
    return file
