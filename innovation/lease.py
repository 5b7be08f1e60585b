"""Rows that are owed: taken by one worker at a time, given back after a failure, tried again later."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from innovation.command import transaction
from innovation.db import begin_reading, db, now

LEASE = dt.timedelta(seconds=60)
FIRST_PAUSE = dt.timedelta(seconds=15)
LONGEST_PAUSE = dt.timedelta(hours=6)
LONGEST_HELD = 900.0  # seconds without a word from whoever does it: what hangs is not held for ever


def owed(model: Any, still_owed: sa.ColumnElement[bool], limit: int) -> list[int]:
    """The ids that are due now, the longest waiting first; takes no write lock. Ask outside of any transaction."""
    db.session.rollback()
    begin_reading()
    query = sa.select(model.id).where(still_owed, model.next_at <= now()).order_by(model.next_at, model.id)
    ids = list(db.session.scalars(query.limit(limit)))
    db.session.rollback()
    return ids


def take(model: Any, row_id: int, still_owed: sa.ColumnElement[bool], **values: Any) -> int | None:
    """Take a row for a minute: the number of this attempt, or None when it is done, or taken, or not yet due."""
    with transaction():
        attempt: int | None = db.session.scalar(
            sa.update(model)
            .where(model.id == row_id, still_owed, model.next_at <= now())
            .values(attempts=model.attempts + 1, next_at=now() + LEASE, **values)
            .returning(model.attempts)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()  # what was read for an earlier row may have changed since
    return attempt


@contextmanager
def held(model: Any, row_id: int, attempt: int, still_owed: sa.ColumnElement[bool]) -> Iterator[None]:
    """Hold a row that was taken for as long as this lasts, however long that is; use it outside of a transaction.

    A thread says now and then that somebody is at it. It ends with its process, so the row is free a minute later.
    """
    ended, mine = threading.Event(), sa.and_(model.id == row_id, model.attempts == attempt, still_owed)
    beside = threading.Thread(target=_hold, args=(db.engine, sa.update(model).where(mine), ended), daemon=True)
    beside.start()
    try:
        yield
    finally:
        ended.set()
        beside.join()  # what it says later could hold what has been handed on by then


def _hold(engine: sa.Engine, mine: sa.Update, ended: threading.Event) -> None:
    until = time.monotonic() + LONGEST_HELD
    while not ended.wait(LEASE.total_seconds() / 3) and time.monotonic() < until:
        with suppress(SQLAlchemyError), engine.begin() as connection:
            connection.execute(mine.values(next_at=now() + LEASE))


def finish(model: Any, row_id: int, attempt: int, still_owed: sa.ColumnElement[bool], **values: Any) -> bool:
    """Mark a row done in the current transaction; False when somebody else took it in the meantime."""
    done = db.session.scalar(
        sa.update(model)
        .where(model.id == row_id, model.attempts == attempt, still_owed)
        .values(error=None, **values)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return done is not None


def give_back(
    model: Any, row_id: int, attempt: int, error: str, *, longest: Any = LONGEST_PAUSE, **values: Any
) -> None:
    """Keep the error, and let the row be tried again after a pause that doubles."""
    pause = min(longest, FIRST_PAUSE * 2 ** min(attempt, 16))
    with transaction():
        db.session.execute(
            sa.update(model)
            .where(model.id == row_id, model.attempts == attempt)
            .values(error=error[:2000], next_at=now() + pause, **values)
            .execution_options(synchronize_session=False)
        )
