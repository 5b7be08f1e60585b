"""An idea is captured in seconds, once, with a reference, a secret and what its owner agreed to."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person, Token
from innovation.db import db
from innovation.events import Event
from innovation.ideas import capture, claims, policy, queries
from innovation.ideas.models import Consent, Idea, Revision, Tally
from innovation.permission import Forbidden
from tests import make
from workflows import Refused

ANSWERS = {
    "title": "Reading clubs run by matric leavers",
    "problem": "Children do not read for meaning.",
    "summary": "Matric leavers read with children after school.",
}


def facilitator(clinic: Any) -> Person:
    return make.grant(make.person("Facilitator"), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)


def captured(**more: Any) -> capture.Captured:
    clinic = make.clinic()
    values = {"answers": ANSWERS, "owner_name": "Demo owner", **more}
    return capture.capture_idea(make.actor(facilitator(clinic)), clinic, **values)


def sent(**more: Any) -> dict[str, Any]:
    return {**ANSWERS, "owner_name": "Demo owner", "form_key": str(uuid.uuid4()), **more}


def test_an_idea_gets_a_reference_a_secret_a_revision_and_a_place_in_the_counts(app: Any) -> None:
    result = captured()

    idea = result.idea
    assert re.fullmatch(r"LP\d\d-0001", idea.reference)
    assert claims.fits(idea, result.secret or "")
    assert idea.state == ("captured", "active")
    revision = db.session.scalars(sa.select(Revision).filter_by(idea_id=idea.id)).one()
    assert revision.answers == {"problem": ANSWERS["problem"], "summary": ANSWERS["summary"]}
    assert db.session.scalars(sa.select(Tally.n).filter_by(place="captured", standing="active")).one() == 1


def test_references_count_up_in_a_region_and_year(app: Any) -> None:
    clinic = make.clinic()
    actor = make.actor(facilitator(clinic))

    made = [capture.capture_idea(actor, clinic, answers=ANSWERS, owner_name=f"Owner {n}").idea for n in range(3)]

    assert [idea.reference[-4:] for idea in made] == ["0001", "0002", "0003"]


def test_the_same_form_twice_makes_one_idea_and_tells_the_same_secret(app: Any) -> None:
    clinic = make.clinic()
    actor = make.actor(facilitator(clinic))
    details = {"answers": ANSWERS, "owner_name": "Demo owner", "import_key": "form:1"}

    first = capture.capture_idea(actor, clinic, **details)
    second = capture.capture_idea(actor, clinic, **details)

    assert (second.idea.id, second.secret, second.is_new) == (first.idea.id, first.secret, False)


def test_the_secret_is_not_told_again_after_a_new_one_was_made(app: Any) -> None:
    clinic = make.clinic()
    actor = make.actor(facilitator(clinic))
    details = {"answers": ANSWERS, "owner_name": "Demo owner", "import_key": "form:1"}
    first = capture.capture_idea(actor, clinic, **details)
    renewed = claims.renew_secret(actor, first.idea)

    again = capture.capture_idea(actor, clinic, **details)

    assert again.secret is None
    assert claims.fits(first.idea, renewed)
    assert not claims.fits(first.idea, first.secret or "")


def test_contact_details_need_the_owners_consent(app: Any) -> None:
    with pytest.raises(Refused):
        captured(owner_email="owner@gatehouse.example")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


def test_consents_are_kept_with_the_notice_that_was_shown(app: Any) -> None:
    make.programme().notice_version = 3

    idea = captured(owner_phone="072 345 6789", consents=("contact", "share_with_funders")).idea

    given = db.session.scalars(sa.select(Consent).filter_by(idea_id=idea.id)).all()
    assert {(c.purpose, c.notice_version, c.person_id) for c in given} == {
        ("contact", 3, idea.owner_id),
        ("share_with_funders", 3, idea.owner_id),
    }


def test_an_owner_with_an_address_is_owed_a_claim_link(app: Any) -> None:
    idea = captured(owner_email="Owner@Gatehouse.example", consents=("contact",)).idea

    token = db.session.scalars(sa.select(Token).filter_by(kind="claim", subject_id=idea.id)).one()
    event = db.session.scalars(sa.select(Event).filter_by(kind="owner_named")).one()
    assert token.person_id == idea.owner_id
    assert event.data == {"idea_id": idea.id, "person_id": idea.owner_id, "token_id": token.id}
    assert [delivery.reaction for delivery in event.deliveries] == ["mail_claim"]


def test_two_owners_may_share_the_address_of_their_school(app: Any) -> None:
    clinic = make.clinic()
    actor = make.actor(facilitator(clinic))
    details = {"answers": ANSWERS, "owner_email": "office@gatehouse.example", "consents": ("contact",)}

    one = capture.capture_idea(actor, clinic, owner_name="First Teacher", **details).idea
    two = capture.capture_idea(actor, clinic, owner_name="Second Teacher", **details).idea
    same = capture.capture_idea(actor, clinic, owner_name="first teacher", **details).idea

    assert one.owner_id != two.owner_id
    assert same.owner_id == one.owner_id


def test_an_owner_who_signs_in_already_has_the_idea_at_once(app: Any) -> None:
    owner = make.person("Demo owner", email="owner@gatehouse.example")
    make.account(owner)

    idea = captured(owner_email="owner@gatehouse.example", consents=("contact",)).idea

    assert idea.owner_id == owner.id
    assert idea.claimed_at is not None


@pytest.mark.parametrize("state", ["planned", "voting", "closed", "reported"])
def test_a_clinic_that_is_not_open_takes_no_idea(app: Any, state: str) -> None:
    clinic = make.clinic(state)

    with pytest.raises(Refused):
        capture.capture_idea(make.actor(facilitator(clinic)), clinic, answers=ANSWERS, owner_name="Demo owner")


def test_nobody_captures_at_a_clinic_of_others(app: Any) -> None:
    clinic = make.clinic()
    stranger = facilitator(make.clinic())

    with pytest.raises(Forbidden):
        capture.capture_idea(make.actor(stranger), clinic, answers=ANSWERS, owner_name="Demo owner")


def test_the_facts_of_a_capture_hold_no_words(app: Any) -> None:
    captured(owner_email="canary@gatehouse.example", consents=("contact",), owner_name="Canary")

    told = " ".join(db.session.scalars(sa.select(Event.facts)))
    assert "anary" not in told
    assert "Reading" not in told


# Pages


def test_the_page_captures_and_offers_an_empty_form_with_what_was_chosen(client: FlaskClient) -> None:
    clinic = make.clinic()
    theme = clinic.programme_id and make.first(capture.Programme).themes[1]
    make.sign_in(client, facilitator(clinic))

    answer = client.post(f"/ideas/new?clinic={clinic.code}", data=sent(theme=theme.id))
    page = client.get(answer.headers["Location"])

    idea = db.session.scalars(sa.select(Idea)).one()
    assert f"{idea.reference} is captured" in page.text
    assert re.search(r'<span class="secret">[2-9A-Z]{4}-[2-9A-Z]{4}</span>', page.text)
    assert f'<option value="{theme.id}" selected>' in page.text
    assert ANSWERS["problem"] not in page.text.split("<form", 2)[-1]


def test_an_empty_form_comes_back_with_its_errors_and_its_key(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    key = str(uuid.uuid4())

    answer = client.post(f"/ideas/new?clinic={clinic.code}", data={"problem": "Typed already", "form_key": key})

    assert answer.status_code == 422
    assert "Typed already" in answer.text
    assert f'value="{key}"' in answer.text


def test_an_address_without_consent_is_an_error_at_the_consent(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))

    answer = client.post(f"/ideas/new?clinic={clinic.code}", data=sent(owner_email="a@gatehouse.example"))

    assert answer.status_code == 422
    assert 'href="#consents-0"' in answer.text


def test_the_same_post_twice_leads_to_the_same_idea(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    data = sent()

    one = client.post(f"/ideas/new?clinic={clinic.code}", data=data)
    two = client.post(f"/ideas/new?clinic={clinic.code}", data=data)

    assert one.headers["Location"] == two.headers["Location"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 1


def test_a_closed_clinic_says_why_before_anything_is_typed(client: FlaskClient) -> None:
    clinic = make.clinic("closed")
    make.sign_in(client, facilitator(clinic))

    page = client.get(f"/ideas/new?clinic={clinic.code}")

    assert "This clinic is closed" in page.text
    assert 'name="title"' not in page.text


def test_a_stranger_to_the_clinic_finds_no_page(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, make.person())

    assert client.get(f"/ideas/new?clinic={clinic.code}").status_code == 404
    assert client.post(f"/ideas/new?clinic={clinic.code}", data=sent()).status_code == 404


def test_anybody_who_signed_in_writes_down_an_idea_of_their_own(client: FlaskClient) -> None:
    region = make.region()
    person = make.person("Somebody")
    make.sign_in(client, person)

    answer = client.post("/ideas/new", data={**ANSWERS, "region_id": region.id, "consents": "share_with_funders"})

    idea = db.session.scalars(sa.select(Idea)).one()
    assert answer.status_code == 302
    assert (idea.owner_id, idea.clinic_id, idea.region_id) == (person.id, None, region.id)
    assert idea.claimed_at is not None


def test_one_that_sounds_alike_is_shown_to_those_who_may_see_it(client: FlaskClient) -> None:
    clinic = make.clinic()
    there = make.idea(title="Reading clubs run by matric leavers", clinic_id=clinic.id)
    asked = {"title": "Reading clubs by matric leavers"}

    make.sign_in(client, facilitator(clinic))
    seen = client.get("/ideas/alike", query_string=asked).text
    make.sign_in(client, make.person())
    unseen = client.get("/ideas/alike", query_string=asked).text

    assert there.reference in seen
    assert there.reference not in unseen


def test_ideas_alike_are_seen_before_saving_where_no_script_asks(client: FlaskClient) -> None:
    clinic = make.clinic()
    there = make.idea(title="Reading clubs run by matric leavers", clinic_id=clinic.id)
    make.sign_in(client, facilitator(clinic))

    typed = sent(title="Reading clubs by matric leavers", look="1")
    page = client.post(f"/ideas/new?clinic={clinic.code}", data=typed)

    assert (page.status_code, there.reference in page.text) == (200, True)
    assert 'value="Reading clubs by matric leavers"' in page.text
    assert [idea.id for idea in db.session.query(Idea)] == [there.id]


# The slip


def test_the_slip_shows_the_secret_in_the_browser_that_captured(client: FlaskClient) -> None:
    clinic = make.clinic()
    make.sign_in(client, facilitator(clinic))
    client.post(f"/ideas/new?clinic={clinic.code}", data=sent())
    idea = db.session.scalars(sa.select(Idea)).one()

    page = client.get(f"/ideas/{idea.reference}/slip")

    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}</dd>", page.text)
    assert "<svg" in page.text
    assert "style=" not in page.text


def test_another_browser_makes_a_new_secret_and_the_old_one_dies(client: FlaskClient) -> None:
    clinic = make.clinic()
    result = capture.capture_idea(make.actor(facilitator(clinic)), clinic, answers=ANSWERS, owner_name="Demo owner")
    make.sign_in(client, make.staff("coordinator"))

    before = client.get(f"/ideas/{result.idea.reference}/slip")
    client.post(f"/ideas/{result.idea.reference}/secret")
    after = client.get(f"/ideas/{result.idea.reference}/slip")

    assert "The secret is not kept" in before.text
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}</dd>", after.text)
    db.session.expire_all()
    assert not claims.fits(result.idea, result.secret or "")


def test_a_stranger_finds_no_slip(client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, make.person())

    assert client.get(f"/ideas/{idea.reference}/slip").status_code == 404
    assert client.post(f"/ideas/{idea.reference}/secret").status_code == 404


def test_a_facilitator_of_the_region_sees_what_was_captured_at_its_clinics_and_nothing_else(app: Flask) -> None:
    at_clinic = make.idea(clinic_id=make.clinic().id)
    elsewhere = make.idea()
    somebody = make.actor(make.staff("facilitator", region_id=make.region().id))

    seen = list(db.session.scalars(sa.select(Idea.id).where(queries.visible(somebody))))

    assert seen == [at_clinic.id]
    assert policy.may_renew_secret.allows(somebody, at_clinic)
    assert not policy.may_renew_secret.allows(somebody, elsewhere)
