"""The queue in PostgreSQL: a commit wakes the worker, and a worker that is killed loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from innovation import worker
from innovation.db import db, now
from innovation.events import Delivery, record
from innovation.ideas.events import ContributorAdded
from innovation.notifications.models import Message, Notice
from innovation.permission import SYSTEM
from tests import make

ROOT = Path(__file__).parents[2]
WORKER = "from innovation.cli.main import main; main()"
KILLED = """
import os, signal
from innovation import reactions
from innovation.app import create_app
app = create_app()
reactions._by_name()["tell_contributor"] = lambda event: os.kill(os.getpid(), signal.SIGKILL)
app.extensions["queue"].huey.create_consumer(workers=1, periodic=False, max_delay=1.0).run()
"""


@pytest.fixture
def queued(app: Flask) -> Flask:
    """The application with its queue in its database, for whichever process serves this folder."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.changed(queue_url=settings.database_url)
    with (Path(app.instance_path) / "config.toml").open("a") as file:
        file.write(f'queue_url = "{settings.database_url}"\n')
    return app


def owe() -> None:
    """An idea's team has a new member, who has a sign-in and is owed a notice and an e-mail."""
    idea = make.idea()
    who = make.contributor(idea)
    make.account(who)
    record(SYSTEM, ContributorAdded(idea.id, who.id))
    db.session.commit()


def run(app: Flask, code: str, *arguments: str) -> subprocess.Popen[bytes]:
    surroundings = os.environ | {"GATEHOUSE_INSTANCE": app.instance_path, "GATEHOUSE_SECRET_KEY": "for tests only"}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=surroundings, cwd=ROOT)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    assert process.wait(timeout=60) == 0


def count(model: type) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    db.session.rollback()
    return found


def soon(happened: Callable[[], bool], seconds: float = 90) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not happened():
        time.sleep(0.1)
    return happened()


def nudges() -> int:
    current_app.extensions["queue"].settle()
    found = db.session.scalar(sa.text("SELECT count(*) FROM huey_task")) or 0
    db.session.rollback()
    return int(found)


def letters(app: Flask) -> int:
    return len(list((Path(app.instance_path) / "mail").glob("*.eml")))


def test_a_commit_leaves_a_nudge_that_delivers_when_it_is_taken(queued: Flask) -> None:
    queue = queued.extensions["queue"].huey
    owe()
    left = nudges()

    queue.execute(queue.dequeue())

    assert (left, nudges(), count(Notice), letters(queued)) == (1, 0, 1, 1)


def test_a_rolled_back_change_leaves_none(queued: Flask) -> None:
    queued.extensions["queue"].huey.pending_count()
    idea = make.idea()
    record(SYSTEM, ContributorAdded(idea.id, make.contributor(idea).id))

    db.session.rollback()

    assert (nudges(), count(Delivery)) == (0, 0)


def test_a_worker_in_another_process_hears_the_nudge_and_stops_when_asked(queued: Flask) -> None:
    queued.extensions["queue"].huey.pending_count()
    process = run(queued, WORKER, "worker")

    owe()
    delivered = soon(lambda: letters(queued) == 1)
    stop(process)

    assert delivered
    assert (nudges(), count(Notice), count(Message)) == (0, 1, 1)


def test_a_worker_killed_with_a_nudge_in_its_hands_loses_nothing_and_tells_nobody_twice(queued: Flask) -> None:
    owe()
    killed = run(queued, KILLED).wait(timeout=120)
    lost, told = nudges(), count(Notice)
    db.session.execute(sa.update(Delivery).values(next_at=now()))  # its lease has run out
    db.session.commit()

    process = run(queued, WORKER, "worker")
    delivered = soon(lambda: letters(queued) == 1)
    time.sleep(2 * worker.PAUSE)
    stop(process)

    assert (killed, lost, told) == (-signal.SIGKILL, 0, 0)
    assert delivered
    assert (count(Notice), count(Message), letters(queued)) == (1, 1, 1)
