"""Writers of a SQLite file stand in a queue: those of a process behind a lock, processes behind a lock on a file.

SQLite lets one transaction write at a time and makes the others try again after pauses that grow, so that some of
them starve. In a queue each goes as soon as the one before it has ended.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections import defaultdict
from typing import Any

from sqlalchemy.exc import OperationalError

fcntl: Any = None  # Windows has none: there the lock of the process alone, and SQLite's own between processes
if importlib.util.find_spec("fcntl"):
    fcntl = importlib.import_module("fcntl")

PATIENCE = 10.0  # seconds, as long as SQLite itself waits
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
        if not self._lock.acquire(timeout=PATIENCE):
            raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("database is locked"))
        self._held = True
        try:
            self._take_file()
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

    def _take_file(self) -> None:
        if fcntl is None:
            return
        self._file = os.open(f"{self._path}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)


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
