"""The ask, the consents, and when funders see an idea."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import list_events
from innovation.ideas import commands, queries
from innovation.ideas.models import Idea
from innovation.ideas.moves import move
from innovation.permission import Forbidden
from tests import make
from workflows import JourneyFacts

ASK: dict[str, Any] = {
    "amount_cents": 480_000_00,
    "instruments": ["grant"],
    "months": 12,
    "provinces": ["ZA-LP"],
    "phases": ["fp"],
    "evidence_level": "E2",
    "purpose": "Stipends and books.",
}
FORM = {
    "amount": "R480 000",
    "instruments": ["grant", "in_kind"],
    "months": "12",
    "provinces": ["ZA-LP"],
    "phases": ["fp"],
    "evidence_level": "E2",
    "purpose": "Stipends.",
    "share_q1_3": "75",
    "cost_per_learner": "412.50",
}


def share(idea: Idea) -> None:
    commands.give_consent(make.actor(idea.owner), idea, purpose="share_with_funders")


def test_an_idea_is_listed_when_all_four_hold_and_not_before(app: Flask) -> None:
    idea = make.idea(place="at_pilot")
    owner = make.actor(idea.owner)
    commands.make_ask(owner, idea, **ASK)
    share(idea)
    before = idea.listed_at

    move(idea, "go", JourneyFacts(decided=True))

    assert before is None
    assert idea.place == "ready"
    assert idea.listed_at is not None
    assert idea.pilot_ready_at is not None


def test_withdrawing_the_consent_takes_it_off_at_once(app: Flask) -> None:
    idea = make.listed_idea()

    commands.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")

    assert idea.listed_at is None
    assert queries.live_consents(idea) == {}
    assert list_events(f"idea:{idea.id}")[0].kind == "consent_withdrawn"


def test_agreeing_again_lists_it_again(app: Flask) -> None:
    idea = make.listed_idea()
    commands.withdraw_consent(make.actor(idea.owner), idea, purpose="share_with_funders")

    share(idea)

    assert idea.listed_at is not None


@pytest.mark.parametrize("trigger", ["withdraw", "overdue"])
def test_an_idea_that_is_not_active_is_not_listed(app: Flask, trigger: str) -> None:
    idea = make.listed_idea()

    move(idea, trigger, JourneyFacts())

    assert idea.listed_at is None


def test_a_new_owner_must_agree_before_funders_see_the_idea_again(app: Flask) -> None:
    idea = make.listed_idea()
    commands.hand_over_idea(make.actor(idea.owner), idea, name="New owner", email="new@gatehouse.example")
    after = idea.listed_at

    share(idea)

    assert after is None
    assert idea.listed_at is not None


def test_only_the_owner_agrees_and_a_coordinator_may_withdraw_for_them(app: Flask) -> None:
    idea = make.listed_idea()
    coordinator = make.actor(make.staff("coordinator"))
    db.session.commit()
    with pytest.raises(Forbidden):
        commands.give_consent(coordinator, idea, purpose="contact")

    commands.withdraw_consent(coordinator, idea, purpose="share_with_funders")

    assert idea.listed_at is None


def test_agreeing_twice_is_one_consent(app: Flask) -> None:
    idea = make.idea()
    owner = make.actor(idea.owner)

    first = commands.give_consent(owner, idea, purpose="contact")

    assert commands.give_consent(owner, idea, purpose="contact") == first
    assert len(list_events(f"idea:{idea.id}")) == 1


def test_a_changed_ask_is_a_new_version(app: Flask) -> None:
    idea = make.idea()
    owner = make.actor(idea.owner)
    commands.make_ask(owner, idea, **ASK)

    commands.make_ask(owner, idea, **(ASK | {"amount_cents": 1}))

    latest = queries.latest_ask(idea)
    assert latest is not None
    assert (latest.number, latest.amount_cents) == (2, 1)
    assert queries.latest_asks([idea.id]) == {idea.id: latest}


def test_an_ask_claims_a_level_of_evidence_only_until_one_is_confirmed(app: Flask) -> None:
    idea = make.idea()
    owner = make.actor(idea.owner)
    commands.make_ask(owner, idea, **ASK)
    claimed = idea.evidence_level
    commands.accept_evidence(make.actor(make.staff("coordinator")), idea, level="E1")

    commands.make_ask(owner, idea, **ASK)

    assert (claimed, idea.evidence_level) == ("E2", "E1")


def test_the_team_cannot_confirm_its_own_evidence(app: Flask) -> None:
    idea = make.idea()

    with pytest.raises(Forbidden):
        commands.accept_evidence(make.actor(idea.owner), idea, level="E4")


# Pages


def test_the_page_makes_an_ask(app: Flask, client: FlaskClient) -> None:
    idea = make.idea(answers={"problem": "P", "cost_per_learner": 41200})
    make.sign_in(client, idea.owner)
    assert 'value="412"' in client.get(f"/ideas/{idea.reference}/ask").get_data(as_text=True)

    answer = client.post(f"/ideas/{idea.reference}/ask", data=FORM)

    ask = queries.latest_ask(db.session.get_one(Idea, idea.id))
    assert answer.status_code == 302
    assert ask is not None
    assert (ask.amount_cents, ask.cost_per_learner_cents, ask.instruments) == (48000000, 41250, ["grant", "in_kind"])
    assert client.get(f"/ideas/{idea.reference}/ask").status_code == 200


def test_of_two_asks_at_once_the_second_is_told_and_keeps_its_text(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    commands.make_ask(make.actor(idea.owner), idea, **ASK)

    late = client.post(f"/ideas/{idea.reference}/ask", data=FORM | {"based_on": "0"})
    again = client.post(f"/ideas/{idea.reference}/ask", data=FORM | {"based_on": "1"})

    page = late.get_data(as_text=True)
    assert (late.status_code, again.status_code) == (409, 302)
    assert "Somebody else has just changed this." in page
    assert "Stipends." in page
    assert 'name="based_on" value="1"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "a lot"},
        {"instruments": []},
        {"months": "0"},
        {"share_q1_3": "101"},
        {"provinces": ["ZA-XX"]},
        {"evidence_level": "E9"},
    ],
)
def test_an_ask_that_makes_no_sense_is_shown_again(app: Flask, client: FlaskClient, wrong: dict[str, Any]) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)

    answer = client.post(f"/ideas/{idea.reference}/ask", data=FORM | wrong)

    assert answer.status_code == 422
    assert "Stipends." in answer.get_data(as_text=True)
    assert queries.latest_ask(idea) is None


def test_the_owner_agrees_and_withdraws_on_the_page(app: Flask, client: FlaskClient) -> None:
    idea = make.idea(place="ready")
    make.ask(idea)
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/consents"

    client.post(f"{address}/share_with_funders")
    listed = "Funders see this idea since" in client.get(address).get_data(as_text=True)
    client.post(f"{address}/share_with_funders/withdrawal")

    assert listed
    assert "Funders do not see this idea." in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/anything").status_code == 404


def test_a_contributor_does_not_see_the_consents(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, make.contributor(idea))

    assert client.get(f"/ideas/{idea.reference}/consents").status_code == 403
