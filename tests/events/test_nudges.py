"""Whoever commits tells the workers in passing: nothing that keeps the queue from hearing of it is theirs to bear."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask

from innovation import nudges
from innovation.db import db
from innovation.events import record
from innovation.ideas.events import ContributorAdded
from innovation.ideas.models import Idea
from innovation.nudges import Queue
from innovation.permission import SYSTEM
from tests import make


@pytest.fixture
def queue(app: Flask) -> Queue:
    found: Queue = app.extensions["queue"]
    return found


def owe(idea: Idea) -> None:
    record(SYSTEM, ContributorAdded(idea.id, make.contributor(idea).id))
    db.session.commit()


def test_a_queue_that_takes_long_to_open_delays_no_commit(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, may_open = threading.Event(), threading.Event()
    really = nudges.open_huey

    def slowly(settings: Any) -> Any:
        opening.set()
        may_open.wait(5)
        return really(settings)

    monkeypatch.setattr(nudges, "open_huey", slowly)
    idea = make.idea()
    owe(idea)
    opening.wait(5)
    begun = time.monotonic()

    owe(idea)

    took = time.monotonic() - begun
    may_open.set()
    queue.settle()
    assert took < 2
    assert queue.huey.pending_count() > 0


def test_no_room_for_another_thread_stops_nobody(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = make.idea()

    def full(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", full)
        owe(idea)
        queue.settle()
    assert queue.huey.pending_count() == 0

    owe(idea)
    queue.settle()
    assert queue.huey.pending_count() == 1


def test_a_queue_that_was_closed_is_not_opened_by_what_was_told_before(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling, may_go_on, told = threading.Event(), threading.Event(), []

    def slowly(ids: list[int]) -> None:
        told.append(ids)
        telling.set()
        may_go_on.wait(5)

    monkeypatch.setattr(queue, "nudge", slowly)
    untold = queue._untold
    queue.tell([1])
    telling.wait(5)
    queue.tell([2])

    queue.close()
    may_go_on.set()
    untold.join()

    assert told == [[1]]
