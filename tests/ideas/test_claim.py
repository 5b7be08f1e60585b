"""The owner named at capture makes the idea their own through the link, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts.models import Account
from innovation.accounts.queries import secret_of
from innovation.db import db, now
from innovation.events import Event, record
from innovation.ideas import claims, status
from innovation.ideas.import_models import IdeaImport, ImportedIdea
from innovation.ideas.models import Consent, Idea
from innovation.languages import LANGUAGES, gettext, told_in
from innovation.notifications import messages, post
from innovation.permission import SYSTEM
from innovation.replication.system_events import PostReviewDecided
from tests import make
from tests.stories.conftest import with_password
from workflows import Refused

WORK_IN_LETTER = "Open the link to make it yours: you choose a password, and can then follow the idea and work on it."
READ_IN_LETTER = (
    "Open the link to make it yours: you choose a password, and can then read what is kept of it and why it ended."
)
GOOD = {"name": "Zanele Owner", "password": "three short words"}


def offered(**more: Any) -> tuple[Idea, Any]:
    owner = make.person("Z. Owner", email="owner@gatehouse.example")
    idea = make.idea(owner, **more)
    token = claims.offer_claim(SYSTEM, idea)
    db.session.commit()
    return idea, token


def test_the_link_opens_a_sign_in_and_the_ideas_are_theirs(client: FlaskClient) -> None:
    idea, token = offered()
    other = make.idea(idea.owner)
    db.session.commit()

    page = client.get(f"/claim/{secret_of(token)}")
    answer = client.post(f"/claim/{secret_of(token)}", data=GOOD)

    assert idea.title in page.text
    assert answer.headers["Location"] == f"/ideas/{idea.reference}"
    db.session.expire_all()
    account = db.session.scalars(sa.select(Account)).one()
    assert (account.person_id, account.email) == (idea.owner_id, "owner@gatehouse.example")
    assert idea.owner.name == "Zanele Owner"
    assert idea.claimed_at is not None
    assert other.claimed_at is not None
    assert client.get(f"/ideas/{idea.reference}/canvas").status_code == 200


@pytest.mark.parametrize("standing", ["stopped", "merged", "referred", "withdrawn"])
def test_the_link_of_an_idea_that_is_over_says_so_and_what_it_still_opens(client: FlaskClient, standing: str) -> None:
    idea, token = offered(standing=standing)

    page = client.get(f"/claim/{secret_of(token)}").text
    after = client.post(f"/claim/{secret_of(token)}", data=GOOD, follow_redirects=True)

    assert status.ENDINGS[standing] in page
    assert "You can still make it yours, and then read what is kept of it and why it ended." in page
    assert "complete its canvas" not in page
    assert f"{idea.reference} is yours. It is over; its page says what you can still do." in after.text
    assert after.request.path == f"/ideas/{idea.reference}"


def test_somebody_with_a_sign_in_is_told_too_that_the_idea_is_over(client: FlaskClient) -> None:
    idea, token = offered(standing="stopped")
    with_password(idea.owner)

    page = client.get(f"/claim/{secret_of(token)}").text

    assert status.ENDINGS["stopped"] in page
    assert "There is a sign-in for your e-mail address already." in page


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_letter_of_an_idea_that_is_over_promises_no_work_on_it(app: Flask, language: str) -> None:
    idea, token = offered(standing="stopped")
    idea.owner.language = language
    went_on, other = make.idea(idea.owner), told_in(language, lambda: gettext(WORK_IN_LETTER))

    with app.test_request_context():
        over, ahead = (post.write(messages.claim(each, token), each.owner)[1] for each in (idea, went_on))

    assert [other in text for text in (over, ahead)] == [False, True]
    assert told_in(language, lambda: gettext(status.ENDINGS["stopped"])) in over
    assert told_in(language, lambda: gettext(READ_IN_LETTER)) in over


def test_what_lapsed_after_it_was_handed_over_says_so_to_whoever_claims_it(client: FlaskClient) -> None:
    idea, token = offered(place="institutionalised")
    record(SYSTEM, PostReviewDecided(idea.id, 1, "lapsed"))
    db.session.commit()

    page = client.get(f"/claim/{secret_of(token)}").text

    assert status.ENDINGS["lapsed"] in page
    assert "You can still make it yours, and then read what is kept of it and why it ended." in page


def test_a_corrected_address_is_sent_no_link_to_an_idea_that_was_taken_back(app: Flask) -> None:
    idea, _token = offered(standing="withdrawn")
    where = {"programme_id": idea.programme_id, "region_id": idea.region_id}
    made = make.add(IdeaImport(key="f", name="f.csv", person_id=make.staff("coordinator").id, made_at=now(), **where))
    make.add(ImportedIdea(idea_id=idea.id, import_id=made.id, taken_back_at=now()))
    accounts.spend_tokens(people.CLAIM, idea.owner, idea.id)

    offered_again = claims.offer_claims(SYSTEM, idea.owner)

    assert offered_again == []


def test_a_link_works_once(client: FlaskClient) -> None:
    _idea, token = offered()
    client.post(f"/claim/{secret_of(token)}", data=GOOD)

    again = client.get(f"/claim/{secret_of(token)}")

    assert again.status_code == 404
    assert "This link no longer works" in again.text


def test_a_weak_password_comes_back_with_the_reason(client: FlaskClient) -> None:
    _idea, token = offered()

    answer = client.post(f"/claim/{secret_of(token)}", data={**GOOD, "password": "short"})

    assert answer.status_code == 422
    assert db.session.scalars(sa.select(Account)).all() == []


def test_an_unknown_link_says_so(client: FlaskClient) -> None:
    assert client.get("/claim/nonsense").status_code == 404


def test_a_link_dies_when_the_idea_has_another_owner(client: FlaskClient) -> None:
    idea, token = offered()
    idea.owner_id = make.person().id
    db.session.commit()

    assert client.get(f"/claim/{secret_of(token)}").status_code == 404


def test_somebody_with_a_sign_in_takes_the_idea_with_its_consents(client: FlaskClient) -> None:
    idea, token = offered(listed_at=now())
    known = make.person("Zanele Owner", email="owner@gatehouse.example")
    make.account(known)
    make.consent(idea)
    named = idea.owner_id

    asked = client.get(f"/claim/{secret_of(token)}")
    make.sign_in(client, known)
    answer = client.post(f"/claim/{secret_of(token)}")

    assert "Sign in with it" in asked.text
    assert answer.status_code == 302
    db.session.expire_all()
    assert idea.owner_id == known.id != named
    assert db.session.scalars(sa.select(Consent.person_id).filter_by(idea_id=idea.id)).one() == known.id
    assert db.session.scalars(sa.select(Event).filter_by(kind="idea_claimed")).one().data["person_id"] == known.id


def test_somebody_else_who_is_signed_in_does_not_take_it(app: Any) -> None:
    idea, token = offered()
    make.account(make.person("Zanele Owner", email="owner@gatehouse.example"))
    other = make.person("Other")

    with pytest.raises(Refused):
        claims.adopt_idea(make.actor(other), token)

    assert idea.claimed_at is None


def test_a_member_of_its_panel_does_not_adopt_the_idea(app: Any) -> None:
    review = make.review(of=make.idea(make.person("Owner", email="same@gatehouse.example"), place="at_screening"))
    token = claims.offer_claim(SYSTEM, review.idea)
    member = review.seats[1].person
    make.account(member).email = "same@gatehouse.example"
    db.session.commit()

    with pytest.raises(Refused, match="You sit on the panel"):
        claims.adopt_idea(make.actor(member), token)

    assert review.idea.owner_id != member.id


def test_a_link_that_went_to_a_wrong_address_is_over_and_a_new_one_goes_to_the_right_one(app: Any) -> None:
    idea, token = offered()
    owner = idea.owner

    accounts.correct_person(SYSTEM, owner, name=owner.name, email="right@gatehouse.example", position="", phone="")
    offered_again = [claims.offer_claims(SYSTEM, owner), claims.offer_claims(SYSTEM, owner)]

    assert people.find_token(people.CLAIM, people.secret_of(token)) is None
    assert [[each.subject_id for each in tokens] for tokens in offered_again] == [[idea.id], []]


def test_nobody_with_a_sign_in_is_offered_a_link(app: Any) -> None:
    idea = make.idea(make.person())
    make.account(idea.owner)

    assert claims.offer_claims(SYSTEM, idea.owner) == []
