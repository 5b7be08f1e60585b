"""Two people act on one thing at the same moment on PostgreSQL: one succeeds, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask

from innovation import chain
from innovation.accounts import commands as accounts
from innovation.accounts.events import SessionStarted
from innovation.accounts.models import Person, RoleGrant
from innovation.clinics.models import Clinic
from innovation.command import STALE, transaction
from innovation.db import db
from innovation.events import list_events, record
from innovation.funders import commands as funders
from innovation.funders.models import Funder
from innovation.gates import commands as gates
from innovation.ideas import commands, moves, queries
from innovation.ideas.capture import capture_idea
from innovation.ideas.models import Idea, Tally
from innovation.jobs.commands import ask_job
from innovation.permission import SYSTEM
from innovation.pilots import commands as pilots
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from innovation.programmes import commands as programmes
from innovation.programmes.models import Programme, Theme
from tests import make
from tests.pilots.harmed import TOLD
from tests.pilots.typed import held
from workflows import Refused, State


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that have each read first; what became of them, in words, sorted."""
    ready, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                ready.wait(10)
                act()
                outcomes.append("done")
            except Refused as refused:
                outcomes.append(" ".join(refused.reasons))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_two_people_move_one_idea(app: Flask) -> None:
    first, second = make.staff("coordinator"), make.staff("coordinator")
    idea = make.idea(standing="held")
    actors, reference = [make.actor(first), make.actor(second)], idea.reference
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def resume(actor: Any) -> None:
        found = queries.find_idea(actor, reference)
        both_have_read.wait(10)
        gates.resume_idea(actor, found)

    outcomes = at_once(app, *[lambda actor=actor: resume(actor) for actor in actors])

    db.session.expire_all()
    moved = make.first(Idea, reference=reference)
    tally = {row.standing: row.n for row in db.session.query(Tally).filter_by(place="captured")}
    assert outcomes == [STALE, "done"]
    assert (moved.standing, moved.version) == ("active", 2)
    assert tally == {"active": 1, "held": 0}


def test_two_who_count_the_same_ideas_in_different_orders_both_get_through(app: Flask) -> None:
    here, there = make.idea(), make.idea(region_id=make.region("WC").id)
    numbers = [here.id, there.id]
    db.session.commit()
    both_have_counted = threading.Barrier(2)

    def hold(first: int, second: int) -> None:
        with transaction():
            for number in (first, second):
                idea = db.session.get_one(Idea, number)
                moves.count(idea, {idea.state: -1, State(idea.place, "held"): +1})
                both_have_counted.wait(10)

    outcomes = at_once(app, lambda: hold(*numbers), lambda: hold(*reversed(numbers)))

    tally = db.session.query(Tally).filter_by(place="captured", standing="held")
    assert outcomes == ["done", "done"]
    assert sorted(row.n for row in tally) == [2, 2]


def test_two_who_capture_at_one_clinic_do_not_wait_for_each_other(app: Flask) -> None:
    clinic = make.clinic()
    actor, number = make.actor(make.staff("facilitator")), clinic.id
    db.session.commit()
    both_have_captured = threading.Barrier(2)

    def capture_and_stay(owner: str) -> None:
        with transaction():
            there = db.session.get_one(Clinic, number)
            answers = {"title": f"Reading corners of {owner}", "problem": "Nobody reads.", "summary": "Shelves."}
            capture_idea(actor, there, answers=answers, owner_name=owner)
            both_have_captured.wait(10)

    outcomes = at_once(app, *[lambda owner=owner: capture_and_stay(owner) for owner in ("First", "Second")])

    assert outcomes == ["done", "done"]
    assert sorted(idea.reference[-4:] for idea in db.session.query(Idea)) == ["0001", "0002"]


