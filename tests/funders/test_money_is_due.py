"""Nobody waits for money because somebody forgot: what is due stands in My work, and people are told of it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from innovation import money_reminders, reminders
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.notifications.models import Notice
from innovation.pilots import commands as pilots
from innovation.pipeline import work
from tests import make
from tests.funders.funded import agreed, committed, examined, offered
from tests.funders.watching import fund, listed


def tasks(app: Flask, person: Person) -> list[str]:
    with app.test_request_context():
        return [task.text for task in work.list_tasks(make.actor(person), now().date())]


def test_what_is_to_be_done_about_money_stands_in_my_work(app: Flask) -> None:
    idea, csi, trust, coordinator = listed(), fund(), fund("Demo trust"), make.staff("coordinator")
    offered(examined(idea, trust), trust, 100_00)
    agreed(idea, csi, 200_00)
    soon = now().date() + dt.timedelta(days=5)
    shown = pilots.plan_milestone(make.actor(idea.owner), idea, title="Four clubs", due_on=soon)
    pilots.plan_milestone(make.actor(idea.owner), idea, title="Eight clubs", due_on=soon)
    pilots.show_milestone(make.actor(idea.owner), shown, evidence="Four lists.")

    found = {who: set(tasks(app, person)) for who, person in (("owner", idea.owner), ("staff", coordinator))}
    funds = [set(tasks(app, by.member)) for by in (csi, trust)]

    assert found["owner"] >= {"Answer the offer of Demo trust", "Reach a milestone, and show it"}
    assert "Look at a milestone" in found["staff"]
    assert ["Release a tranche" in each for each in funds] == [True, False]


def test_who_can_act_is_told_before_the_day_of_a_milestone_and_of_a_tranche(app: Flask) -> None:
    idea, csi = listed(), fund()
    commitment = agreed(idea, csi, 200_00)
    soon = reminders.today() + dt.timedelta(days=1)
    milestone = pilots.plan_milestone(make.actor(idea.owner), idea, title="Eight clubs", due_on=soon)
    make.account(csi.member)
    milestone.planned_at = commitment.answered_at = now() - dt.timedelta(days=30)
    commitment.tranches[0].due_on = soon
    db.session.commit()

    for _round in range(2):
        money_reminders.remind_milestones()
        money_reminders.remind_tranches()

    rows = db.session.execute(sa.select(Notice.person_id, Notice.subject).order_by(Notice.id)).all()
    assert [tuple(row) for row in rows] == [
        (idea.owner_id, f"Milestone of “{idea.title}”: Eight clubs"),
        (csi.member.id, f"News of your talks about {idea.reference}"),
    ]


def test_the_owner_and_the_coordinator_are_told_once_that_an_agreement_is_late(app: Flask) -> None:
    idea, csi, coordinator = listed(), fund(), make.staff("coordinator")
    commitment = committed(idea, csi, 200_00)
    signed = agreed(listed(), csi, 100_00)
    for person in (idea.owner, csi.member, coordinator):
        make.account(person)
    for each in (commitment, signed):
        each.agree_by = reminders.today() - dt.timedelta(days=10)
    db.session.commit()

    for _round in range(2):
        money_reminders.escalate_agreements()

    rows = db.session.execute(sa.select(Notice.person_id, Notice.subject).order_by(Notice.person_id)).all()
    letter = f"No agreement yet: {csi.funder.name} and “{idea.title}”"
    assert [tuple(row) for row in rows] == [(idea.owner_id, letter), (coordinator.id, letter)]
