"""Nudges: only ids travel to the workers, the rows are the truth; a lost nudge costs a second, nothing else."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask

from innovation.config import IN_POSTGRES, IN_REDIS, Settings
from innovation.db import IMPATIENT, sqlite_driver

if TYPE_CHECKING:
    from huey import Huey

logger = structlog.get_logger()
AT_ONCE = 20  # deliveries that one nudge names; another worker may have the next ones
IDLE = 5.0  # seconds after which the thread ends that has nothing to tell


class Queue:
    """The queue that tells workers at once what a commit owes; opened when first needed."""

    def __init__(self, app: Flask, deliver: Callable[..., None]) -> None:
        self.app = app
        self._handle = deliver
        self._lock = threading.Lock()
        self._opening = threading.Lock()  # may take seconds, for which nobody waits who tells something
        self._huey: Huey | None = None
        self._begin()

    def _begin(self) -> None:
        self._untold: queue.Queue[list[int]] = queue.Queue()
        self._teller: threading.Thread | None = None

    @property
    def huey(self) -> Huey:
        with self._opening:
            if self._huey is None:
                self._huey = open_huey(self.app.config["SETTINGS"])
                self._deliver = self._huey.task(name="deliver")(self._handle)
            return self._huey

    def close(self) -> None:
        """Let go of the queue; it is opened again when needed (after a fork, say)."""
        with self._lock:
            self._begin()
        with self._opening:
            if self._huey is not None:
                self._huey.storage.close()
                self._huey = None

    def tell(self, ids: list[int]) -> None:
        """Nudge the workers soon: nobody waits for a queue that is slow or away."""
        with self._lock:
            self._untold.put(ids)
            if self._teller is not None and self._teller.is_alive():
                return
            self._teller = threading.Thread(target=self._tell_all, args=(self._untold,), name="nudges", daemon=True)
            try:
                self._teller.start()
            except RuntimeError as error:  # the process may have no more threads, or is about to end
                logger.warning("nudge_failed", error=f"{type(error).__name__}: {error}")
                self._begin()

    def settle(self) -> None:
        """Wait until the workers are nudged."""
        self._untold.join()

    def _tell_all(self, untold: queue.Queue[list[int]]) -> None:
        while True:
            try:
                ids = untold.get(timeout=IDLE)
            except queue.Empty:
                with self._lock:
                    if untold.empty():
                        if self._untold is untold:
                            self._teller = None
                        return
                continue
            parts = [ids]
            while not untold.empty():
                parts.append(untold.get())
            try:
                if self._untold is untold:  # else it was closed, and is not opened again for this
                    self.nudge([each for part in parts for each in part])
            except Exception as error:
                logger.warning("nudge_failed", error=f"{type(error).__name__}: {error}")
            finally:
                for _part in parts:
                    untold.task_done()

    def nudge(self, ids: list[int]) -> None:
        huey = self.huey
        for first in range(0, len(ids), AT_ONCE):
            huey.enqueue(self._deliver.s(*map(int, ids[first : first + AT_ONCE])))


def open_huey(settings: Settings) -> Huey:
    """The queue in its own SQLite file, or in PostgreSQL or Redis where several machines share the work.

    What is in it is signed: it holds pickles, and whoever can write there should not be able to run code here.
    """
    url = settings.queue_url
    postgres, redis = (url.startswith(known) for known in (IN_POSTGRES, IN_REDIS))
    with _without(*(() if postgres else ("psycopg",)), *(() if redis else ("redis",))):
        import huey.storage  # late: a process that only reads needs none of it
        from huey import PostgresHuey, RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

    usual: dict[str, Any] = {
        "results": False,
        "serializer": SignedSerializer(settings.secret_key.get_secret_value(), salt="gatehouse-queue"),
    }
    if postgres:
        return PostgresHuey("gatehouse", dsn=url, **usual, **IMPATIENT)
    if redis:
        return RedisHuey("gatehouse", connection_pool=_redis(url), **usual)
    _private(settings.queue_file)
    driver = sqlite_driver()
    if driver is not None:
        # One build of SQLite in the process, and the one without the WAL-reset bug.
        huey.storage.sqlite3 = driver
        huey.storage.SqliteStorage.integrity_error = driver.IntegrityError
        huey.storage.SqliteStorage.operational_error = driver.OperationalError
    journal = "wal" if driver else "truncate"
    return SqliteHuey("gatehouse", filename=str(settings.queue_file), fsync=False, journal_mode=journal, **usual)


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Import as if these were not installed: huey loads every client that it finds, which takes twelve megabytes."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None there means that there is no such module
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _redis(url: str) -> Any:
    """Connections that give up soon, once: what is told meanwhile waits for it, and is not needed."""
    from redis import ConnectionPool
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return ConnectionPool.from_url(
        url, socket_connect_timeout=2, socket_timeout=2, health_check_interval=30, retry=Retry(NoBackoff(), 0)
    )


def _private(path: Path) -> None:
    """Make the file readable by its owner only before anything is in it (the queue holds pickles)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
