"""Somebody else, who wants to write while something long is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from innovation import writers
from innovation.command import transaction
from innovation.db import db
from innovation.events import Delivery


def others_can_write(app: Flask) -> bool:
    """Whether another thread gets its turn at once; on a server everybody does."""
    written: list[int] = []

    def write() -> None:
        with suppress(OperationalError), app.app_context(), transaction():
            db.session.execute(sa.update(Delivery).where(Delivery.id == 0).values(error=None))
            written.append(1)

    waits, writers.PATIENCE = writers.PATIENCE, 0.05
    another = threading.Thread(target=write)
    another.start()
    another.join()
    writers.PATIENCE = waits
    return bool(written)


def watched(app: Flask, act: Callable[..., object], found: list[bool]) -> Callable[..., object]:
    """The same, which first notes whether others can write while it is done."""

    def run(*args: object, **more: object) -> object:
        found.append(others_can_write(app))
        return act(*args, **more)

    return run
