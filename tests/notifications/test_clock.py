"""What happens by the clock: reminders around dates, holds, and nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from innovation import clock, reminders
from innovation.accounts.models import Person, UserSession
from innovation.db import db, now
from innovation.gates import commands as gates
from innovation.gates.assignment_models import Assignment
from innovation.gates.models import Condition, Decision, Review
from innovation.ideas.models import Idea, Wall
from innovation.notifications import messages
from innovation.notifications.days import escalation_day, reminder_day
from innovation.notifications.models import Notice
from tests import make

MORNING = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


@pytest.fixture
def monday() -> Iterator[None]:
    """Nobody is reminded on a day off, whenever this is run."""
    with time_machine.travel(MORNING, tick=False):
        yield


def subjects() -> list[str]:
    return list(db.session.scalars(sa.select(Notice.subject).order_by(Notice.id)))


def review_due(days: int) -> Review:
    idea = make.idea(place="at_screening", title="Reading clubs")
    panel = make.panel(size=4)
    db.session.commit()
    coordinator = make.actor(make.staff("coordinator"))
    due = reminders.today() + dt.timedelta(days=days)
    return gates.convene_panel(coordinator, idea, panel_id=panel.id, due_on=due, sooner="The year ends.")


def condition_due(days: int, **more: object) -> Condition:
    idea = make.idea(make.person("Owner"), place="concept", title="Reading clubs")
    panel = make.panel()
    review = make.add(
        Review(
            idea_id=idea.id, panel_id=panel.id, gate_key="screening", round=1, revision_id=1, state="decided", quorum=3
        )
    )
    decision = make.add(Decision(review_id=review.id, idea_id=idea.id, outcome="conditional", rationale="Yes, if."))
    values = {
        "text": "Name a contact",
        "due_on": reminders.today() + dt.timedelta(days=days),
        "owner_id": idea.owner_id,
    }
    made = make.add(Condition(decision_id=decision.id, idea_id=idea.id, gate_key="screening", **(values | more)))
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("left", "since"), [(8, None), (7, 0), (6, 3), (3, 4), (2, 0), (1, 3), (0, 3), (-1, 0), (-2, 0), (-9, 7)]
)
def test_people_are_reminded_on_working_days_a_week_and_two_days_before_and_the_day_after(
    left: int, since: int | None
) -> None:
    day = dt.date(2026, 11, 23)  # a Monday

    found = reminder_day(day + dt.timedelta(days=left), day)

    assert found == (None if since is None else day - dt.timedelta(days=since))


def test_nobody_is_reminded_or_chased_on_a_public_holiday() -> None:
    christmas_eve, boxing_day = dt.date(2026, 12, 24), dt.date(2026, 12, 26)  # Thursday, Saturday

    after = reminder_day(christmas_eve, dt.date(2026, 12, 31), "ZA")
    before = reminder_day(dt.date(2026, 12, 28), boxing_day, "ZA")

    assert (after, before) == (dt.date(2026, 12, 28), christmas_eve)
    assert escalation_day(dt.date(2026, 12, 22), "ZA") == dt.date(2026, 12, 28)


def test_a_reminder_that_fell_into_a_week_without_a_worker_is_made_up_for_once(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False):
        review_due(9)
        reminders.remind_seats()
    with time_machine.travel(MORNING + dt.timedelta(days=8), tick=False):  # the day before the date
        reminders.remind_seats()
    with time_machine.travel(MORNING + dt.timedelta(days=8, hours=1), tick=False):
        reminders.remind_seats()

    assert subjects() == ["Due on 2 Dec 2026: your review of “Reading clubs”"] * 4


def test_whoever_is_seated_shortly_before_the_date_is_not_reminded_at_once(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False):
        review_due(5)
        reminders.remind_seats()

    assert subjects() == []


@pytest.mark.usefixtures("monday")
def test_a_reminder_that_fails_holds_up_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = condition_due(2), condition_due(2)
    write = messages.condition_due

    def stumble(found: Condition, *, today: dt.date) -> Any:
        if found.id == broken.id:
            raise ValueError("the printer is on fire")
        return write(found, today=today)

    monkeypatch.setattr(messages, "condition_due", stumble)

    reminders.remind_conditions()

    told = list(db.session.scalars(sa.select(Notice.why)))
    assert [why.split(":")[1] for why in told] == [str(sound.id)]


@pytest.mark.usefixtures("monday")
def test_members_who_still_owe_are_reminded_once_a_day(app: Flask) -> None:
    review_due(2)

    reminders.remind_seats()
    reminders.remind_seats()

    day = reminders.today() + dt.timedelta(days=2)
    assert len(subjects()) == 4
    assert set(subjects()) == {f"Due on {day.day} {day:%b %Y}: your review of “Reading clubs”"}


def test_members_of_a_review_on_hold_are_left_in_peace(app: Flask) -> None:
    review = review_due(2)
    db.session.execute(sa.update(Idea).where(Idea.id == review.idea_id).values(standing="held"))
    db.session.commit()

    reminders.remind_seats()

    assert subjects() == []


def test_whoever_owes_a_condition_is_reminded_again_the_day_after(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False):
        condition_due(2)
        reminders.remind_conditions()
    with time_machine.travel(MORNING + dt.timedelta(days=3), tick=False):
        reminders.remind_conditions()

    assert subjects() == [
        "Due on 25 Nov 2026: a condition of “Reading clubs”",
        "Overdue: a condition of “Reading clubs”",
    ]


def test_the_coordinator_is_told_once_who_holds_a_late_panel_up(app: Flask) -> None:
    make.account(make.staff("coordinator"))
    with time_machine.travel(MORNING, tick=False):
        review_due(0)
    with time_machine.travel(MORNING + dt.timedelta(days=2), tick=False):
        reminders.escalate_reviews()
    told_early = subjects()
    with time_machine.travel(MORNING + dt.timedelta(days=3), tick=False):
        reminders.escalate_reviews()
        reminders.escalate_reviews()

    texts = list(db.session.scalars(sa.select(Notice.text)))
    assert (told_early, subjects()) == ([], ["Late: the panel for “Reading clubs”"])
    assert ["Still to declare or score: " in text for text in texts] == [True]


def test_a_coordinator_who_owns_the_idea_is_not_told_who_sits_for_it(app: Flask) -> None:
    coordinator = make.staff("coordinator")
    make.account(coordinator)
    review = review_due(0)
    review.idea.owner_id = coordinator.id
    review.due_on = reminders.today() - dt.timedelta(days=4)
    db.session.commit()

    reminders.escalate_reviews()

    assert subjects() == []


@pytest.mark.usefixtures("monday")
def test_the_coordinator_is_told_once_of_a_condition_that_is_late(app: Flask) -> None:
    make.account(make.staff("coordinator"))
    condition_due(-3)
    condition_due(-2)

    reminders.escalate_conditions()
    reminders.escalate_conditions()

    assert subjects() == ["Late: a condition of “Reading clubs”"]


@pytest.mark.parametrize(("place", "told"), [("concept", "Owner"), ("at_screening", "Coordinator")])
def test_whoever_is_to_act_is_reminded_of_the_date_of_an_idea(app: Flask, place: str, told: str) -> None:
    make.account(make.staff("coordinator")).person.name = "Coordinator"
    long_ago = now() - dt.timedelta(days=30)
    soon = reminders.today() + dt.timedelta(days=7)
    make.idea(make.person("Owner"), place=place, due_on=soon, place_since=long_ago, title="Reading clubs")
    db.session.commit()

    reminders.remind_ideas()
    reminders.remind_ideas()

    names = list(db.session.scalars(sa.select(Person.name).join(Notice, Notice.person_id == Person.id)))
    assert (names, subjects()) == ([told], [f"Due on {soon.day} {soon:%b %Y}: “Reading clubs”"])


def test_an_overdue_blocking_condition_puts_the_idea_on_hold_once(app: Flask) -> None:
    found = condition_due(-1, blocking=True)

    clock.hold_for_overdue()
    clock.hold_for_overdue()

    db.session.expire_all()
    assert found.idea.state == ("concept", "held")


def test_a_condition_that_does_not_block_holds_nothing(app: Flask) -> None:
    found = condition_due(-1)

    clock.hold_for_overdue()

    db.session.expire_all()
    assert found.idea.standing == "active"


def test_the_coordinator_is_told_once_when_a_hold_ends(app: Flask) -> None:
    make.account(make.staff("coordinator"))
    make.idea(place="at_screening", standing="held", held_until=reminders.today(), title="Reading clubs")
    make.idea(place="at_screening", standing="held", held_until=reminders.today() + dt.timedelta(days=1))
    db.session.commit()

    clock.tell_ended_holds()
    clock.tell_ended_holds()

    assert subjects() == ["The hold has ended: “Reading clubs”"]


def test_sessions_that_ended_long_ago_are_forgotten(app: Flask) -> None:
    account = make.account(make.person())
    for number, days in enumerate((1, -1, -91)):
        make.add(
            UserSession(account_id=account.id, token_digest=f"t{number}", expires_at=now() + dt.timedelta(days=days))
        )
    db.session.commit()

    clock.sweep_sessions()

    assert list(db.session.scalars(sa.select(UserSession.token_digest))) == ["t0", "t1"]


def test_suggestions_of_reviewers_are_forgotten_with_the_reports(app: Flask) -> None:
    asked = {"programme_id": make.programme().id, "gate_key": "screening", "asked_by_id": make.person().id, "ideas": []}
    for days in (1, 91):
        make.add(Assignment(**asked, asked_at=now() - dt.timedelta(days=days)))
    db.session.commit()

    clock.sweep_suggestions()

    assert len(list(db.session.scalars(sa.select(Assignment)))) == 1


def test_one_piece_that_fails_stops_no_other_and_none_runs_before_its_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError

    def works() -> None:
        done.append("works")

    monkeypatch.setattr(clock, "CLOCK", (clock.Work(fails, clock.HOUR), clock.Work(works, clock.HOUR)))
    monkeypatch.setattr(clock, "_last", {})

    clock.run_due()
    clock.run_due()

    assert done == ["works"]


@pytest.mark.usefixtures("monday")
def test_whoever_owes_a_condition_is_not_reminded_once_its_idea_is_closed_to_them(app: Flask) -> None:
    owing = make.person("Owing Person")
    found = condition_due(2, owner_id=owing.id)
    reminders.remind_conditions()
    before = subjects()
    db.session.execute(sa.delete(Notice))
    make.add(Wall(idea_id=found.idea_id, person_id=owing.id, why="seat:1"))
    db.session.commit()

    reminders.remind_conditions()

    assert (len(before), subjects()) == (1, [])
