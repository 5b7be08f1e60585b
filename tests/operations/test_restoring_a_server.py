"""A restore has a database on a server alone from its beginning to its end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from innovation import server_presence
from innovation.cli import copying, swapping
from innovation.cli.main import gatehouse
from innovation.db import db
from innovation.presence import RESTORING
from tests.cli.test_serve import free_port
from tests.operations.conftest import Run
from workflows import Refused

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from innovation.cli.main import main; main()"]
pytestmark = pytest.mark.skipif(
    not {"GATEHOUSE_TEST_DATABASE", "GATEHOUSE_TEST_DATABASE_URL"} & set(os.environ), reason="A file has its own lock."
)
WRITE = """
import sys
import sqlalchemy as sa
from innovation.db import engine_options, prepare_engine
engine = sa.create_engine(sys.argv[1], **engine_options(sys.argv[1]))
prepare_engine(engine)
try:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = 'Written meanwhile'")
    print("written")
except sa.exc.OperationalError as error:
    print(error.orig)
"""


@pytest.fixture
def unvisited(filled: Path) -> Iterator[None]:
    """A server of the site, just started, that nobody has visited."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--workers", "1"],
        env=os.environ | {"GATEHOUSE_INSTANCE": str(filled)},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield
    process.terminate()
    process.wait(timeout=40)


@pytest.mark.slow
def test_a_restore_waits_for_a_server_that_nobody_has_visited(
    run: Run, kept: Path, filled: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("unvisited")

    with pytest.raises(Refused, match="Stop the server and the workers first"):
        run(filled, "restore", "--replace", str(kept))

    assert list(filled.glob("before-restore-*")) == []


def test_nobody_writes_into_a_database_that_is_being_put_back(
    run: Run, kept: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, put_back, heard = db.engine.url.render_as_string(hide_password=False), swapping.put_back, list[str]()

    def write() -> str:
        said = subprocess.run([sys.executable, "-c", WRITE, url], cwd=ROOT, capture_output=True, text=True, timeout=60)
        return said.stdout.strip() or said.stderr

    def write_meanwhile(*words: Any) -> None:
        heard.append(write())
        put_back(*words)
        heard.append(write())

    monkeypatch.setattr(swapping, "put_back", write_meanwhile)
    said = run(filled, "restore", "--replace", str(kept))

    assert "The record is whole." in said
    assert heard == [RESTORING] * 2


@pytest.fixture
def impatient(kept: Path) -> Iterator[None]:
    """The server closes what has been idle for a moment."""
    name = db.engine.url.database
    for change in ("SET idle_session_timeout = '200ms'", "RESET idle_session_timeout"):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" {change}')
        db.engine.dispose()
        if change.startswith("SET"):
            yield


@pytest.mark.usefixtures("impatient")
def test_a_restore_stays_alone_where_the_server_closes_idle_connections(
    run: Run, kept: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back = swapping.put_back

    def take_long(*words: Any) -> None:
        time.sleep(0.6)
        put_back(*words)

    monkeypatch.setattr(swapping, "put_back", take_long)

    assert "The record is whole." in run(filled, "restore", "--replace", str(kept))


@pytest.mark.usefixtures("impatient")
def test_a_server_that_nobody_visits_is_seen_where_idle_connections_are_closed(
    run: Run, kept: Path, filled: Path
) -> None:
    with server_presence.shared(db.engine):
        time.sleep(0.6)

        with pytest.raises(Refused, match="Stop the server and the workers first"):
            run(filled, "restore", "--replace", str(kept))


def test_a_restore_whose_server_goes_away_does_not_say_that_all_is_back(
    run: Run, kept: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(empty, "restore", str(kept))
    name = tomllib.loads((empty / "config.toml").read_text())["database_url"].rpartition("/")[2].partition("?")[0]
    keeper = sa.create_engine(
        db.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    copy_in = copying.copy_in

    def lose_the_server(*words: Any) -> None:
        with keeper.connect() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
        copy_in(*words)

    monkeypatch.setattr(copying, "copy_in", lose_the_server)
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(empty))
    said = CliRunner().invoke(gatehouse, ["restore", "--replace", str(kept)])
    monkeypatch.setattr(copying, "copy_in", copy_in)
    with keeper.connect() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    aside = sorted(empty.glob("before-restore-*"))[-1]
    assert "Nothing was changed" not in said.output
    assert f"or the schema {aside.name} of the database. Run the restore again." in said.output
    with pytest.raises(Refused, match="has begun here and not ended"):
        run(empty, "db", "upgrade")
    assert "The record is whole." in run(empty, "restore", "--replace", str(kept))


@pytest.fixture
def tenant() -> Iterator[str]:
    """The address of the database for a user whose schema belongs to somebody else, as PostgreSQL 14 makes one."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE gatehouse_tenant LOGIN PASSWORD 'x'")
        connection.exec_driver_sql("GRANT ALL ON SCHEMA public TO gatehouse_tenant")
    db.engine.dispose()
    yield db.engine.url.set(username="gatehouse_tenant", password="x").render_as_string(hide_password=False)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY gatehouse_tenant")
        connection.exec_driver_sql("DROP ROLE gatehouse_tenant")


def test_a_user_who_cannot_put_the_tables_aside_is_told_what_lacks_before_anything_is_touched(
    run: Run, kept: Path, filled: Path, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEHOUSE_DATABASE_URL", tenant)

    with pytest.raises(Refused, match='ALTER SCHEMA public OWNER TO "gatehouse_tenant"'):
        run(filled, "restore", "--replace", str(kept))

    assert list(filled.glob("before-restore-*")) == []


def test_a_connection_shares_the_lock_again_once_the_backup_is_back(run: Run, kept: Path, filled: Path) -> None:
    mine = sa.text("SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    run(filled, "restore", "--replace", str(kept))

    first = db.session.scalars(mine).all()
    db.session.rollback()
    after_a_rollback = db.session.scalars(mine).all()

    assert (first, after_a_rollback) == (["ShareLock"], ["ShareLock"])
