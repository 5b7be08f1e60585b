"""Consequences: delivered at least once, harmless when repeated, kept when they fail."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import reactions, worker
from innovation.db import db, now
from innovation.events import Delivery, Event, record
from innovation.ideas.events import ContributorAdded
from innovation.ideas.models import Idea
from innovation.notifications.models import Message, Notice
from innovation.permission import SYSTEM
from tests import make

ROOT = Path(__file__).parents[2]


def owe() -> Delivery:
    """An idea's team has a new member, who has a sign-in and is owed a notice and an e-mail."""
    idea = make.idea()
    who = make.contributor(idea)
    make.account(who)
    record(SYSTEM, ContributorAdded(idea.id, who.id))
    db.session.commit()
    return db.session.scalars(sa.select(Delivery)).one()


def wait_over(delivery: Delivery) -> None:
    """The lease, or the pause after a failure, has run out."""
    db.session.execute(sa.update(Delivery).values(next_at=now() - dt.timedelta(seconds=1)))
    db.session.commit()


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_what_is_owed_is_delivered_once(app: Flask) -> None:
    owe()

    delivered = [worker.deliver_owed(), worker.deliver_owed()]

    assert delivered == [1, 0]
    assert (count(Notice), count(Message)) == (1, 1)


def test_a_reaction_that_runs_again_adds_nothing(app: Flask) -> None:
    delivery = owe()
    worker.deliver(delivery.id)
    db.session.execute(sa.update(Delivery).values(done_at=None))
    wait_over(delivery)

    assert worker.deliver(delivery.id) is True
    assert (count(Notice), count(Message)) == (1, 1)


def test_a_reaction_that_fails_stays_owed_with_its_error_and_is_tried_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = owe()

    def fail(event: Event) -> None:
        db.session.add(Notice(person_id=1, why="half done", subject="half done"))
        raise ValueError("the printer is on fire")

    monkeypatch.setitem(reactions._by_name(), "tell_contributor", fail)
    delivered = worker.deliver(delivery.id)

    db.session.expire_all()
    assert delivered is False
    assert (delivery.done_at, delivery.error, delivery.attempts) == (None, "ValueError: the printer is on fire", 1)
    assert delivery.next_at > now() + dt.timedelta(seconds=20)
    assert count(Notice) == 0


def test_a_failed_reaction_is_delivered_when_its_fault_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = owe()
    with monkeypatch.context() as patch:
        patch.setitem(reactions._by_name(), "tell_contributor", lambda event: 1 / 0)
        worker.deliver(delivery.id)
    wait_over(delivery)

    delivered = worker.deliver_owed()

    db.session.expire_all()
    assert (delivered, delivery.error, count(Notice)) == (1, None, 1)


def test_a_taken_delivery_is_left_alone_until_its_lease_runs_out(app: Flask) -> None:
    delivery = owe()
    db.session.execute(sa.update(Delivery).values(next_at=now() + dt.timedelta(seconds=50), attempts=1))
    db.session.commit()

    assert worker.deliver(delivery.id) is False
    assert worker.deliver_owed() == 0


def test_a_change_that_was_undone_owes_nothing_and_nudges_nobody(app: Flask) -> None:
    idea = make.idea()
    db.session.commit()
    record(SYSTEM, ContributorAdded(idea.id, idea.owner_id))

    db.session.rollback()
    db.session.commit()

    app.extensions["queue"].settle()
    assert (count(Delivery), app.extensions["queue"].huey.pending_count()) == (0, 0)


def test_a_commit_nudges_with_nothing_but_the_id(app: Flask) -> None:
    delivery = owe()
    app.extensions["queue"].settle()

    [task] = app.extensions["queue"].huey.pending()

    assert (task.name, task.args, task.kwargs) == ("deliver", (delivery.id,), {})


def test_a_queue_out_of_order_stops_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(ids: list[int]) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr(app.extensions["queue"], "nudge", broken)

    owe()
    app.extensions["queue"].settle()

    assert worker.deliver_owed() == 1


KILLED = """
import os, signal, sys
from innovation import reactions, worker
from innovation.app import create_app
app = create_app()
reactions._by_name()["tell_contributor"] = lambda event: os.kill(os.getpid(), signal.SIGKILL)
with app.app_context():
    worker.deliver(int(sys.argv[1]))
"""


def environment(app: Flask) -> dict[str, str]:
    return os.environ | {"GATEHOUSE_INSTANCE": app.instance_path, "GATEHOUSE_SECRET_KEY": "for tests only"}


def test_a_worker_killed_between_taking_and_finishing_loses_nothing_and_tells_nobody_twice(app: Flask) -> None:
    delivery = owe()
    delivery_id = delivery.id
    db.session.rollback()  # a process that only waits must not hold the database
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(delivery_id)], env=environment(app), cwd=ROOT, check=False
    )
    taken = worker.deliver_owed()
    wait_over(delivery)

    delivered = worker.deliver_owed()

    db.session.expire_all()
    assert (killed.returncode, taken, delivered) == (-signal.SIGKILL, 0, 1)
    assert (delivery.attempts, count(Notice), count(Message)) == (2, 1, 1)


def test_the_worker_delivers_mails_seals_and_stops_when_asked(app: Flask) -> None:
    owe()
    db.session.rollback()
    run = [sys.executable, "-c", "from innovation.cli.main import main; main()", "worker"]
    process = subprocess.Popen(run, env=environment(app), cwd=ROOT)
    mail = Path(app.instance_path) / "mail"
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not (list(mail.glob("*.eml")) and _sealed()):
        time.sleep(0.2)

    process.terminate()
    code = process.wait(timeout=60)

    assert (code, len(list(mail.glob("*.eml"))), _sealed()) == (0, 1, True)
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.sent_at.is_not(None))) == 1


def _sealed() -> bool:
    found = bool(db.session.scalar(sa.text("SELECT count(*) FROM event_seal")))
    db.session.rollback()
    return found


def test_the_idea_of_the_notice_is_named(app: Flask) -> None:
    owe()
    worker.deliver_owed()

    notice = db.session.scalars(sa.select(Notice)).one()

    idea = db.session.scalars(sa.select(Idea)).one()
    assert (notice.subject, notice.link, notice.idea_id) == (
        f"You contribute to “{idea.title}”",
        f"/ideas/{idea.reference}",
        idea.id,
    )
