"""The record of what happened: whole as written, and every kind of tampering found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from innovation import chain
from innovation.cli.log import log
from innovation.db import db
from innovation.events import EventHead, record
from innovation.ideas.events import CanvasHandedIn
from innovation.permission import SYSTEM
from tests import make
from tests.databases import take_guards_away


def write(idea_id: int, count: int) -> None:
    for number in range(1, count + 1):
        record(SYSTEM, CanvasHandedIn(idea_id, number))
    db.session.commit()


@pytest.fixture
def subject(app: Flask) -> str:
    """An idea's chain of five events beside another one, sealed in two seals."""
    one, other = make.idea(), make.idea()
    db.session.commit()
    write(one.id, 3)
    write(other.id, 2)
    chain.seal()
    write(one.id, 2)
    chain.seal()
    take_guards_away()
    return f"idea:{one.id}"


def tamper(statement: str, **values: object) -> chain.Report:
    take_guards_away()
    db.session.execute(sa.text(statement), values)
    db.session.commit()
    return chain.verify()


def test_a_record_that_nobody_touched_is_whole(subject: str) -> None:
    report = chain.verify()

    assert (report.ok, report.events, report.seals, report.unsealed, report.faults) == (True, 7, 2, 0, [])


def test_what_is_not_sealed_yet_is_counted(subject: str) -> None:
    write(int(subject.removeprefix("idea:")), 2)

    report = chain.verify()

    assert (report.ok, report.unsealed) == (True, 2)


def test_an_altered_event_is_named(subject: str) -> None:
    report = tamper("UPDATE event SET facts = '{}' WHERE subject = :s AND seq = 2", s=subject)

    assert report.faults == [f"{subject}: event 2 was altered."]


def test_an_event_moved_to_another_time_is_named(subject: str) -> None:
    report = tamper("UPDATE event SET at = '2020-01-01 00:00:00' WHERE subject = :s AND seq = 3", s=subject)

    assert report.faults == [f"{subject}: event 3 was altered."]


def test_a_removed_event_in_the_middle_is_named(subject: str) -> None:
    report = tamper("DELETE FROM event WHERE subject = :s AND seq = 2", s=subject)

    assert report.faults == [f"{subject}: event 2 is missing."]


def test_the_newest_event_cannot_go_unnoticed(subject: str) -> None:
    report = tamper("DELETE FROM event WHERE subject = :s AND seq = 5", s=subject)

    assert report.faults[0] == f"{subject}: its newest events, 5 to 5, are missing."


def test_the_newest_event_cannot_go_unnoticed_even_with_its_head_turned_back(subject: str) -> None:
    db.session.execute(sa.text("DELETE FROM event WHERE subject = :s AND seq = 5"), {"s": subject})
    before = db.session.scalar(sa.text("SELECT hash FROM event WHERE subject = :s AND seq = 4"), {"s": subject})
    db.session.execute(
        sa.text("UPDATE event_head SET seq = 4, sealed_seq = 4, hash = :h WHERE subject = :s"),
        {"s": subject, "h": before},
    )
    db.session.commit()

    report = chain.verify()

    assert report.faults[0] == f"{subject}: event 5 is missing; seal 2 of the ledger names it."


def test_a_subject_that_was_removed_whole_is_named(subject: str) -> None:
    db.session.execute(sa.text("DELETE FROM event WHERE subject = :s"), {"s": subject})

    report = tamper("DELETE FROM event_head WHERE subject = :s", s=subject)

    assert f"{subject}: event 3 is missing; seal 1 of the ledger names it." in report.faults


def test_two_events_that_changed_places_are_named(subject: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        db.session.execute(
            sa.text("UPDATE event SET seq = :n WHERE subject = :s AND seq = :o"), {"s": subject, "o": old, "n": new}
        )
    db.session.commit()

    report = chain.verify()

    assert f"{subject}: event 2 does not follow from the one before it." in report.faults
    assert f"{subject}: event 2 was altered." in report.faults


def test_an_event_added_by_hand_is_named(subject: str) -> None:
    report = tamper(
        "INSERT INTO event (at, kind, subject, seq, facts, previous_hash, hash) "
        "SELECT at, kind, subject, 6, facts, hash, 'made up' FROM event WHERE subject = :s AND seq = 5",
        s=subject,
    )

    assert report.faults == [
        f"{subject}: event 6 was altered.",
        f"{subject}: event 6 was added behind the head of its chain.",
    ]


def test_an_altered_seal_is_named(subject: str) -> None:
    report = tamper("UPDATE event_seal SET heads = '[]' WHERE id = 1")

    assert report.faults[0] == "Seal 1 of the ledger was altered."


def test_a_removed_newest_seal_is_noticed(subject: str) -> None:
    report = tamper("DELETE FROM event_seal WHERE id = 2")

    assert report.faults == [f"{subject}: it counts as sealed up to event 5, but the ledger does not say so."]


def test_the_database_itself_refuses_to_change_an_event(app: Flask) -> None:
    idea = make.idea()
    db.session.commit()
    write(idea.id, 1)

    with pytest.raises(sa.exc.DBAPIError, match="never changes"):
        db.session.execute(sa.text("UPDATE event SET facts = '{}'"))


def test_sealing_again_adds_no_empty_seal(subject: str) -> None:
    assert chain.seal_all() == 0


def test_each_head_is_sealed_once(subject: str) -> None:
    sealed = db.session.scalars(sa.select(EventHead).where(EventHead.seq != EventHead.sealed_seq)).all()

    assert sealed == []


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, str]]:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)

    def run() -> tuple[int, str]:
        result = CliRunner().invoke(log, ["verify"])
        return result.exit_code, result.output

    return run


def test_the_command_says_that_the_record_is_whole(subject: str, command: Callable[[], tuple[int, str]]) -> None:
    code, said = command()

    assert (code, said.splitlines()[-1]) == (0, "The record is whole.")


def test_the_command_fails_when_it_is_not(subject: str, command: Callable[[], tuple[int, str]]) -> None:
    tamper("UPDATE event SET facts = '{}' WHERE subject = :s AND seq = 1", s=subject)

    code, said = command()

    assert (code, said.splitlines()[0]) == (1, f"{subject}: event 1 was altered.")
