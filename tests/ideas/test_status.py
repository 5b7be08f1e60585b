"""A slip opens the public status page, and only the right one, and only so many times."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import Token
from innovation.accounts.throttling import Throttled
from innovation.clinics.models import NextStep
from innovation.db import db, now
from innovation.events import record
from innovation.gates.events import GateDecided
from innovation.ideas import claims, status
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Idea
from innovation.languages import LANGUAGES, gettext, told_in
from innovation.permission import SYSTEM
from innovation.replication.system_events import PostReviewDecided
from tests import make
from workflows import Refused


def with_slip(**more: Any) -> tuple[Idea, str]:
    idea = make.idea(make.person("Zanele Canary"), **more)
    secret = claims.renew_secret(SYSTEM, idea)
    db.session.commit()
    return idea, secret


def test_reference_and_secret_show_where_the_idea_is_and_no_person(client: FlaskClient) -> None:
    idea, secret = with_slip(place="at_pilot")
    make.consent(idea)
    record(SYSTEM, GateDecided(1, idea.id, "screening", "go"))
    db.session.commit()

    page = client.post(
        "/status", data={"reference": idea.reference.lower(), "secret": f" {secret[:4]}-{secret[4:].lower()}"}
    )

    assert page.status_code == 200
    assert idea.title in page.text
    assert "Screening" in page.text
    assert "A panel is looking at the idea" in page.text
    assert "Canary" not in page.text


def test_of_an_idea_that_was_joined_with_another_it_is_said_where_that_one_stands(client: FlaskClient) -> None:
    last = make.idea(place="concept", title="A title that is not the reader's")
    between = make.idea(standing="merged", merged_into_id=last.id)
    idea, secret = with_slip(standing="merged", merged_into_id=between.id)

    page = client.post("/status", data={"reference": idea.reference, "secret": secret}).text

    assert f"<b>{last.reference}</b>: {last.where.name}" in page
    assert last.title not in page


@pytest.mark.parametrize(
    ("standing", "word"),
    [("withdrawn", "withdrawn here"), ("stopped", "stopped here"), ("merged", "left here"), ("referred", "left here")],
)
def test_how_an_idea_ended_is_read_aloud_in_its_own_words(client: FlaskClient, standing: str, word: str) -> None:
    idea, secret = with_slip(standing=standing)

    page = client.post("/status", data={"reference": idea.reference, "secret": secret}).text

    assert f'<span class="visually-hidden">, {word}</span>' in page
    assert [other for other in ("withdrawn here", "stopped here", "left here") if other in page] == [word]


def test_whoever_claims_by_a_slip_is_promised_no_work_on_what_is_over(client: FlaskClient) -> None:
    idea, secret = with_slip(standing="stopped")

    page = client.post("/status", data={"reference": idea.reference, "secret": secret}).text

    assert "then you can read what is kept of this idea and why it ended" in page
    assert "work on the idea" not in page


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_holder_of_a_slip_reads_that_what_was_handed_over_has_lapsed(client: FlaskClient, language: str) -> None:
    idea, secret = with_slip(place="institutionalised")
    slip = {"reference": idea.reference, "secret": secret}
    lapsed = told_in(language, lambda: gettext(status.ENDINGS["lapsed"]))
    record(SYSTEM, PostReviewDecided(idea.id, 1, "at_risk"))
    db.session.commit()
    before = client.post(f"/status?language={language}", data=slip).text

    record(SYSTEM, PostReviewDecided(idea.id, 2, "lapsed"))
    db.session.commit()
    after = client.post(f"/status?language={language}", data=slip).text

    assert [lapsed in html.unescape(page) for page in (before, after)] == [False, True]
    assert language == "en" or lapsed != status.ENDINGS["lapsed"]


def test_a_review_from_before_an_idea_came_back_to_its_last_place_says_nothing_of_it(client: FlaskClient) -> None:
    idea, _secret = with_slip(place="institutionalised")
    record(SYSTEM, PostReviewDecided(idea.id, 1, "lapsed"))
    lapsed = status.is_over(idea)

    idea.place_since = now() + dt.timedelta(hours=1)

    assert (lapsed, status.is_over(idea)) == (True, False)


def test_wrong_and_unknown_answer_alike(client: FlaskClient) -> None:
    idea, _secret = with_slip()

    wrong = client.post("/status", data={"reference": idea.reference, "secret": "WRNG2345"})
    unknown = client.post("/status", data={"reference": "ZZ99-9999", "secret": "WRNG2345"})

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert (
        wrong.text.replace(idea.reference, "").split("csrf")[0]
        == unknown.text.replace("ZZ99-9999", "").split("csrf")[0]
    )
    assert claims.NO_MATCH in wrong.text


def test_guessing_is_slowed_down_and_others_are_not_kept_out(client: FlaskClient) -> None:
    idea, secret = with_slip()
    for _try in range(5):
        with pytest.raises(Refused):
            claims.look_up(idea.reference, "WRNG2345", "192.0.2.1")

    with pytest.raises(Throttled):
        claims.look_up(idea.reference, secret, "192.0.2.1")
    assert claims.look_up(idea.reference, secret, "192.0.2.2").id == idea.id


def test_too_many_tries_are_told_when_to_come_back(client: FlaskClient) -> None:
    idea, secret = with_slip()
    for _try in range(5):
        client.post("/status", data={"reference": idea.reference, "secret": "WRNG2345"})

    answer = client.post("/status", data={"reference": idea.reference, "secret": secret})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("place", "standing", "here"),
    [("captured", "active", "now"), ("at_screening", "held", "held"), ("ready", "stopped", "stopped")],
)
def test_the_line_shows_where_the_idea_stands(app: Any, place: str, standing: str, here: str) -> None:
    idea = make.idea(place=place, standing=standing)

    marks = status.marks(idea)

    at = idea.definition.place_index(place)
    assert [mark.status for mark in marks] == ["done"] * at + [here] + ["todo"] * (len(marks) - at - 1)


def test_the_slip_sends_a_link_to_the_address_that_was_written_down(client: FlaskClient) -> None:
    idea, secret = with_slip()

    page = client.post(
        "/status/claim", data={"reference": idea.reference, "secret": secret, "email": "thief@gatehouse.example"}
    )

    assert page.status_code == 200
    token = db.session.scalars(sa.select(Token).filter_by(kind="claim")).one()
    assert token.person_id == idea.owner_id
    assert idea.owner.email != "thief@gatehouse.example"


def test_an_owner_without_an_address_says_where_the_link_should_go(client: FlaskClient) -> None:
    idea, secret = with_slip()
    idea.owner.email = None
    db.session.commit()

    missing = client.post("/status/claim", data={"reference": idea.reference, "secret": secret})
    client.post("/status/claim", data={"reference": idea.reference, "secret": secret, "email": "me@gatehouse.example"})

    assert missing.status_code == 422
    db.session.expire_all()
    assert idea.owner.email == "me@gatehouse.example"


def test_a_wrong_secret_sends_no_link(client: FlaskClient) -> None:
    idea, _secret = with_slip()

    answer = client.post("/status/claim", data={"reference": idea.reference, "secret": "WRNG2345"})

    assert answer.status_code == 422
    assert db.session.scalars(sa.select(Token)).all() == []


def test_one_slip_opens_the_way_to_its_own_idea_only(client: FlaskClient) -> None:
    owner = make.person("Zanele Canary", email=None)
    idea, other = make.idea(owner), make.idea(owner)
    consent = make.consent(idea, "contact")
    secret = claims.renew_secret(SYSTEM, idea)
    db.session.commit()

    client.post("/status/claim", data={"reference": idea.reference, "secret": secret, "email": "one@gatehouse.example"})

    db.session.expire_all()
    assert (idea.owner.name, idea.owner.email) == ("Zanele Canary", "one@gatehouse.example")
    assert (other.owner_id, owner.email, consent.person_id) == (owner.id, None, idea.owner_id)


def test_what_was_agreed_at_the_clinic_is_said_until_the_idea_has_moved_on(client: FlaskClient) -> None:
    clinic = make.clinic()
    idea, secret = with_slip(clinic_id=clinic.id)
    sent = {"reference": idea.reference, "secret": secret}
    step = {"text": "Ask two schools nearby", "due_on": dt.date(2027, 1, 26)}
    db.session.add(NextStep(idea_id=idea.id, clinic_id=clinic.id, recorded_at=now(), **step))
    db.session.commit()

    before = client.post("/status", data=sent).text
    idea.state = make.idea(place="at_pilot").state
    db.session.commit()
    after = client.post("/status", data=sent).text

    assert "You agreed: Ask two schools nearby (26 Jan 2027)" in " ".join(before.split())
    assert "Ask two schools nearby" not in after


def test_of_somebody_under_eighteen_no_address_is_asked(client: FlaskClient) -> None:
    idea, secret = with_slip()
    idea.owner.email = None
    kept = {"given": [], "withheld": [], "under_18": True, "version": 1, "language": "en"}
    db.session.add(NoticeShown(idea_id=idea.id, at=now(), **kept))
    db.session.commit()

    page = client.post("/status", data={"reference": idea.reference, "secret": secret}).text

    assert claims.YOUNG in page
    assert 'name="email"' not in page


@pytest.mark.parametrize(
    ("standing", "can_go_on"), [("active", True), ("held", True), ("stopped", False), ("withdrawn", False)]
)
def test_nobody_is_asked_to_work_on_an_idea_that_is_over(client: FlaskClient, standing: str, can_go_on: bool) -> None:
    idea, secret = with_slip(standing=standing)
    idea.claimed_at = now()
    db.session.commit()

    page = client.post("/status", data={"reference": idea.reference, "secret": secret}).text

    assert f"/sign-in?next=/ideas/{idea.reference}" in page
    assert ("Sign in to work on the idea" in page) is can_go_on
