"""Interest that nobody answers: the owner is reminded, then it ends for both, and the fund may ask again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import money_reminders, worker
from innovation.db import db, now
from innovation.events import list_events
from innovation.funders import commands
from innovation.funders.freshness import ends_on
from innovation.funders.models import Interest
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from innovation.pipeline import work
from tests import make
from tests.funders.watching import Fund, fund, listed, page
from workflows import Refused


def shown_before(days: int) -> tuple[Interest, Fund]:
    """An interest that waits since so many days; owner and funder sign in."""
    idea, csi = listed(), fund()
    interest = csi.interested(idea)
    interest.shown_at = now() - dt.timedelta(days=days)
    for person in (idea.owner, csi.member):
        make.account(person)
    db.session.commit()
    return interest, csi


def notices() -> list[tuple[int, str]]:
    return [(n.person_id, n.subject) for n in db.session.scalars(sa.select(Notice).order_by(Notice.id))]


@pytest.mark.parametrize(("days", "state"), [(59, "shown"), (61, "expired")])
def test_interest_that_nobody_answers_ends_after_sixty_days(app: Flask, days: int, state: str) -> None:
    interest, _csi = shown_before(days)

    money_reminders.expire_interests()

    assert db.session.get_one(Interest, interest.id).state == state


def test_the_owner_is_reminded_once_before_an_interest_ends(app: Flask) -> None:
    interest, _csi = shown_before(50)
    later, _other = shown_before(10)

    for _round in range(2):
        money_reminders.remind_interests()

    found = [(person, subject) for person, subject in notices() if "still waits" in subject]
    assert found == [(interest.idea.owner_id, f"Interest in “{interest.idea.title}” still waits for you")]
    assert later.state == "shown"


def test_both_sides_are_told_that_it_ended_and_the_fund_may_ask_again(app: Flask) -> None:
    interest, csi = shown_before(61)
    idea = interest.idea
    worker.deliver_owed()
    before = len(notices())

    money_reminders.expire_interests()
    worker.deliver_owed()

    event = list_events(f"idea:{idea.id}")[0]
    assert (event.kind, event.actor_id) == ("interest_expired", None)
    assert sorted(notices()[before:]) == sorted(
        [
            (idea.owner_id, f"Interest ended without an answer: “{idea.title}”"),
            (csi.member.id, f"No answer in time: {idea.reference}"),
        ]
    )
    assert csi.interested(idea).state == "shown"


def test_what_ended_cannot_be_answered_and_no_contact_is_shown(client: FlaskClient) -> None:
    interest, csi = shown_before(61)
    money_reminders.expire_interests()
    interest = db.session.get_one(Interest, interest.id)
    idea = interest.idea

    with pytest.raises(Refused):
        commands.accept_interest(make.actor(idea.owner), interest)

    _status, own = page(client, idea.owner, f"/ideas/{idea.reference}/interests")
    assert "Not answered in time" in own
    assert "Accept and be introduced" not in own
    status, pack = page(client, csi.member, f"/funders/ideas/{idea.reference}")
    assert (status, "has not answered your interest in time" in pack, "Show interest again</button>" in pack) == (
        200,
        True,
        True,
    )
    for address in ("/funders/ideas", "/funders/interests?state=expired"):
        assert page(client, csi.member, address)[0] == 200


def test_the_day_by_which_to_answer_stands_in_my_work(app: Flask) -> None:
    interest, _csi = shown_before(50)

    with app.test_request_context():
        [due] = [task.due_on for task in work.list_tasks(make.actor(interest.idea.owner), now().date()) if task.due_on]

    assert due == ends_on(interest.shown_at) - dt.timedelta(days=1)


def test_nobody_but_the_clock_lets_an_interest_end(app: Flask) -> None:
    interest, csi = shown_before(61)

    for person in (interest.idea.owner, csi.admin, make.staff("manager")):
        with pytest.raises(Forbidden):
            commands.expire_interest(make.actor(person), interest)