def test_two_who_give_somebody_the_same_role_give_it_once(app: Flask) -> None:
    first, second, whose = make.staff("administrator"), make.staff("administrator"), make.person("Somebody new")
    actors, number = [make.actor(first), make.actor(second)], whose.id
    where = f"programme:{make.programme().id}"
    db.session.commit()
    both_have_looked = threading.Barrier(2)

    def give(actor: Any) -> None:
        with transaction():
            person = db.session.get_one(Person, number)
            accounts.grant_role(actor, person, role="manager", where=where)
            with suppress(threading.BrokenBarrierError):
                both_have_looked.wait(2)  # the second waits for the first to end

    outcomes = at_once(app, *[lambda actor=actor: give(actor) for actor in actors])

    assert outcomes == ["done", "done"]
    assert db.session.query(RoleGrant).filter_by(person_id=number, ended_at=None).count() == 1


def test_a_long_job_that_is_asked_for_twice_at_the_same_moment_is_one(app: Flask) -> None:
    actor = make.actor(make.staff("coordinator"))
    db.session.commit()
    both_have_looked, jobs = threading.Barrier(2), []

    def ask() -> None:
        with transaction():
            job = ask_job(actor, kind="present", payload={"ideas": ["LP26-0001"]}, total=1, form_key="of a form")
            with suppress(threading.BrokenBarrierError):
                both_have_looked.wait(2)
            jobs.append(job.id)

    outcomes = at_once(app, ask, ask)

    assert (outcomes, len(jobs), len(set(jobs))) == (["done", "done"], 2, 1)


def test_who_is_invited_by_two_at_the_same_moment_is_one_person(app: Flask) -> None:
    actors = [make.actor(make.staff("administrator")) for _one in range(2)]
    where = f"programme:{make.programme().id}"
    db.session.commit()
    both_have_looked = threading.Barrier(2)

    def invite(actor: Any) -> None:
        with transaction():
            accounts.invite_person(
                actor, name="Somebody new", email="new@gatehouse.example", role="manager", where=where
            )
            with suppress(threading.BrokenBarrierError):
                both_have_looked.wait(2)  # the second waits for the first to end

    outcomes = at_once(app, *[lambda actor=actor: invite(actor) for actor in actors])

    assert outcomes == ["done", "done"]
    assert db.session.query(Person).filter_by(email="new@gatehouse.example").count() == 1


def test_who_is_invited_to_a_fund_by_two_at_the_same_moment_is_one_person_with_one_role(app: Flask) -> None:
    fund = make.funder()
    actor = make.actor(make.funder_person(fund, "funder_admin"))
    db.session.commit()
    both_have_looked = threading.Barrier(2)

    def invite(role: str) -> None:
        with transaction():
            found = db.session.get_one(Funder, fund.id)
            funders.invite_to_funder(actor, found, name="Somebody new", email="new@gatehouse.example", role=role)
            with suppress(threading.BrokenBarrierError):
                both_have_looked.wait(2)

    outcomes = at_once(app, *[lambda role=role: invite(role) for role in ("funder_admin", "funder_member")])

    [person] = db.session.query(Person).filter_by(email="new@gatehouse.example")
    assert outcomes == ["done", "done"]
    assert db.session.query(RoleGrant).filter_by(person_id=person.id, ended_at=None).count() == 1


def test_who_is_added_to_two_ideas_at_the_same_moment_is_one_person(app: Flask) -> None:
    ideas = [make.idea() for _one in range(2)]
    acting = [(make.actor(idea.owner), idea.id) for idea in ideas]
    db.session.commit()
    both_have_looked = threading.Barrier(2)

    def add(actor: Any, idea_id: int) -> None:
        with transaction():
            idea = db.session.get_one(Idea, idea_id)
            commands.add_contributor(actor, idea, name="Somebody new", email="new@gatehouse.example")
            with suppress(threading.BrokenBarrierError):
                both_have_looked.wait(2)

    outcomes = at_once(app, *[lambda each=each: add(*each) for each in acting])

    assert outcomes == ["done", "done"]
    assert db.session.query(Person).filter_by(email="new@gatehouse.example").count() == 1


