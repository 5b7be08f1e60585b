"""Commitments as a list, its sums and dates, and the same rows as open data; each fund finds its own and no other's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Affiliation, Person
from innovation.db import db, now
from innovation.events import Event, list_events
from innovation.funders.commands import committing, disclosing
from innovation.funders.commands import reporting as commands
from innovation.funders.commitment_models import Commitment, Disclosure
from innovation.funders.queries import commitments as queries
from innovation.funders.queries.commitments import Narrowed
from innovation.ideas.models import Wall
from innovation.permission import NotThere
from innovation.pipeline import due, work
from innovation.pipeline.calendar import feed
from innovation.pipeline.due import DueFilters
from tests import make
from tests.databases import statements
from tests.funders.funded import offered, standing
from tests.funders.held import faults_of, read_exactly, unflattened
from tests.funders.watching import Fund, fund, listed, page

AT = "/funders/commitments"


def got(client: FlaskClient, whose: Person, asked: str) -> Any:
    return make.sign_in(client, whose).get(f"{AT}?{asked}")


def rows(actor: Any, of: Any = None, **by: str) -> list[int]:
    query = queries.narrowed(queries.in_sight(actor, of), Narrowed(**by), now().date())
    return [each.id for each in db.session.scalars(queries.ordered(query, "offered"))]


def test_a_manager_lists_the_programme_and_a_fund_its_own_with_sums_by_currency(app: Flask) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    one = standing(idea, csi, 200_000_50, 200_000_50)
    two = standing(idea, trust, 30_000_00, currency="USD")
    three = offered(two.talk, trust, 10_000_00, instrument="access")
    manager = make.actor(make.staff("manager"))

    every = queries.in_sight(manager, None)

    sums = queries.sums_of(every)
    assert (rows(manager), rows(make.actor(csi.member), csi.funder)) == ([one.id, two.id, three.id], [one.id])
    assert {currency: total.committed for currency, total in sums.money.items()} == {
        "ZAR": 200_000_50,
        "USD": 30_000_00,
    }
    assert sums.in_kind == {}
    assert rows(manager, funder=trust.funder.key, state="offered") == [three.id]


def test_whoever_manages_another_programme_or_is_behind_a_wall_finds_none(app: Flask) -> None:
    idea, csi, manager = listed(), fund(), make.staff("manager")
    standing(idea, csi, 200_00)
    make.add(Wall(idea_id=idea.id, person_id=manager.id, why="declared"))

    found = rows(make.actor(manager))
    with pytest.raises(NotThere):
        queries.in_sight(make.actor(make.person()), None)

    assert found == []


def test_what_is_due_next_is_an_agreement_and_then_its_tranches(app: Flask) -> None:
    idea, csi, manager = listed(), fund(), make.actor(make.staff("manager"))
    waiting, signed = standing(idea, csi, 100_00), standing(idea, fund("Demo trust"), 200_00, 200_00)
    soon = now().date() + dt.timedelta(days=5)
    commands.arrange_commitment(make.actor(csi.admin), waiting, agree_by=soon)

    found = {each.id: queries.due_of(each) for each in db.session.scalars(sa.select(Commitment))}

    assert found == {waiting.id: soon, signed.id: dt.date(2027, 3, 1)}
    assert rows(manager, due="week") == [waiting.id]


def test_dates_of_commitments_stand_where_all_dates_stand(app: Flask) -> None:
    idea, csi = listed(), fund()
    standing(idea, csi, 100_00, agree_by=now().date())
    standing(idea, fund("Demo trust"), 200_00, 200_00)
    today = now().date()
    times = {"starts_on": today, "ends_on": today, "due_on": today}
    commands.begin_report(make.actor(idea.owner), idea, **times)
    manager = make.staff("manager")

    kinds = {
        person.id: sorted(
            each.kind for each in due.list_all_due(make.actor(person), DueFilters(), most=50, today=today)
        )
        for person in (idea.owner, csi.member, manager)
    }
    with app.test_request_context():
        body = feed(work.list_tasks(make.actor(csi.member), today), name="Gatehouse", root="https://gatehouse.example")

    every = ["agreement", "report", "tranche"]
    assert [[kind for kind in kinds[each] if kind in every] for each in kinds] == [every, ["agreement"], every]
    assert b"SUMMARY:Sign the agreement\\, and record it" in body
    assert idea.title.encode() not in body


# As open data


def with_receiver(csi: Fund) -> Commitment:
    """A commitment to an idea whose owner belongs to an organisation with a number."""
    idea = listed()
    make.add(Affiliation(person_id=idea.owner_id, organisation="Readers of Limpopo"))
    disclosing.record_registration(make.actor(idea.owner), idea, kind="npo", number="123-456")
    money = standing(idea, csi, 80_000_05, 80_000_05, purpose="Secret purpose", terms="Secret terms")
    committing.release_tranche(make.actor(csi.admin), money.tranches[0], released_on=now().date())
    return money


def test_grants_are_to_be_had_where_the_settings_say(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(base_url="https://gatehouse.example")
    with_receiver(fund())

    told = read_exactly(got(client, make.staff("manager"), "grants=json").get_data(as_text=True))

    assert (told["accessURL"], told["publisher"]["website"]) == ("https://gatehouse.example/",) * 2


def test_a_programme_exports_what_its_list_shows_as_grants_that_hold_against_the_schema(client: FlaskClient) -> None:
    csi, trust = fund(), fund("Demo trust")
    money = with_receiver(csi)
    other = standing(listed(), trust, 30_000_00, currency="USD")
    offered(other.talk, trust, 10_000_00)
    manager = make.staff("manager")

    whole = read_exactly(got(client, manager, "grants=json").get_data(as_text=True))
    one = read_exactly(got(client, manager, f"grants=json&funder={csi.funder.key}").get_data(as_text=True))
    flat = unflattened(got(client, manager, "grants=csv").data)

    grants = {grant["id"].rpartition("-")[2]: grant for grant in whole["grants"]}
    assert faults_of(whole) == []
    assert (set(grants), [grant["id"] for grant in one["grants"]]) == (
        {money.key, other.key},
        [grants[money.key]["id"]],
    )
    assert flat == whole["grants"]
    assert str(grants[money.key]["amountAwarded"]) == "80000.05"
    assert grants[money.key]["recipientOrganization"] == [{"id": "ZA-NPO-123-456", "name": "Readers of Limpopo"}]
    assert grants[other.key]["recipientOrganization"][0]["name"] == "Registered organisation"


def test_nothing_confidential_and_nobodys_name_is_in_an_export(client: FlaskClient) -> None:
    csi = fund()
    money = with_receiver(csi)
    people = [money.idea.owner.name, csi.member.name, csi.admin.name]

    texts = [got(client, make.staff("manager"), f"grants={kind}").get_data(as_text=True) for kind in ("json", "csv")]

    assert [word for text in texts for word in ("Secret", *people, money.idea.reference) if word in text] == []


def test_a_fund_exports_its_own_and_of_the_receiver_what_was_opened_to_it(client: FlaskClient) -> None:
    csi = fund()
    money = with_receiver(csi)
    standing(money.idea, fund("Demo trust"), 1_000_00)

    closed = read_exactly(got(client, csi.member, "grants=json").get_data(as_text=True))["grants"]
    disclosing.disclose_fields(make.actor(money.idea.owner), money.talk.interest, fields=["registrations"])
    opened = read_exactly(got(client, csi.member, "grants=json").get_data(as_text=True))["grants"]

    noted = [event.kind for event in list_events(f"idea:{money.idea_id}")].count("disclosed_read")
    recipients = [each[0]["recipientOrganization"][0]["id"] for each in (closed, opened)]
    assert (len(closed), noted) == (1, 1)
    assert [each.rpartition("ORG-")[2] for each in recipients] == [money.key, "ZA-NPO-123-456"]


def test_an_export_of_many_grants_asks_the_database_as_often_as_one_of_one(client: FlaskClient) -> None:
    csi = fund()
    asked = []
    for more in (1, 29):
        for _each in range(more):
            money = standing(listed(), csi, 1_000_00)
            about = {"interest_id": money.talk.interest_id, "field": "registrations"}
            make.add(Disclosure(disclosed_by_id=money.idea.owner_id, **about))
        db.session.commit()
        with statements() as sent:
            text = got(client, csi.member, "grants=json").get_data(as_text=True)
        noting = [each for each in sent if each.startswith("INSERT INTO event ")]  # one row for each reading
        asked.append((len(read_exactly(text)["grants"]), len(sent) - len(noting)))

    noted = db.session.scalar(sa.select(sa.func.count()).where(Event.kind == "disclosed_read"))
    assert [grants for grants, _sent in asked] == [1, 30]
    assert asked[1][1] == asked[0][1]
    assert noted == 1 + 30


def test_what_became_of_a_commitment_is_what_its_grant_says(client: FlaskClient) -> None:
    """Cut short after a tranche, taken back whole, in kind, and whole: several funders of one idea."""
    idea, csi, manager = listed(), fund(), make.staff("manager")
    cut = standing(idea, csi, 100_000_00, 36_000_00, 64_000_00)
    committing.release_tranche(make.actor(csi.admin), cut.tranches[0], released_on=now().date())
    committing.withdraw_commitment(make.actor(csi.admin), cut, reason="The budget was cut.")
    gone = fund("Demo leaver")
    left = standing(idea, gone, 5_000_00)
    committing.withdraw_commitment(make.actor(gone.admin), left, reason="We leave.")
    kind = standing(idea, fund("Demo skills"), 20_000_00, instrument="pro_bono")
    whole = standing(idea, fund("Demo trust"), 30_000_50, currency="USD")

    package = read_exactly(got(client, manager, "grants=json").get_data(as_text=True))
    flat = unflattened(got(client, manager, "grants=csv").data)

    found = {
        grant["id"].rpartition("-")[2]: (grant["currency"], str(grant["amountAwarded"]), str(grant["amountDisbursed"]))
        for grant in package["grants"]
    }
    assert faults_of(package) == []
    assert flat == package["grants"]
    assert found == {
        cut.key: ("ZAR", "36000.00", "36000.00"),
        kind.key: ("ZAR", "20000.00", "0.00"),
        whole.key: ("USD", "30000.50", "0.00"),
    }


@pytest.mark.parametrize("kind", ["parent", "member", "board"])
def test_where_the_owner_only_belongs_is_not_named_as_who_receives(client: FlaskClient, kind: str) -> None:
    idea = listed()
    make.add(Affiliation(person_id=idea.owner_id, organisation="Demo primary school", kind=kind))
    standing(idea, fund(), 1_000_00)

    assert "Demo primary school" not in got(client, make.staff("manager"), "grants=json").get_data(as_text=True)


def test_an_individual_who_funds_is_not_named_in_their_own_export_either(client: FlaskClient) -> None:
    csi = fund("Demo giver")
    csi.funder.kind, csi.funder.org_id = "INDIVIDUAL", "someone"
    standing(listed(), csi, 1_000_00)

    text = got(client, csi.member, "grants=json").get_data(as_text=True)

    assert [word for word in ("Demo giver", csi.funder.key, "someone") if word in text] == []
    assert faults_of(read_exactly(text)) == []


def test_of_an_idea_that_is_not_shared_a_fund_is_told_its_own_money_only(client: FlaskClient) -> None:
    csi = fund()
    money = with_receiver(csi)
    money.idea.listed_at = None
    db.session.commit()

    text = got(client, csi.member, "grants=json").get_data(as_text=True)
    shown = page(client, csi.member, AT)[1]

    hidden = (money.idea.title, money.idea.summary, "Readers of Limpopo")
    assert [word for word in hidden if word in text or word in shown] == []
    assert faults_of(read_exactly(text)) == []


def test_where_nothing_is_a_grant_yet_the_list_says_so(client: FlaskClient) -> None:
    csi = fund()
    standing(listed(), csi, 10_000_00, state="offered")

    answer = got(client, csi.member, "grants=json")

    assert (answer.status_code, answer.location) == (302, AT)
