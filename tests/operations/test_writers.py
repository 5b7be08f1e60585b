"""Writers of a SQLite file take turns, whoever they are and however they end."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from innovation import writers
from innovation.db import engine_options, prepare_engine

HOLD = """
import sys
import sqlalchemy as sa
from innovation.db import engine_options, prepare_engine
url = sys.argv[1]
engine = sa.create_engine(url, **engine_options(url))
prepare_engine(engine)
with engine.connect() as connection:
    connection.exec_driver_sql("INSERT INTO n VALUES (99)")
    print("held", flush=True)
    sys.stdin.readline()
    connection.commit()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'numbers.sqlite'}"


@pytest.fixture
def engine(url: str) -> sa.Engine:
    made = sa.create_engine(url, **engine_options(url))
    prepare_engine(made)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE n (n INTEGER)")
    return made


def numbers(engine: sa.Engine) -> list[int]:
    with engine.connect().execution_options(readonly_tx=True) as connection:
        return [n for (n,) in connection.exec_driver_sql("SELECT n FROM n ORDER BY n")]


def write(engine: sa.Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO n VALUES ({number})")


def holding(url: str) -> subprocess.Popen[str]:
    """Another process in the middle of a write."""
    command = [sys.executable, "-c", HOLD, url]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_all_of_many_writers_get_their_turn(engine: sa.Engine) -> None:
    threads = [threading.Thread(target=write, args=(engine, n)) for n in range(40)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert numbers(engine) == list(range(40))


def test_readers_do_not_wait_for_a_writer(engine: sa.Engine) -> None:
    write(engine, 1)

    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO n VALUES (2)")
        read_meanwhile = numbers(engine)

    assert read_meanwhile == [1]


def test_whoever_waits_too_long_is_told_and_may_come_again(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.05)

    with engine.begin(), pytest.raises(OperationalError, match="database is locked"):
        write(engine, 1)
    write(engine, 2)

    assert numbers(engine) == [2]


def test_a_write_that_fails_gives_up_its_turn(engine: sa.Engine) -> None:
    with pytest.raises(OperationalError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    write(engine, 1)

    assert numbers(engine) == [1]


def test_a_process_waits_for_another_and_goes_when_it_has_ended(url: str, engine: sa.Engine) -> None:
    other = holding(url)
    waiting = threading.Thread(target=write, args=(engine, 1))

    waiting.start()
    waiting.join(0.2)
    waited = waiting.is_alive()
    other.communicate("\n", timeout=30)
    waiting.join(30)

    assert waited
    assert numbers(engine) == [1, 99]


def test_a_process_that_is_killed_in_its_turn_keeps_nobody_waiting(url: str, engine: sa.Engine) -> None:
    other = holding(url)

    with other:
        other.send_signal(signal.SIGKILL)
    write(engine, 1)

    assert numbers(engine) == [1]