def test_two_people_save_a_canvas_made_from_the_same_revision(app: Flask) -> None:
    owner = make.person()
    idea = make.idea(owner)
    friend = make.contributor(idea)
    actors, reference = [make.actor(owner), make.actor(friend)], idea.reference
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def hand_in(actor: Any) -> None:
        found = queries.find_idea(actor, reference)
        both_have_read.wait(10)
        answers = {"problem": f"Typed by person {actor.person_id}."}
        commands.hand_in_canvas(actor, found, answers=answers, based_on=1)

    outcomes = at_once(app, *[lambda actor=actor: hand_in(actor) for actor in actors])

    db.session.expire_all()
    assert outcomes == [STALE, "done"]
    assert make.first(Idea, reference=reference).revision_number == 2


def test_two_events_begin_one_chain(app: Flask) -> None:
    person = make.person()
    db.session.commit()
    person_id, both_have_begun = person.id, threading.Barrier(2)

    def start(session_id: int) -> None:
        with transaction():
            both_have_begun.wait(10)
            record(SYSTEM, SessionStarted(person_id, session_id))

    outcomes = at_once(app, *[lambda session_id=session_id: start(session_id) for session_id in (1, 2)])

    assert outcomes == ["done", "done"]
    assert sorted(event.seq for event in list_events(f"person:{person_id}")) == [1, 2]
    assert chain.verify().faults == []


def test_two_people_add_the_same_theme(app: Flask) -> None:
    managers = [make.staff("manager"), make.staff("manager")]
    actors, programme_id = [make.actor(manager) for manager in managers], make.programme().id
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def add_theme(actor: Any) -> None:
        programme = db.session.get_one(Programme, programme_id)
        with transaction():
            both_have_read.wait(10)
            programmes.add_entry(actor, programme, which="themes", name="Reading for joy")

    outcomes = at_once(app, *[lambda actor=actor: add_theme(actor) for actor in actors])

    assert len(outcomes) == 2
    assert outcomes[1] == "done"
    assert outcomes[0] in (STALE, "There is one called reading-for-joy already. Bring it back or choose another name.")
    assert db.session.query(Theme).filter_by(key="reading-for-joy").count() == 1


def test_two_administrators_end_each_others_role_and_one_stays(app: Flask) -> None:
    people = [make.staff("administrator") for _n in range(2)]
    for person in people:
        make.account(person)
    actors = [make.actor(person) for person in people]
    grants = [person.grants[0].id for person in reversed(people)]
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def end(actor: Any, grant_id: int) -> None:
        grant = db.session.get_one(RoleGrant, grant_id)
        both_have_read.wait(10)
        accounts.end_role(actor, grant)

    pairs = zip(actors, grants, strict=True)
    outcomes = at_once(app, *[lambda actor=actor, key=key: end(actor, key) for actor, key in pairs])

    assert outcomes == ["This is the last administrator. Make somebody else an administrator first.", "done"]


def test_two_people_report_harm_in_one_pilot_and_it_is_paused_once(app: Flask) -> None:
    pilot = held()
    actors, number, idea_id = (
        [make.actor(pilot.idea.owner), make.actor(make.staff("coordinator"))],
        pilot.id,
        pilot.idea_id,
    )
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def report(actor: Any) -> None:
        found = db.session.get_one(Pilot, number)
        both_have_read.wait(10)
        pilots.report_incident(actor, found, **TOLD)

    outcomes = at_once(app, lambda: report(actors[0]), lambda: report(actors[1]))
    db.session.expire_all()

    assert outcomes == ["done", "done"]
    assert (db.session.get_one(Pilot, number).state, db.session.query(Incident).count()) == ("paused", 2)
    assert len(list_events(f"idea:{idea_id}", kinds=["pilot_paused"])) == 1
