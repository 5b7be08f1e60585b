"""A programme manager asks who should fund what; the worker finds it, and no funder reads it."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.accounts.models import Person
from innovation.db import db
from innovation.funders.commands import workspace
from innovation.funders.commitment_models import Commitment
from innovation.funders.flows import MOST_BARS, Flow, draw
from innovation.funders.models import Funder, GrantBudget, GrantProgramme, Interest
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.jobs.models import Job
from innovation.notifications.models import Message
from innovation.web import today
from tests import make
from tests.funders.funded import committed
from tests.funders.test_plan_budget import asking
from tests.funders.watching import Fund, fund, page


def manager() -> Person:
    found = make.staff("manager", programme_id=make.programme().id)
    db.session.commit()
    return found


def ask(
    client: FlaskClient, whose: Person, *budgets: tuple[Fund, int | str], steps: str = "1", **rules: str
) -> TestResponse:
    """Budgets in rand; the rules are those of the first funder."""
    query = "&".join(f"fund={each.funder.key}" for each, _rand in budgets)
    data = {f"funder{each.funder.id}-budget": str(rand) for each, rand in budgets}
    data |= {f"funder{budgets[0][0].funder.id}-{name}": value for name, value in rules.items()}
    return make.sign_in(client, whose).post(f"/funders/plan/together?{query}", data=data | {"steps": steps})


def found(client: FlaskClient, whose: Person, *budgets: tuple[Fund, int], steps: str = "1") -> list[dict[str, str]]:
    """The rows of the plan's file."""
    address = ask(client, whose, *budgets, steps=steps).headers["Location"]
    running.run_owed()
    text = page(client, whose, f"{address}?export=csv")[1]
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def amounts(rows: list[dict[str, str]]) -> dict[tuple[str, str], float]:
    return {(row["Funder"], row["Reference"]): float(row["Amount, rand"]) for row in rows}


def test_two_funders_share_what_neither_can_pay_alone(client: FlaskClient) -> None:
    [idea] = asking(600_000)
    one, two = fund("Demo one"), fund("Demo two")

    rows = found(client, manager(), (one, 300_000), (two, 300_000), steps="2")

    assert amounts(rows) == {("Demo one", idea.reference): 300_000, ("Demo two", idea.reference): 300_000}


def test_a_funder_that_does_not_fund_with_others_pays_all_or_nothing(client: FlaskClient) -> None:
    idea, shared = asking(400_000, 500_000)
    alone, other, third = fund("Demo alone", co_fund=False), fund("Demo other"), fund("Demo third")
    committed(shared, third, 100_000_00)

    rows = found(client, manager(), (alone, 900_000), (other, 200_000), steps="2")

    assert amounts(rows) == {("Demo alone", idea.reference): 400_000, ("Demo other", shared.reference): 200_000}


def test_what_anybody_has_committed_is_not_planned_again(client: FlaskClient) -> None:
    [idea] = asking(300_000)
    giver, asked = fund("Demo giver"), fund("Demo asked")
    committed(idea, giver, 200_000_00)

    rows = found(client, manager(), (asked, 900_000))

    assert amounts(rows) == {("Demo asked", idea.reference): 100_000}


def test_what_a_funder_has_passed_on_stays_its_own_affair(client: FlaskClient) -> None:
    [idea] = asking(300_000)
    csi = fund()
    workspace.pass_idea(make.actor(csi.member), csi.funder, idea=idea, reason="time")

    rows = found(client, manager(), (csi, 900_000))

    assert [row["Reference"] for row in rows] == [idea.reference]


def test_the_budget_of_the_year_stands_in_the_form(client: FlaskClient) -> None:
    csi = fund()
    grant = db.session.query(GrantProgramme).one()
    for year, amount in ((today().year, 1_200_000_00), (today().year - 1, 5_00)):
        make.add(GrantBudget(programme_id=grant.id, year=year, amount_minor=amount))
    db.session.commit()

    text = page(client, manager(), f"/funders/plan/together?fund={csi.funder.key}")[1]

    assert 'value="1 200 000"' in text


def test_the_page_shows_the_picture_the_budgets_and_what_each_rule_costs(client: FlaskClient) -> None:
    asking(600_000, 500_000, 400_000)
    whose, csi, other = manager(), fund("Demo CSI"), fund("Demo other")
    address = ask(client, whose, (csi, 1_000_000), (other, 500_000), most="550 000").headers["Location"]
    running.run_owed()

    text = page(client, whose, address)[1]

    assert "There is no better plan within these rules. This is proven." in text
    assert 'class="flows"' in text
    assert "At most R550\u00a0000 for one idea" in text
    assert make.first(Job, kind="budgets").done == make.first(Job, kind="budgets").total


