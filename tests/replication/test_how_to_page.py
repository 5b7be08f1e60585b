"""The page that everybody may read: what the owner opened, and nothing else of the idea, its people and adopters."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.ideas.models import Consent
from innovation.replication.models import Rollout
from tests import make
from tests.replication import taken_up

CANARY = "zanzibar"
ASKING = {
    "organisation": "A school",
    "kind": "site",
    "contact_role": "Principal",
    "name": "Somebody",
    "email": "somebody@gatehouse.example",
    "wish": "A corner in each room.",
    "agreed": "y",
}


def test_a_stranger_reads_what_the_owner_opened(client: FlaskClient) -> None:
    reference = taken_up.playbook(public=True).idea.reference
    db.session.commit()

    page = client.get(f"/how-to/{reference.lower()}")

    assert page.status_code == 200
    assert "Reading aloud" in page.text
    assert len(page.data) < 25_000


@pytest.mark.parametrize("standing", ["active", "stopped", "withdrawn"])
def test_what_is_not_open_or_not_under_way_is_not_there(client: FlaskClient, standing: str) -> None:
    idea = make.idea(place="replicating", standing=standing)
    taken_up.playbook(idea, public=standing != "active")
    db.session.commit()

    assert client.get(f"/how-to/{idea.reference}").status_code == 404


def test_the_page_and_its_pdf_leak_nothing(client: FlaskClient) -> None:
    idea = make.idea(
        make.person(f"{CANARY} owner"), place="replicating", title=f"{CANARY} title", summary=f"{CANARY} summary"
    )
    playbook = taken_up.playbook(idea, public=True)
    taken_up.version(playbook, 2, published_at=None, title=f"{CANARY} draft", changes=f"{CANARY} changes")
    person = make.person(f"{CANARY} contact", email=f"{CANARY}@gatehouse.example")
    said = {name: f"{CANARY} {name}" for name in ("organisation", "contact_role", "wish", "terms", "reason")}
    taken_up.rollout(playbook, contact_id=person.id, mentor_id=person.id, **said)
    db.session.commit()

    page = client.get(f"/how-to/{idea.reference}")
    paper = client.get(f"/how-to/{idea.reference}?as=pdf")

    assert CANARY not in page.text
    assert paper.data[:5] == b"%PDF-"
    assert CANARY not in client.get("/how-to/LP26-9999").text


def test_the_owner_is_named_while_they_agree_to_it(client: FlaskClient) -> None:
    idea = make.idea(make.person("Thandi of the demonstration"), place="replicating")
    taken_up.playbook(idea, public=True)
    consent = make.consent(idea, "public_name")
    db.session.commit()

    named = client.get(f"/how-to/{idea.reference}").text
    consent.withdrawn_at = consent.given_at
    db.session.commit()

    assert "Thandi of the demonstration" in named
    assert "Thandi of the demonstration" not in client.get(f"/how-to/{idea.reference}").text


@pytest.mark.parametrize(("learners", "told"), [(9, False), (10, True)])
def test_few_people_are_not_told_of_in_public(client: FlaskClient, learners: int, told: bool) -> None:
    playbook = taken_up.playbook(public=True)
    taken_up.rollout(playbook).sites[0].learners = learners
    db.session.commit()

    page = client.get(f"/how-to/{playbook.idea.reference}").text

    assert (f"<dd>{learners}</dd>" in page) == told


def test_a_stranger_asks_once_and_is_not_known_for_it(client: FlaskClient) -> None:
    known = make.person("Known", email=ASKING["email"])
    reference = taken_up.playbook(public=True).idea.reference
    db.session.commit()

    answers = [client.post(f"/how-to/{reference}", data=ASKING).status_code for _time in range(2)]

    asked = db.session.query(Rollout).one()
    assert answers == [302, 302]
    assert (asked.state, asked.organisation, asked.contact.name) == ("asked", "A school", "Somebody")
    assert asked.contact_id != known.id
    assert make.first(Consent, person_id=asked.contact_id).purpose == "contact"


def test_too_many_requests_from_one_place_have_to_wait(client: FlaskClient) -> None:
    reference = taken_up.playbook(public=True).idea.reference
    db.session.commit()

    sent = [ASKING | {"organisation": f"School {number}"} for number in range(6)]

    assert [client.post(f"/how-to/{reference}", data=data).status_code for data in sent] == [302] * 5 + [429]
