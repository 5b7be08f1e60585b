"""Who uses a database on a server: each connection shares a lock there, which a restore or an upgrade has alone.

The lock belongs to the connection, so the server lets it go when that ends, however it ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from innovation.presence import RESTORING

LOCK = "26465, 25956"  # two numbers: those of other locks here are one
SHARE = f"SELECT pg_try_advisory_lock_shared({LOCK})"
TAKE = sa.text(f"SELECT pg_try_advisory_lock({LOCK})")
GIVE_BACK = sa.text(f"SELECT pg_advisory_unlock({LOCK})")
# Those of an older release share no lock.
OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE 'gatehouse%' AND pid <> pg_backend_pid()"
)
# A server may be told to close what is idle; this one says that somebody is there. 13 and older know no such limit.
STAY = sa.text("SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'")
WAITING = sa.text("SET application_name = 'alone with gatehouse'")  # is no other to whoever waits for the same
LINGERING = 1.0  # seconds in which the server sees that connections were closed
_alone: list[int] = []  # restores and upgrades in this process, whose own connections take no part


def take_part(connection: Any, dialect: Any) -> None:
    """Let a new connection share the lock until it ends; the driver's ``OperationalError`` during a restore."""
    if _alone:
        return
    usual, connection.autocommit = connection.autocommit, True
    try:
        (shared,) = connection.execute(SHARE).fetchone()
        if not shared:
            raise dialect.loaded_dbapi.OperationalError(RESTORING)
        connection.autocommit = usual
    except BaseException:
        connection.close()
        raise


@contextmanager
def shared(engine: sa.Engine) -> Iterator[None]:
    """Keep the database in use, though nobody asks it anything; those that are forked meanwhile leave it at that."""
    connection, process = _connect(engine), os.getpid()
    try:
        yield
    finally:
        if process == os.getpid():
            connection.close()


@contextmanager
def alone(engine: sa.Engine) -> Iterator[None]:
    """Let nobody else begin to use the database; ``BlockingIOError`` where somebody does."""
    _alone.append(os.getpid())
    try:
        connection = _connect(engine)
        try:
            connection.execute(WAITING)
            _take(connection)
            yield
            connection.execute(GIVE_BACK)  # a pooler may keep the connection
        finally:
            connection.invalidate()  # closed, the lock goes with it
            connection.close()
            engine.dispose()  # the others took no part
    finally:
        _alone.pop()


def _connect(engine: sa.Engine) -> sa.Connection:
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(STAY)
    return connection


def _take(connection: sa.Connection) -> None:
    until = time.monotonic() + LINGERING
    while not connection.scalar(TAKE) or connection.scalar(OTHERS):
        if time.monotonic() > until:
            raise BlockingIOError
        time.sleep(0.05)
