"""The worker: owed reactions and messages done once, what falls due by the clock, and the nudges between processes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import joinedload

from innovation import chain, clock, lease, reactions
from innovation.command import transaction
from innovation.db import db, now
from innovation.events import Delivery
from innovation.jobs import running as jobs
from innovation.notifications import mailer
from innovation.nudges import Queue

logger = structlog.get_logger()
PAUSE = 1.0  # seconds between two rounds of the worker


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


# Nudges


@event.listens_for(db.session, "after_commit")
def _after_commit(session: Any) -> None:
    """Nudge the workers; they find what is owed without it, too, so a queue out of order stops nobody."""
    if session.in_nested_transaction():
        return
    ids = session.info.pop("owed_deliveries", [])
    queue = current_app.extensions.get("queue") if ids else None
    if queue is not None:
        queue.tell(ids)


@event.listens_for(db.session, "after_rollback")
def _after_rollback(session: Any) -> None:
    session.info.pop("owed_deliveries", None)


def install(app: Flask) -> None:
    """Let commits nudge the workers."""

    def handle(*delivery_ids: int) -> None:
        with app.app_context():
            for delivery_id in delivery_ids:
                deliver(delivery_id)
            mailer.send_owed()

    app.extensions["queue"] = Queue(app, handle)


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
