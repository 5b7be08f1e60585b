"""The worker: owed reactions and messages done once, what falls due by the clock, and the nudges between processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import joinedload

from innovation import chain, clock, lease, reactions
from innovation.command import transaction
from innovation.config import IN_POSTGRES, IN_REDIS, Settings
from innovation.db import IMPATIENT, db, now, sqlite_driver
from innovation.events import Delivery
from innovation.jobs import running as jobs
from innovation.notifications import mailer

if TYPE_CHECKING:
    from huey import Huey

logger = structlog.get_logger()
PAUSE = 1.0  # seconds between two rounds of the worker
AT_ONCE = 20  # deliveries that one nudge names; another worker may have the next ones


# Reactions


def deliver(delivery_id: int) -> bool:
    """Run the reaction and mark it done in one transaction; a failure keeps it owed, with its error."""
    owed = Delivery.done_at.is_(None)
    attempt = lease.take(Delivery, delivery_id, owed)
    if attempt is None:
        return False
    try:
        with transaction():
            if not lease.finish(Delivery, delivery_id, attempt, owed, done_at=now()):
                return False
            delivery = db.session.get_one(Delivery, delivery_id, options=[joinedload(Delivery.event)])
            reactions.named(delivery.reaction)(delivery.event)
    except Exception as error:
        lease.give_back(Delivery, delivery_id, attempt, f"{type(error).__name__}: {error}")
        logger.exception("reaction_failed", delivery=delivery_id, attempt=attempt)
        return False
    return True


def deliver_owed(limit: int = 100) -> int:
    """Deliver what is due; how many reactions were run."""
    return sum(deliver(found) for found in lease.owed(Delivery, Delivery.done_at.is_(None), limit))


# Nudges: only ids travel, the rows are the truth; a lost nudge costs a second, nothing else


class Queue:
    """The queue that tells workers at once what a commit owes; opened when first needed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._huey: Huey | None = None
        self._lock = threading.Lock()

    @property
    def huey(self) -> Huey:
        with self._lock:
            if self._huey is None:
                self._huey = open_huey(self.app.config["SETTINGS"])
                self._deliver = self._huey.task(name="deliver")(self.handle)
            return self._huey

    def close(self) -> None:
        """Let go of the queue; it is opened again when needed (after a fork, say)."""
        with self._lock:
            if self._huey is not None:
                self._huey.storage.close()
                self._huey = None

    def handle(self, *delivery_ids: int) -> None:
        with self.app.app_context():
            for delivery_id in delivery_ids:
                deliver(delivery_id)
            mailer.send_owed()

    def nudge(self, ids: list[int]) -> None:
        queue = self.huey
        for first in range(0, len(ids), AT_ONCE):
            queue.enqueue(self._deliver.s(*map(int, ids[first : first + AT_ONCE])))


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
    """Connections that give up soon, once: a commit waits for its nudge, and does not need it."""
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


@event.listens_for(db.session, "after_commit")
def _after_commit(session: Any) -> None:
    """Nudge the workers; they find what is owed without it, too, so a queue out of order stops nobody."""
    if session.in_nested_transaction():
        return
    ids = session.info.pop("owed_deliveries", [])
    queue = current_app.extensions.get("queue") if ids else None
    if queue is None:
        return
    try:
        queue.nudge(ids)
    except Exception as error:
        logger.warning("nudge_failed", error=f"{type(error).__name__}: {error}")


@event.listens_for(db.session, "after_rollback")
def _after_rollback(session: Any) -> None:
    session.info.pop("owed_deliveries", None)


def install(app: Flask) -> None:
    """Let commits nudge the workers."""
    app.extensions["queue"] = Queue(app)


# The process


def work_once(app: Flask) -> None:
    """One round: everything owed, everything due, and the seal on what happened."""
    steps: list[Callable[[], Any]] = [deliver_owed, mailer.send_owed, chain.seal, clock.run_due]
    for step in steps:
        _take_step(app, step)


def work_on_jobs(app: Flask, stop: threading.Event) -> None:
    """Do the long jobs, beside everything else: an import of many minutes keeps nobody's mail waiting."""

    def run_jobs() -> None:
        while jobs.run_owed(stop.is_set):
            db.session.rollback()

    while not stop.wait(PAUSE):
        _take_step(app, run_jobs)


def work_long(app: Flask, stop: threading.Event) -> None:
    """What falls due and may take minutes, such as learning from awards: no mail, reaction or job waits for it."""

    def run_long() -> None:
        clock.run_long(stop.is_set)

    while not stop.wait(PAUSE):
        _take_step(app, run_long)


def _take_step(app: Flask, step: Callable[[], Any]) -> None:
    """A fault ends this step and never its thread; what was begun is undone as its context ends, also with nobody there
    to hear of it.
    """
    try:
        with app.app_context():
            step()
    except Exception:
        logger.exception("worker_step_failed", step=step.__name__)


def run(app: Flask, *, threads: int = 2, parent: int | None = None) -> None:
    """Work until asked to stop (INT or TERM), and finish what is in hand; also ends with the process ``parent``."""
    stop = threading.Event()
    consumer = app.extensions["queue"].huey.create_consumer(
        workers=threads, periodic=False, max_delay=1.0, check_worker_health=True, shutdown_timeout=15
    )
    consumer.start()
    beside = [
        threading.Thread(target=work, args=(app, stop), name=work.__name__, daemon=True)
        for work in (work_on_jobs, work_long)
    ]
    for thread in beside:
        thread.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    rounds = 0
    while not stop.wait(PAUSE if rounds else 0):
        work_once(app)
        rounds += 1
        if rounds % 10 == 0:
            consumer.check_worker_health()
        if parent is not None and os.getppid() != parent:
            stop.set()
    for thread in beside:
        thread.join(timeout=15)
    consumer.stop(graceful=True)