def test_a_plan_offers_and_sends_nothing(client: FlaskClient) -> None:
    asking(300_000)

    found(client, manager(), (fund(), 900_000))

    models = (Interest, Commitment, Message)
    assert [db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in models] == [0, 0, 0]


def test_only_a_manager_who_works_for_no_funder_asks_and_only_who_asked_reads(client: FlaskClient) -> None:
    csi = fund()
    both = make.grant(manager(), "funder_member", funder_id=csi.funder.id)
    db.session.commit()
    address = ask(client, manager(), (csi, 900_000)).headers["Location"]

    readers = [csi.member, csi.admin, both, manager()]

    assert [page(client, each, address)[0] for each in readers] == [404] * 4
    assert [page(client, each, "/funders/plan/together")[0] for each in readers] == [403, 403, 403, 200]


def test_ideas_of_another_programme_and_behind_a_wall_are_left_out(client: FlaskClient) -> None:
    own, closed = asking(300_000, 300_000)
    elsewhere = make.programme("other")
    whose, csi = manager(), fund()
    db.session.execute(sa.update(Idea).where(Idea.id == closed.id).values(programme_id=elsewhere.id))
    db.session.commit()

    rows = found(client, whose, (csi, 900_000))

    assert [row["Reference"] for row in rows] == [own.reference]


def test_an_idea_that_closes_afterwards_is_not_named_any_more(client: FlaskClient) -> None:
    [idea] = asking(300_000)
    whose = manager()
    address = ask(client, whose, (fund(), 900_000)).headers["Location"]
    running.run_owed()

    ideas.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")

    text = page(client, whose, address)[1]
    assert (idea.reference in text, idea.title in text) == (False, False)
    assert "An idea that is not shared with funders any more" in text


def test_a_funder_that_does_not_want_to_be_found_is_not_offered(client: FlaskClient) -> None:
    shy = fund("Demo shy fund")
    db.session.execute(sa.update(Funder).values(visibility="hidden"))
    db.session.commit()

    text = page(client, manager(), f"/funders/plan/together?fund={shy.funder.key}")[1]

    assert "Demo shy fund" not in text
    assert "No funder can be planned with yet" in text


@pytest.mark.parametrize("typed", [{"most_ideas": "0"}, {"province_share": "40"}])
def test_what_makes_no_sense_is_asked_again_with_all_that_was_typed(client: FlaskClient, typed: dict[str, str]) -> None:
    csi = fund()

    answer = ask(client, manager(), (csi, 123_456), **typed)

    assert (answer.status_code, 'value="123456"' in answer.text) == (422, True)
    assert db.session.query(Job).count() == 0


def test_an_error_names_the_fund_whose_budget_it_is(client: FlaskClient) -> None:
    one, two = fund("Demo one"), fund("Demo two")

    text = " ".join(ask(client, manager(), (one, 0), (two, 100_000), most_ideas="0").text.split())
    empty = " ".join(ask(client, manager(), (one, 100_000), (two, " ")).text.split())

    assert f'<a href="#funder{one.funder.id}-budget">Demo one, Budget</a>: Write an amount above nought.' in text
    assert f'<a href="#funder{one.funder.id}-most_ideas">Demo one, At most so many ideas</a>: ' in text
    assert f'<a href="#funder{two.funder.id}-budget">Demo two, Budget</a>: Please fill this in.' in empty
    assert ("Demo two, " in text, "Demo one, " in empty) == (False, False)


def test_bands_are_as_broad_as_their_money_and_small_ideas_share_a_bar() -> None:
    picture = draw([Flow(1, 7, 600), Flow(2, 7, 200), Flow(2, 8, 200)])
    many = draw([Flow(1, idea, 100 + idea) for idea in range(1, 40)])

    assert [(bar.key, bar.height) for bar in picture.funders] == [(1, 180.0), (2, 120.0)]
    assert [(bar.key, bar.height) for bar in picture.ideas] == [(7, 240.0), (8, 60.0)]
    assert [(band.funder, band.idea, band.cents) for band in picture.bands] == [(1, 7, 600), (2, 7, 200), (2, 8, 200)]
    assert (len(many.ideas), many.ideas[-1].key, many.together) == (MOST_BARS, 0, 40 - MOST_BARS)


def test_going_on_without_a_funder_says_that_one_is_to_be_chosen(client: FlaskClient) -> None:
    fund()
    make.sign_in(client, make.staff("manager"))

    first = client.get("/funders/plan/together").get_data(as_text=True)
    without = client.get("/funders/plan/together?step=budgets").get_data(as_text=True)

    assert ["Tick at least one funder." in text for text in (first, without)] == [False, True]
