"""Redis may wake the workers; a commit needs nothing from it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from innovation.db import db
from innovation.events import Delivery
from innovation.ideas import commands
from innovation.nudges import Queue
from tests import make


def use(app: Flask, url: str) -> Queue:
    """Let the application nudge its workers there."""
    app.extensions["queue"].close()
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(queue_url=url)
    queue: Queue = app.extensions["queue"]
    return queue


def owe() -> None:
    """Do something that owes a reaction."""
    idea = make.idea()
    commands.add_contributor(make.actor(idea.owner), idea, name="Demo friend", email="friend@gatehouse.example")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("LEFT OUT: redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait()


def test_a_commit_tells_redis_what_it_owes(app: Flask, redis: str) -> None:
    queue = use(app, redis)

    owe()
    queue.settle()

    task = queue.huey.dequeue()
    assert task is not None
    assert task.args == (db.session.query(Delivery.id).scalar(),)


def test_a_redis_that_never_answers_delays_no_commit_and_loses_nothing(app: Flask) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        queue = use(app, f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        begun = time.monotonic()

        owe()

        took = time.monotonic() - begun
        queue.settle()
        assert took < 1 < time.monotonic() - begun
    assert db.session.query(Delivery).count() == 1
