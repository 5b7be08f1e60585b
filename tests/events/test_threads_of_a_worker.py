"""What a worker does beside its rounds goes on after any fault, also where the database went away in the middle."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import clock, worker
from innovation.db import db

Loop = Callable[[Flask, threading.Event], None]


@pytest.mark.parametrize("loop", [worker.work_on_jobs, worker.work_long])
def test_a_thread_outlives_a_connection_that_breaks_under_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, loop: Loop
) -> None:
    stop, times = threading.Event(), []

    def work(_stopping: Callable[[], bool]) -> int:
        times.append(1)
        if len(times) == 1:
            db.session.execute(sa.text("SELECT 1"))
            db.session.connection().connection.dbapi_connection.close()  # it cannot even be rolled back
            raise ValueError("a fault of ours")
        stop.set()
        return 0

    monkeypatch.setattr(worker.jobs, "run_owed", work)
    monkeypatch.setattr(clock, "LONG", (clock.Work(work, dt.timedelta()),))
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    thread = threading.Thread(target=loop, args=(app, stop), daemon=True)
    thread.start()

    thread.join(timeout=20)
    stop.set()

    assert (len(times), thread.is_alive()) == (2, False)
