"""Permissions and clearances run out: people are told in time, and the page of the pilot says when it has happened."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.notifications.models import Notice
from innovation.pilot_reminders import remind_permissions
from innovation.pilots.plan_part_models import PilotPermission
from innovation.reminders import today
from tests import make
from tests.pilots.held import pilot as held_pilot


def permission(left: int, **more: str) -> PilotPermission:
    """One that is good for so many days more."""
    values = {"name": "Clearance of the province", "status": "granted", **more}
    expires_on = today() + dt.timedelta(days=left)
    made = make.add(PilotPermission(pilot=held_pilot(), position=1, expires_on=expires_on, **values))
    db.session.commit()
    return made


def told() -> dict[int, list[str]]:
    """The subjects that each person was sent."""
    found: dict[int, list[str]] = {}
    for person, subject in db.session.execute(sa.select(Notice.person_id, Notice.subject).order_by(Notice.id)):
        found.setdefault(person, []).append(subject)
    return found


@pytest.mark.parametrize(("left", "times"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1)])
def test_the_owner_is_told_a_month_and_a_week_before_and_nobody_twice(app: Flask, left: int, times: int) -> None:
    owner_id = permission(left).pilot.idea.owner_id
    make.staff("coordinator")
    db.session.commit()

    remind_permissions()
    remind_permissions()

    assert {person: len(subjects) for person, subjects in told().items()} == ({owner_id: 1} if times else {})


def test_when_it_has_run_out_the_coordinators_are_told_and_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    found, coordinator = permission(-1), make.staff("coordinator")
    make.account(coordinator)
    idea = found.pilot.idea
    db.session.commit()

    remind_permissions()
    page = make.sign_in(client, coordinator).get(f"/ideas/{idea.reference}/pilot").text

    subject = f"Run out: “{found.name}”, in the pilot of “{idea.title}”"
    assert told() == {idea.owner_id: [subject], coordinator.id: [subject]}
    assert "Nothing that needs it may go on until it is renewed." in page


def test_one_that_is_renewed_is_reminded_of_by_its_new_day(app: Flask) -> None:
    found = permission(5)
    remind_permissions()
    found = db.session.get_one(PilotPermission, found.id)
    found.expires_on = today() + dt.timedelta(days=28)
    db.session.commit()

    remind_permissions()

    assert [len(subjects) for subjects in told().values()] == [2]


@pytest.mark.parametrize("status", ["needed", "applied", "not_needed", "refused"])
def test_what_is_not_in_hand_does_not_run_out(app: Flask, status: str) -> None:
    permission(5, status=status)

    remind_permissions()

    assert told() == {}
