"""Steps that no panel decides: pilot begun, hold ended, revived, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.ideas import commands, queries
from innovation.ideas.models import Handin, Idea, Tally
from innovation.permission import Forbidden
from tests import make
from workflows import Refused, State

BEGIN, END = dt.date(2026, 7, 14), dt.date(2026, 11, 27)


def tallies() -> dict[tuple[str, str], int]:
    return {(t.place, t.standing): t.n for t in db.session.scalars(sa.select(Tally)) if t.n}


def test_the_owner_begins_the_pilot_with_its_schools_dates_and_means(app: Flask) -> None:
    idea = make.idea(place="ready")
    emis = make.school().emis

    commands.start_pilot(
        make.actor(idea.owner), idea, sites=[emis, emis], starts_on=BEGIN, ends_on=END, means="R79 000"
    )

    assert idea.state == State("piloting", "active")
    assert idea.pilot_plan["sites"] == [emis]
    assert tallies() == {("piloting", "active"): 1}


@pytest.mark.parametrize(
    ("sites", "ends_on", "means", "reason"),
    [([], END, "x", "at least one place"), (["1"], BEGIN, "x", "must end after"), (["1"], END, " ", "run with")],
)
def test_a_pilot_does_not_begin_without_them(
    app: Flask, sites: list[str], ends_on: dt.date, means: str, reason: str
) -> None:
    idea = make.idea(place="ready")

    with pytest.raises(Refused, match=reason):
        commands.start_pilot(make.actor(idea.owner), idea, sites=sites, starts_on=BEGIN, ends_on=ends_on, means=means)

    assert idea.place == "ready"


@pytest.mark.parametrize("place", ["captured", "concept", "at_pilot", "piloting"])
def test_a_pilot_begins_from_pilot_ready_only(app: Flask, place: str) -> None:
    idea = make.idea(place=place)

    with pytest.raises(Refused):
        commands.start_pilot(make.actor(idea.owner), idea, sites=["1"], starts_on=BEGIN, ends_on=END, means="x")


def test_a_stopped_idea_is_revived_at_the_beginning(app: Flask) -> None:
    idea = make.idea(place="at_pilot", standing="stopped")

    commands.revive_idea(make.actor(make.staff("coordinator")), idea)

    assert idea.state == State("captured", "active")
    assert tallies() == {("captured", "active"): 1}


def test_an_owner_does_not_revive(app: Flask) -> None:
    idea = make.idea(standing="stopped")

    with pytest.raises(Forbidden):
        commands.revive_idea(make.actor(idea.owner), idea)


def test_only_the_owner_withdraws_an_idea(app: Flask) -> None:
    idea = make.idea(place="at_screening")
    manager = make.actor(make.staff("manager"))
    db.session.commit()
    with pytest.raises(Forbidden):
        commands.withdraw_idea(manager, idea)

    commands.withdraw_idea(make.actor(idea.owner), idea)

    assert idea.standing == "withdrawn"


def test_an_idea_in_the_system_cannot_be_withdrawn(app: Flask) -> None:
    idea = make.idea(place="institutionalised")

    with pytest.raises(Refused):
        commands.withdraw_idea(make.actor(idea.owner), idea)


def test_the_limits_of_the_light_way_are_looked_up(app: Flask) -> None:
    idea = make.idea()
    unknown = queries.journey_facts(idea).light_faults
    make.ask(idea, amount_cents=50_000_00, schools=3)
    answers = {"answers": {"collects": "adults"}}
    make.add(Handin(idea_id=idea.id, deliverable="privacy", number=1, content=answers))
    within = queries.journey_facts(idea).light_faults
    make.ask(idea, number=2, amount_cents=50_000_01, schools=4)
    make.add(Handin(idea_id=idea.id, deliverable="privacy", number=2, content={"answers": {"collects": "learners"}}))

    beyond = queries.journey_facts(idea).light_faults

    assert (len(unknown or ()), within, len(beyond or ())) == (3, (), 3)


def test_evidence_counts_for_the_proven_way_once_it_was_accepted(app: Flask) -> None:
    idea = make.idea(evidence_level="E3")
    before = queries.journey_facts(idea).evidence_accepted

    commands.accept_evidence(make.actor(make.staff("coordinator")), idea, level="E3")

    assert (before, queries.journey_facts(idea).evidence_accepted) == (None, "E3")


# Pages


def test_the_owner_is_told_what_withdrawing_does_before_it_happens(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    asked = client.get(f"/ideas/{idea.reference}/withdrawal")
    standing = idea.standing
    done = client.post(f"/ideas/{idea.reference}/withdrawal")

    assert "It cannot be taken up again." in asked.get_data(as_text=True)
    assert (standing, done.status_code) == ("active", 302)
    assert db.session.get_one(Idea, idea.id).standing == "withdrawn"


@pytest.mark.parametrize("step", ["resumption", "revival"])
def test_a_step_that_does_not_fit_is_refused_with_a_page(app: Flask, client: FlaskClient, step: str) -> None:
    idea = make.idea()
    make.sign_in(client, make.staff("coordinator"))

    assert client.post(f"/ideas/{idea.reference}/{step}").status_code == 409
