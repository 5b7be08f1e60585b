"""A facilitator writes down the idea of somebody under 18: no more than a first name and a school is kept."""

from __future__ import annotations

from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.models import Consent, Idea
from tests import make
from tests.ideas.test_capture import facilitator, sent

AGREED = {"school": "Demo Primary", "agreed_by": "Demo mother", "relation": "parent", "agreed_how": "phone"}


def address_for(client: FlaskClient) -> str:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    return f"/ideas/new?clinic={clinic.code}"


def count(model: type) -> int:
    return db.session.query(model).count()


def child(**more: str) -> dict[str, str]:
    return sent(is_child="y", owner_email="", owner_phone="") | more


def test_a_first_name_and_a_school_are_kept_with_who_agreed(client: FlaskClient) -> None:
    address = address_for(client)

    client.post(address, data=child(owner_name="Lindiwe", **AGREED))

    idea = db.session.query(Idea).one()
    agreed, shown = db.session.query(CompetentConsent).one(), db.session.get_one(NoticeShown, idea.id)
    assert (idea.owner.name, idea.owner.email, shown.under_18) == ("Lindiwe", None, True)
    assert (agreed.name, agreed.relation, agreed.how, agreed.school) == (
        "Demo mother",
        "parent",
        "phone",
        "Demo Primary",
    )


def test_without_somebody_who_agreed_the_idea_is_that_of_a_learner(client: FlaskClient) -> None:
    address = address_for(client)

    client.post(address, data=child(owner_name="") | {"consents": "share_with_funders"})

    idea = db.session.query(Idea).one()
    assert [idea.owner.name, *map(count, (Consent, CompetentConsent))] == ["A learner", 0, 0]


def test_what_must_not_be_kept_is_refused_by_its_field_and_stays_typed(client: FlaskClient) -> None:
    address = address_for(client)
    people = count(Person)

    answer = client.post(address, data=child(owner_name="Lindiwe Demo", owner_email="a@gatehouse.example", **AGREED))

    assert answer.status_code == 422
    assert "Write the first name only." in answer.text
    assert "Leave this empty. For somebody under 18 no address is kept." in answer.text
    assert 'value="Lindiwe Demo"' in answer.text
    assert (count(Idea), count(Person)) == (0, people)
