"""Writers of a SQLite file take turns, whoever they are and however they end."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from innovation import writers
from innovation.db import engine_options, prepare_engine
from tests.operations.other_process import holding

INSERT = "INSERT INTO n VALUES (99)"


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


def write_in_vain(engine: sa.Engine) -> None:
    with pytest.raises(OperationalError, match="database is locked"):
        write(engine, 0)


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
    other = holding(url, INSERT)
    waiting = threading.Thread(target=write, args=(engine, 1))

    waiting.start()
    waiting.join(0.2)
    waited = waiting.is_alive()
    other.communicate("\n", timeout=30)
    waiting.join(30)

    assert waited
    assert numbers(engine) == [1, 99]


def test_a_process_that_is_killed_in_its_turn_keeps_nobody_waiting(url: str, engine: sa.Engine) -> None:
    other = holding(url, INSERT)

    with other:
        other.send_signal(signal.SIGKILL)
    write(engine, 1)

    assert numbers(engine) == [1]


def test_whoever_waits_too_long_for_another_process_is_told_and_leaves_nothing_open(
    url: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.1)
    other = holding(url, INSERT)
    write_in_vain(engine)
    open_after_one = len(os.listdir("/dev/fd"))

    for _again in range(3):
        write_in_vain(engine)
    open_after_more = len(os.listdir("/dev/fd"))
    other.communicate("\n", timeout=30)

    assert open_after_more == open_after_one
    assert numbers(engine) == [99]


def test_a_process_that_has_given_up_waiting_keeps_nobody_else_waiting(
    url: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.1)
    first = holding(url, INSERT)
    write_in_vain(engine)
    first.communicate("\n", timeout=30)

    second = holding(url, INSERT)
    second.communicate("\n", timeout=30)

    assert numbers(engine) == [99, 99]


def test_writing_goes_on_once_a_process_that_stood_still_goes_on(
    url: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.1)
    other = holding(url, INSERT)
    other.send_signal(signal.SIGSTOP)
    write_in_vain(engine)
    monkeypatch.setattr(writers, "PATIENCE", 10.0)
    waiting = [threading.Thread(target=write, args=(engine, n)) for n in (1, 2, 3)]

    for thread in waiting:
        thread.start()
    other.send_signal(signal.SIGCONT)
    other.communicate("\n", timeout=30)
    for thread in waiting:
        thread.join(30)

    assert numbers(engine) == [1, 2, 3, 99]


def test_the_process_that_holds_everybody_up_can_be_named(url: str, engine: sa.Engine) -> None:
    before = writers.holder(str(engine.url.database))
    other = holding(url, INSERT)

    during = writers.holder(str(engine.url.database))
    other.communicate("\n", timeout=30)

    assert (before, during) == (None, other.pid if Path("/proc/locks").exists() else None)
