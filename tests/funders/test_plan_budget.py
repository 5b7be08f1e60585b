"""A funder's people ask what a budget does best; the worker finds it, and nobody else reads it."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import RoleGrant
from innovation.db import db, now
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.jobs.models import Job
from tests import make
from tests.funders.funded import committed
from tests.funders.watching import fund, listed, page


def ask(client: FlaskClient, whose: object, **typed: str) -> tuple[int, str]:
    answer = make.sign_in(client, whose).post("/funders/plan", data={"budget": "1 000 000", "steps": "1"} | typed)  # type: ignore[arg-type]
    return answer.status_code, answer.headers.get("Location", answer.text)


def asking(*rand: int) -> list[Idea]:
    """Listed ideas with these asks."""
    found = [listed() for _each in rand]
    for idea, amount in zip(found, rand, strict=True):
        make.ask(idea, number=2, amount_cents=amount * 100)
    return found


def test_the_plan_names_what_to_fund_what_rules_cost_and_what_else_would_do(client: FlaskClient) -> None:
    asking(600_000, 500_000, 400_000)
    csi = fund()
    _status, address = ask(client, csi.member, most="550 000")

    running.run_owed()

    _status, text = page(client, csi.member, address)
    assert "There is no better plan within your rules. This is proven." in text
    assert "R400\u00a0000" in text
    assert "At most R550\u00a0000 for one idea" in text
    assert text.count("Another plan") >= 1
    assert make.first(Job, kind="budget").done == 4


def test_an_idea_that_closes_afterwards_is_not_named_any_more(client: FlaskClient) -> None:
    [idea] = asking(300_000)
    csi = fund()
    _status, address = ask(client, csi.member)
    running.run_owed()
    before = page(client, csi.member, address)[1]

    ideas.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")

    after = page(client, csi.member, address)[1]
    assert (idea.reference in before, idea.reference in after, idea.title in after) == (True, False, False)
    assert "An idea that is not shown to you any more" in after


def test_another_funders_people_do_not_find_the_plan_and_who_has_left_does_not_either(client: FlaskClient) -> None:
    csi, other = fund(), fund()
    _status, address = ask(client, csi.member)

    of_another = page(client, other.member, address)[0]
    db.session.execute(sa.update(RoleGrant).filter_by(person_id=csi.member.id).values(ended_at=now()))
    db.session.commit()

    assert (of_another, page(client, csi.member, address)[0]) == (404, 404)


def test_what_the_funder_has_committed_already_is_not_planned_again(client: FlaskClient) -> None:
    [idea] = asking(300_000)
    csi = fund()
    committed(idea, csi, 200_000_00)
    _status, address = ask(client, csi.member)

    running.run_owed()
    planned = page(client, csi.member, address)[1]

    assert "R100\u00a0000" in planned
    assert "What others have committed is not taken off." in planned


def test_the_same_question_sent_twice_is_asked_once(client: FlaskClient) -> None:
    csi = fund()

    addresses = {ask(client, csi.member, once="the same form")[1] for _time in range(2)}

    assert (len(addresses), db.session.query(Job).count()) == (1, 1)


def test_what_makes_no_sense_is_asked_again_with_all_that_was_typed(client: FlaskClient) -> None:
    csi = fund()

    status, text = ask(client, csi.member, budget="much", province_share="40", most_ideas="0")

    assert status == 422
    assert 'value="much"' in text
    assert "Choose the province, too." in text
    assert "Write a whole number from 1 to 500." in text
    assert db.session.query(Job).count() == 0
