"""Two of the team are at one plan at the same moment on PostgreSQL: nothing is lost, and who is late is told so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from innovation.command import STALE, transaction
from innovation.db import db
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotAmendment, PilotBudgetLine
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.harmed import DAY, TOLD
from tests.pilots.planned import begun, ready_to_start, rows_of
from tests.pilots.typed import cell, held, typed
from tests.postgres.test_two_at_once import at_once

BLOCKED = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def while_it_is_written(app: Flask, write: Callable[[], Any], act: Callable[[], Any]) -> list[str]:
    """Let ``act`` begin after something was written, and wait for it before that is committed; what became of both."""
    written = threading.Event()

    def first() -> None:
        with transaction():
            write()
            written.set()
            for _again in range(100):
                with db.engine.connect() as other:
                    if other.scalar(BLOCKED):
                        return
                time.sleep(0.05)

    def second() -> None:
        written.wait(10)
        act()

    return at_once(app, first, second)


def amended(pilot: Pilot, act: Callable[[Any, Pilot], Any]) -> list[Callable[[], Any]]:
    """The same by the owner and by a coordinator, who both have read the plan first."""
    actors, number = [make.actor(pilot.idea.owner), make.actor(make.staff("coordinator"))], pilot.id
    db.session.commit()
    both_have_read = threading.Barrier(2)

    def run(actor: Any) -> None:
        found = db.session.get_one(Pilot, number)
        both_have_read.wait(10)
        act(actor, found)

    return [lambda actor=actor: run(actor) for actor in actors]


def test_of_two_amendments_of_the_outline_one_is_kept_and_the_other_told(app: Flask) -> None:
    pilot = begun()

    def amend(actor: Any, found: Pilot) -> None:
        means = f"Said by {actor.person_id}."
        commands.change_outline(actor, found, means=means, hypothesis=means, reason="We know more.")

    outcomes = at_once(app, *amended(pilot, amend))
    db.session.expire_all()

    assert outcomes == [STALE, "done"]
    assert pilot.means == pilot.hypothesis
    assert db.session.query(PilotAmendment).count() == 1


def test_of_two_amendments_of_the_budget_one_is_kept_and_the_other_told(app: Flask) -> None:
    pilot = begun()

    def amend(actor: Any, found: Pilot) -> None:
        rows: list[Any] = [*rows_of(found, "budget", "item"), (None, {"item": f"Said by {actor.person_id}"})]
        commands.change_rows(actor, found, part="budget", rows=rows, reason="We know more.")

    outcomes = at_once(app, *amended(pilot, amend))

    assert outcomes == [STALE, "done"]
    assert db.session.query(PilotBudgetLine).count() == 3
    assert db.session.query(PilotAmendment).count() == 1


def test_a_measure_cannot_go_while_its_first_reading_is_written(app: Flask) -> None:
    pilot = held(indicators=2)
    actor, number, of = make.actor(pilot.idea.owner), pilot.id, cell(pilot, indicator=1)
    kept = rows_of(pilot, "measures", "name")[:1]
    db.session.commit()

    outcomes = while_it_is_written(
        app,
        lambda: typed(db.session.get_one(Pilot, number), {of: Measured(31.0, 100)}),
        lambda: commands.change_rows(
            actor, db.session.get_one(Pilot, number), part="measures", rows=kept, reason="One is enough."
        ),
    )

    assert outcomes == [STALE, "done"]


def test_a_line_of_the_budget_cannot_go_while_something_is_spent_on_it(app: Flask) -> None:
    pilot = begun()
    actor, number = make.actor(pilot.idea.owner), pilot.id
    kept, line = rows_of(pilot, "budget", "item")[:1], queries.list_rows(pilot, "budget")[1].id
    spent = {"line_id": line, "spent_on": pilot.starts_on, "amount_cents": 120_00, "what": "Chairs"}
    db.session.commit()

    outcomes = while_it_is_written(
        app,
        lambda: commands.enter_spend(actor, db.session.get_one(Pilot, number), **spent),
        lambda: commands.change_rows(
            actor, db.session.get_one(Pilot, number), part="budget", rows=kept, reason="It costs nothing."
        ),
    )

    assert outcomes == [STALE, "done"]


def test_a_place_cannot_go_while_an_incident_there_is_reported(app: Flask) -> None:
    pilot = ready_to_start()
    actor, number, site = make.actor(pilot.idea.owner), pilot.id, pilot.sites[0].id
    told = TOLD | {"severity": "minor", "happened_on": DAY}
    db.session.commit()

    outcomes = while_it_is_written(
        app,
        lambda: commands.report_incident(actor, db.session.get_one(Pilot, number), site_id=site, **told),
        lambda: commands.remove_site(
            actor,
            db.session.get_one(Pilot, number),
            site=queries.find_site(db.session.get_one(Pilot, number), site),
        ),
    )

    assert outcomes == [STALE, "done"]
