"""The record is checked by the worker, a piece at a time, and the log says how the last check ended."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import chain
from innovation.db import db
from innovation.events import Event, record
from innovation.ideas.events import CanvasHandedIn
from innovation.ideas.models import Idea, Wall
from innovation.jobs import running
from innovation.jobs.models import PLAN, Job, JobPart
from innovation.permission import SYSTEM
from innovation.pipeline import check_job
from innovation.pipeline.events import RecordChecked
from tests import make
from tests.databases import statements, take_guards_away
from tests.jobs.asking import after_the_first_few, come, count, reasons, staff
from tests.tampering import FOUND, two_chains, write


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two events or one seal in a piece, so that chains and the ledger are cut in many places."""
    monkeypatch.setattr(chain, "BATCH", 2)
    monkeypatch.setattr(chain, "SEALS", 1)


def ask(who: make.Person) -> Job:
    job = check_job.ask_check(make.actor(who))
    db.session.commit()
    return job


def tamper(statement: str, **values: object) -> None:
    take_guards_away()
    db.session.execute(sa.text(statement), values)
    db.session.commit()


def told() -> dict[str, object]:
    """What the newest check has written into the record."""
    db.session.rollback()
    query = sa.select(Event).where(Event.kind == RecordChecked.kind()).order_by(Event.id.desc())
    return db.session.scalars(query).first().data  # type: ignore[union-attr]


def number_of(idea_id: int, seq: int) -> int:
    return db.session.scalars(sa.select(Event.id).where(Event.subject == f"idea:{idea_id}", Event.seq == seq)).one()


# Asking


def test_the_button_asks_the_worker_and_leads_to_its_progress(client: FlaskClient, app: Flask) -> None:
    two_chains()
    make.sign_in(client, make.staff("administrator"))

    answer = client.post("/log/checks")

    job = make.first(Job)
    assert (answer.status_code, answer.location, job.kind) == (302, f"/jobs/{job.id}", "check_record")


def test_reading_the_log_checks_nothing(client: FlaskClient, app: Flask) -> None:
    two_chains()
    make.sign_in(client, make.staff("administrator"))

    with statements() as sent:
        client.get("/log?check=yes")

    assert [each for each in sent if "event_seal" in each] == []


def test_who_asks_again_is_led_to_the_check_under_way(client: FlaskClient, app: Flask) -> None:
    make.sign_in(client, make.staff("administrator"))

    led = [client.post("/log/checks").location for _n in range(2)]

    assert (led[0] == led[1], count(Job)) == (True, 1)
    assert "See how far it is" in client.get("/log").text


