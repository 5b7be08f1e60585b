"""Confidential fields: opened one by one, read on the record, closed at any time, and never seen by another fund."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import list_events
from innovation.funders.commands import disclosing
from innovation.funders.commitment_models import Registration
from innovation.funders.models import Interest
from innovation.funders.queries import disclosed
from innovation.ideas.models import Idea
from innovation.permission import Forbidden
from tests import make
from tests.architecture.walk import read
from tests.funders.funded import introduced
from tests.funders.watching import Fund, fund, listed, page

WORDS = "What the accounts say is a CANARY."


def opened(idea: Idea, by: Fund, *fields: str) -> Interest:
    """An introduced fund to which the owner has opened these fields; the accounts are handed in."""
    interest = introduced(idea, by)
    disclosing.hand_in_paper(make.actor(idea.owner), idea, item="accounts", text=WORDS)
    disclosing.disclose_fields(make.actor(idea.owner), interest, fields=fields)
    return interest


def reads(client: FlaskClient, by: Fund, idea: Idea) -> tuple[int, str]:
    return page(client, by.member, f"/funders/ideas/{idea.reference}/disclosed")


def test_each_field_is_opened_and_closed_by_itself_with_an_event(app: Flask) -> None:
    idea, csi = listed(), fund()
    interest = opened(idea, csi, "paper:accounts", "totals")

    disclosing.disclose_fields(make.actor(idea.owner), interest, fields=["totals", "funders"])

    told = [(event.kind, event.data["field"]) for event in list_events(f"idea:{idea.id}")[:2]]
    assert disclosed.disclosed_keys(interest) == {"totals", "funders"}
    assert told == [("disclosure_revoked", "paper:accounts"), ("field_disclosed", "funders")]


def test_a_reading_is_noted_before_it_is_shown_and_the_owner_sees_it(app: Flask, client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = opened(idea, csi, "paper:accounts")

    status, text = reads(client, csi, idea)

    readings = [(reading.who, reading.fields) for reading in disclosed.list_readings(interest)]
    owners = page(client, idea.owner, f"/ideas/{idea.reference}/disclosures/{interest.id}")
    assert (status, "CANARY" in text) == (200, True)
    assert readings == [(csi.member.name, ("paper:accounts",))]
    assert csi.member.name in owners[1]


@pytest.mark.parametrize("why", ["closed again", "another fund", "not introduced", "not shared any more"])
def test_what_is_not_open_is_nowhere_and_nothing_is_noted(app: Flask, client: FlaskClient, why: str) -> None:
    idea, csi, trust = listed(), fund(), fund("Demo trust")
    interest = opened(idea, csi, "paper:accounts")
    who = trust if why in ("another fund", "not introduced") else csi
    if why == "closed again":
        disclosing.disclose_fields(make.actor(idea.owner), interest, fields=[])
    if why == "another fund":
        introduced(idea, trust)
    if why == "not shared any more":
        idea.listed_at = None
        db.session.commit()

    addresses = ("", "/paper:accounts")
    answers = [page(client, who.member, f"/funders/ideas/{idea.reference}/disclosed{rest}") for rest in addresses]
    talks = page(client, who.member, f"/funders/ideas/{idea.reference}/talks")

    assert ["CANARY" in text for _status, text in [*answers, talks]] == [False, False, False]
    assert disclosed.list_readings(interest) == []


def test_an_older_page_opens_nothing_again(app: Flask, client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = opened(idea, csi, "paper:accounts")
    make.sign_in(client, idea.owner)
    address, older = disclosure_form(client, idea, interest)

    disclosing.disclose_fields(make.actor(idea.owner), interest, fields=[])
    db.session.commit()
    answer = client.post(address, data=older)

    assert (answer.status_code, disclosed.kept_open(interest)) == (409, set())


def disclosure_form(client: FlaskClient, idea: Idea, interest: Interest) -> tuple[str, dict[str, list[str]]]:
    """The form of what a fund may read as it stands on the page."""
    shown = f"/ideas/{idea.reference}/disclosures/{interest.id}"
    form = next(form for form in read(shown, client.get(shown)).forms if form.action == shown)
    return form.action, form.values


def test_sums_are_noted_where_they_are_shown(app: Flask, client: FlaskClient) -> None:
    idea, csi = listed(), fund()
    interest = opened(idea, csi, "paper:accounts", "totals")

    page(client, csi.member, f"/funders/ideas/{idea.reference}/talks")
    of_talks = [reading.fields for reading in disclosed.list_readings(interest)]
    reads(client, csi, idea)

    assert of_talks == [("totals",)]
    assert [reading.fields for reading in disclosed.list_readings(interest)] == [("paper:accounts",), ("totals",)]


def test_nobody_but_the_owner_opens_a_field(app: Flask) -> None:
    idea, csi = listed(), fund()
    interest = introduced(idea, csi)
    others: list[Any] = [csi.admin, make.staff("coordinator"), make.staff("manager"), make.contributor(idea)]

    for person in others:
        with pytest.raises(Forbidden):
            disclosing.disclose_fields(make.actor(person), interest, fields=["totals"])

    assert disclosed.kept_open(interest) == set()


def test_a_field_that_nobody_offers_is_left_out(app: Flask) -> None:
    idea, csi = listed(), fund()

    interest = opened(idea, csi, "canvas:owner_contact", "canvas:problem", "nonsense", "funders")

    assert disclosed.kept_open(interest) == {"funders"}


@pytest.mark.parametrize("number", ["8001015009087", "800101 5009 087"])
def test_the_identity_number_of_a_person_is_never_kept_as_that_of_an_organisation(
    client: FlaskClient, number: str
) -> None:
    idea, csi = listed(), fund()
    opened(idea, csi, "registrations")
    make.sign_in(client, idea.owner)

    kept = client.post(f"/ideas/{idea.reference}/registrations/npo", data={"npo-number": number})

    assert kept.status_code == 422
    assert "identity number of a person" in kept.text
    assert db.session.query(Registration).count() == 0
