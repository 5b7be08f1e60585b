"""Writers of a SQLite file stand in a queue: those of a process behind a lock, processes behind a lock on a file.

SQLite lets one transaction write at a time and makes the others try again after pauses that grow, so that some of
them starve. In a queue each goes as soon as the one before it has ended.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from innovation.lockfiles import fcntl, open_beside

PATIENCE = 10.0  # seconds, as long as SQLite itself waits
TAIL = "-writers"
TOO_LONG = "database is locked"  # SQLite's own words
LOCKS = Path("/proc/locks")  # where Linux lists them
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class Turn:
    """One connection's place in the queue for a file; taken before a write begins, given up when it has ended."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = _turns[path]
        self._file: int | None = None
        self._held = False

    def take(self) -> None:
        """Wait for one's turn; ``OperationalError`` after ``PATIENCE`` seconds, in SQLite's own words."""
        if self._held:
            return
        until = time.monotonic() + PATIENCE
        if not self._lock.acquire(timeout=PATIENCE):
            raise _too_long()
        self._held = True
        try:
            self._take_file(until)
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        if not self._held:
            return
        if self._file is not None:
            os.close(self._file)  # the lock goes with it
            self._file = None
        self._held = False
        self._lock.release()

    def _take_file(self, until: float) -> None:
        if fcntl is None:
            return
        standing = _standing.get(self._path)
        if standing is None or not standing.call():
            self._file = open_beside(self._path, TAIL)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                standing = _standing[self._path] = Standing(self._file)
                self._file = None  # it belongs to that one
        self._file = standing.wait(until - time.monotonic())
        del _standing[self._path]


class Standing:
    """This process in the queue of processes: a thread, since nothing else can end a wait for such a lock.

    Where nobody here waits any longer, it lets the lock go when it comes; whoever wants to write before that takes its
    place over. So there is one for each file at most.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._state = threading.Condition()
        self._wanted, self._here, self._gone = True, False, False
        threading.Thread(target=self._stand, name="writers", daemon=True).start()

    def call(self) -> bool:
        """Let it keep the lock for somebody; False where it has let it go already."""
        with self._state:
            self._wanted = not self._gone
            return self._wanted

    def wait(self, seconds: float) -> int:
        """The file with its lock; ``OperationalError`` after so many seconds."""
        with self._state:
            self._state.wait_for(lambda: self._here or self._gone, max(0.0, seconds))
            if not self._here:
                self._wanted = False
                raise _too_long()
            return self._file

    def _stand(self) -> None:
        came = False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            came = True
        finally:
            with self._state:
                self._here = came and self._wanted
                self._gone = not self._here
                if self._gone:
                    os.close(self._file)
                self._state.notify()


_standing: dict[str, Standing] = {}  # by path; whoever has the lock of the process alone looks there


def _too_long() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, TimeoutError(TOO_LONG))


def holder(path: str) -> int | None:
    """The process that has its turn to write to this file; None where none has, or the system does not tell."""
    try:
        place, locks = os.stat(f"{path}{TAIL}"), LOCKS.read_text()
    except OSError:
        return None
    file = f"{os.major(place.st_dev):02x}:{os.minor(place.st_dev):02x}:{place.st_ino}"
    lines = (line.split() for line in locks.splitlines())
    return next((int(line[4]) for line in lines if line[1] == "FLOCK" and line[5] == file), None)


def queued(driver: Any) -> type[Any]:
    """The connection class of a SQLite driver, whose turn ends with its transaction."""

    class Connection(driver.Connection):
        turn: Turn | None = None
        share: Any = None  # in the use of the file, as in ``presence``

        def commit(self) -> None:
            super().commit()  # one that fails has not ended: the rollback that follows gives up the turn
            self._end_turn()

        def rollback(self) -> None:
            try:
                super().rollback()
            finally:
                self._end_turn()

        def close(self) -> None:
            try:
                super().close()
            finally:
                self._end_turn()
                if self.share is not None:
                    self.share.close()

        def _end_turn(self) -> None:
            if self.turn is not None:
                self.turn.give_up()

    return Connection