def test_of_two_who_ask_at_once_the_second_finds_the_job_of_the_first(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = staff("administrator")
    first = ask(who).id
    first_seen, seen = check_job.list_under_way, []
    monkeypatch.setattr(check_job, "list_under_way", lambda *asked: seen.append(first_seen(*asked)) or [])
    monkeypatch.setattr(check_job, "find_newest_id", lambda _actor: None)

    second = ask(who).id

    assert (first == second, len(seen)) == (True, 1)


@pytest.mark.parametrize("role", ["manager", "coordinator", "facilitator"])
def test_who_may_not_read_the_log_may_not_ask(client: FlaskClient, app: Flask, role: str) -> None:
    make.sign_in(client, make.staff(role))

    assert (client.post("/log/checks").status_code, count(Job)) == (403, 0)


# Checking


def test_a_whole_record_is_whole_up_to_the_event_at_which_it_was_asked(app: Flask) -> None:
    two_chains()
    upto = db.session.scalar(sa.select(sa.func.max(Event.id)))
    job = ask(staff("administrator"))

    running.run_owed()

    assert (come(job)[0], come(job)[3], job.total > 3) == ("finished", 0, True)
    assert told() == {"job_id": job.id, "upto": upto, "faults": 0, "first": None, "seal": None}


def test_an_empty_record_is_whole(app: Flask) -> None:
    ask(staff("administrator"))

    running.run_owed()

    assert told()["faults"] == 0


@pytest.mark.parametrize("what", FOUND)
@pytest.mark.parametrize("most", [1, 2, 3, 1000])
def test_pieces_of_any_size_find_what_a_check_in_one_finds(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str, most: int
) -> None:
    one, _other = two_chains()
    take_guards_away()
    FOUND[what][0](f"idea:{one}")
    db.session.commit()
    monkeypatch.setattr(chain, "BATCH", 1000)
    at_once = chain.verify()
    monkeypatch.setattr(chain, "BATCH", most)

    check = chain.begin_check()
    while not check.has_ended:
        check = chain.Check.read(check.as_text())
        chain.go_on(check)

    assert (check.report.event, check.report.seal) == (at_once.event, at_once.seal)
    assert (check.report.events, check.report.seals) == (at_once.events, at_once.seals)


def test_pieces_after_the_end_find_nothing_twice(app: Flask) -> None:
    two_chains()
    tamper("DELETE FROM event_seal WHERE id = (SELECT max(id) FROM event_seal)")
    check = chain.begin_check()
    while not check.has_ended:
        chain.go_on(check)
    ended = check.as_text()

    chain.go_on(check)

    assert (check.as_text(), check.report.count > 0) == (ended, True)


def test_the_first_event_that_does_not_fit_is_told_by_its_number(client: FlaskClient, app: Flask) -> None:
    one, other = two_chains()
    number = number_of(other, 1)
    tamper("UPDATE event SET facts = '{}' WHERE id = :n OR (subject = :s AND seq = 5)", n=number, s=f"idea:{one}")
    who = staff("administrator")
    job = ask(who)

    running.run_owed()

    assert (told()["first"], come(job)[3], reasons(job)) == (number, 1, [[check_job.NOT_WHOLE]])
    page = make.sign_in(client, who).get("/log").text
    assert f"The first event that does not fit is number {number}." in page
    assert "2 faults were found." in page


def test_a_removed_seal_is_found_though_every_event_fits(client: FlaskClient, app: Flask) -> None:
    two_chains()
    tamper("DELETE FROM event_seal WHERE id = (SELECT max(id) FROM event_seal)")
    who = staff("administrator")
    ask(who)

    running.run_owed()

    assert (
        "The heads of the chains do not fit what the ledger has sealed." in make.sign_in(client, who).get("/log").text
    )


def test_what_happens_and_is_sealed_meanwhile_is_no_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two_chains()
    write(other, 1)
    ask(staff("administrator"))

    def happen() -> None:
        for idea_id in (one, other, make.idea().id):
            record(SYSTEM, CanvasHandedIn(idea_id, 9))
        db.session.commit()
        chain.seal_all()

    after_the_first_few(monkeypatch, happen)
    running.run_owed()

    assert told()["faults"] == 0


def test_what_is_changed_behind_the_reading_point_is_found_by_the_next_check(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_chains()
    first = db.session.scalars(sa.select(Event.id).order_by(Event.subject, Event.seq)).first()
    who = staff("administrator")
    ask(who)
    after_the_first_few(monkeypatch, lambda: tamper("UPDATE event SET facts = '{}' WHERE id = :n", n=first))
    running.run_owed()
    before = told()["faults"]
    ask(who)

    running.run_owed()

    assert (before, told()["first"]) == (0, first)


def test_a_worker_that_is_stopped_in_the_middle_leaves_it_to_the_next(app: Flask) -> None:
    one, _other = two_chains()
    tamper("UPDATE event SET facts = '{}' WHERE subject = :s AND seq = 1", s=f"idea:{one}")
    job, rounds = ask(staff("administrator")), 0

    while come(job)[0] != "finished":
        running.run_owed(iter([False, True]).__next__)
        rounds += 1

    assert (rounds > 3, told()["faults"], told()["first"]) == (True, 1, number_of(one, 1))


def test_a_check_whose_asker_may_read_the_log_no_longer_tells_nothing(app: Flask) -> None:
    two_chains()
    who = staff("administrator")
    job = ask(who)
    db.session.execute(sa.text("DELETE FROM role_grant WHERE person_id = :p"), {"p": who.id})
    db.session.commit()

    running.run_owed()

    assert (reasons(job), count_of_checks()) == ([[running.MAY_NOT]], 0)


def count_of_checks() -> int:
    return len(db.session.scalars(sa.select(Event).where(Event.kind == RecordChecked.kind())).all())


# Telling


def test_the_log_says_whose_the_last_check_was_and_up_to_where(client: FlaskClient, app: Flask) -> None:
    two_chains()
    who = staff("administrator")
    make.sign_in(client, who)
    before = client.get("/log").text
    upto = ask(who) and db.session.scalar(sa.select(sa.func.max(Event.id)).where(Event.kind != "job_asked"))
    running.run_owed()

    page = client.get("/log").text

    assert "The record has not been checked here yet." in before
    assert "Verified: the record is whole" in page
    assert f"It was checked up to event {upto}. {who.name} asked for it" in " ".join(page.split())


def test_nothing_of_an_idea_behind_a_wall_is_told(client: FlaskClient, app: Flask) -> None:
    one, _other = two_chains()
    who = staff("administrator")
    make.add(Wall(idea_id=one, person_id=who.id, why="affiliation:1"))
    tamper("UPDATE event SET facts = '{}' WHERE subject = :s AND seq = 2", s=f"idea:{one}")
    job = ask(who)
    running.run_owed()
    make.sign_in(client, who)

    pages = [client.get(path).text for path in ("/log", f"/jobs/{job.id}")]

    said = "".join(re.sub(r"<[^>]*>", " ", page) for page in pages)
    title = make.first(Idea, id=one).title
    assert [f"idea:{one}" in said, title in said] == [False, False]
    assert f"The first event that does not fit is number {number_of(one, 2)}." in said


def test_what_is_kept_between_two_pieces_holds_no_sentences(app: Flask) -> None:
    one, _other = two_chains()
    tamper("UPDATE event SET facts = '{}' WHERE subject = :s", s=f"idea:{one}")
    job = ask(staff("administrator"))
    running.run_owed()

    part = make.first(JobPart, job_id=job.id, at=PLAN)

    assert json.loads(part.content)["report"]["faults"] == []
