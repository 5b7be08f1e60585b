"""Phones take the questions along and deliver ideas with their token; without scripts there is an ordinary form."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.clinics import room_capture, rooms
from innovation.clinics.models import Device
from innovation.command import Stale
from innovation.db import db, now
from innovation.ideas.models import Attachment, Idea
from tests import make
from tests.clinics.test_join_room import ANSWERS, joined, opened
from tests.jobs.asking import count

TOLD = {
    **ANSWERS,
    "under_18": "no",
    "owner_name": "Demo owner",
    "consent_contact": "no",
    "consent_public_name": "yes",
    "consent_photo": "no",
    "consent_share_with_funders": "yes",
    "notice_version": "1",
    "notice_language": "en",
}


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#0b6b50").save(out, kind)
    return out.getvalue()


def token_of(client: FlaskClient, code: str) -> dict[str, Any]:
    answer = client.post(f"/join/{code}/devices")
    assert answer.status_code == 201
    return {"headers": {"Authorization": f"Bearer {answer.json['token']}"}}


def test_a_phone_takes_the_questions_and_the_notice_along(client: FlaskClient) -> None:
    _actor, clinic, code = opened(theme_id=None)

    told = client.post(f"/join/{code}/devices").json

    assert told["clinic"]["key"] == clinic.code
    asked = [[question["name"] for question in screen] for screen in told["screens"]]
    assert asked == [["title"], ["problem"], ["who_has_it", "phases"], ["summary"]]
    assert told["notice"]["version"] == 1
    assert [question["name"] for question in told["consents"]] == [
        "consent_contact",
        "consent_public_name",
        "consent_photo",
        "consent_share_with_funders",
    ]


def test_an_idea_with_its_photo_arrives_once_however_often_it_is_sent(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    device = token_of(client, code)
    told = {**TOLD, "form_key": str(uuid.uuid4()), "waiting": "4"}

    answers = [
        client.post("/capture/ideas", data={**told, "photo": (io.BytesIO(picture()), "s.jpg")}, **device)
        for _n in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json["reference"] == answers[1].json["reference"]
    assert answers[0].json["secret"] == answers[1].json["secret"]
    assert db.session.scalars(sa.select(Attachment.content_type)).all() == ["image/jpeg"]
    assert db.session.scalars(sa.select(Device.waiting)).all() == [4]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"consent_photo": ""}, ["consent_photo"]),
        ({"owner_email": "a@gatehouse.example"}, ["consent_contact"]),
        ({"under_18": "yes"}, ["agreed_by", "agreed_how", "owner_name", "relation"]),
        ({"form_key": "1"}, ["form_key"]),
    ],
)
def test_what_is_refused_names_the_fields(client: FlaskClient, change: dict[str, str], fields: list[str]) -> None:
    _actor, _clinic, code = opened()
    told = {**TOLD, "form_key": str(uuid.uuid4()), **change}

    answer = client.post("/capture/ideas", data=told, **token_of(client, code))

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert sorted(answer.json["errors"]) == fields


def test_a_picture_that_is_none_is_refused_by_its_field(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    told = {**TOLD, "form_key": str(uuid.uuid4()), "photo": (io.BytesIO(b"%PDF-1.7"), "s.jpg")}

    answer = client.post("/capture/ideas", data=told, **token_of(client, code))

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["photo"])


def test_while_the_store_is_away_a_phone_is_told_to_send_its_photo_later_and_the_rest_arrives(
    client: FlaskClient, app: Flask
) -> None:
    _actor, _clinic, code = opened()
    device, key = token_of(client, code), str(uuid.uuid4())
    folder = app.config["SETTINGS"].files
    folder.write_bytes(b"no folder")

    def send(**more: Any) -> Any:
        return client.post("/capture/ideas", data={**TOLD, "form_key": key, **more}, **device)

    away = send(photo=(io.BytesIO(picture()), "s.jpg"))
    without = send(form_key=str(uuid.uuid4()), title="Another one")
    folder.unlink()
    back = send(photo=(io.BytesIO(picture()), "s.jpg"))

    assert (away.status_code, away.mimetype) == (503, "application/problem+json")
    assert away.headers["Retry-After"]
    assert (without.status_code, back.status_code) == (201, 201)
    assert count(Attachment) == 1


def test_a_phone_that_met_somebody_else_at_the_same_moment_sends_again_by_itself(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _actor, _clinic, code = opened()
    device = token_of(client, code)

    def meet(*_args: Any) -> bool:
        raise Stale

    with monkeypatch.context() as meeting:
        meeting.setattr(room_capture, "was_shown", meet)
        met = client.post("/capture/ideas", data={**TOLD, "form_key": str(uuid.uuid4())}, **device)

    assert (met.status_code, met.mimetype) == (503, "application/problem+json")
    assert met.headers["Retry-After"]


def test_a_fault_of_ours_is_told_to_a_phone_as_one(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _actor, _clinic, code = opened()
    device = token_of(client, code)
    monkeypatch.setattr(room_capture, "was_shown", lambda *_args: 1 / 0)

    answer = client.post("/capture/ideas", data={**TOLD, "form_key": str(uuid.uuid4())}, **device)

    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert count(Idea) == 0


def test_a_phone_without_its_token_is_told_to_join_again(client: FlaskClient) -> None:
    answer = client.post("/capture/ideas", data=TOLD, headers={"Authorization": "Bearer wrong"})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_what_is_too_large_is_refused_as_a_problem(client: FlaskClient) -> None:
    answer = client.post("/capture/ideas", data={"title": "x" * 4_100_000})

    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_other_words_under_the_same_key_name_the_idea_that_is_there(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    device = token_of(client, code)
    told = {**TOLD, "form_key": str(uuid.uuid4())}
    first = client.post("/capture/ideas", data=told, **device).json

    answer = client.post("/capture/ideas", data={**told, "problem": "Another one."}, **device)

    assert (answer.status_code, answer.json["reference"]) == (409, first["reference"])


def test_without_scripts_the_notice_leads_to_an_ordinary_form(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()

    notice = client.get(f"/join?code={code.lower()}", follow_redirects=True)
    answer = client.post(f"/join/{code}/form", data={**TOLD, "form_key": str(uuid.uuid4())}, follow_redirects=True)

    assert f"/join/{code}/form" in notice.text
    idea = db.session.scalars(sa.select(Idea)).one()
    assert idea.reference in answer.text
    assert idea.captured_by_id is None


def test_a_facilitators_own_device_captures_in_their_name(client: FlaskClient) -> None:
    actor, _clinic, code = opened()
    make.sign_in(client, db.session.get_one(Person, actor.person_id))

    client.post("/capture/ideas", data={**TOLD, "form_key": str(uuid.uuid4())}, **token_of(client, code))

    assert db.session.scalars(sa.select(Idea.captured_by_id)).all() == [actor.person_id]


@pytest.mark.parametrize("end", ["sign-in", "role"])
def test_the_device_of_who_runs_the_clinic_no_more_is_a_phone_like_all_others(client: FlaskClient, end: str) -> None:
    actor, _clinic, code = opened()
    person = db.session.get_one(Person, actor.person_id)
    make.account(person)
    make.sign_in(client, person)
    token = token_of(client, code)
    told = client.get("/capture/clinic", **token).json
    client.post("/sign-out")
    stop_running(person, end)

    answer = client.post("/capture/ideas", data={**TOLD, "form_key": str(uuid.uuid4())}, **token)

    assert (told["staff"], client.get("/capture/clinic", **token).json["staff"]) == (True, False)
    assert answer.status_code == 201
    assert db.session.scalars(sa.select(Idea.captured_by_id)).all() == [None]


def test_the_device_of_who_has_left_vouches_for_nobody(client: FlaskClient) -> None:
    actor, _clinic, code = opened()
    person = db.session.get_one(Person, actor.person_id)
    known = make.person("Demo owner", email="owner@gatehouse.example")
    make.account(known)
    make.sign_in(client, person)
    token = token_of(client, code)
    stop_running(person, "sign-in")
    named = {**TOLD, "consent_contact": "yes", "owner_email": "owner@gatehouse.example"}

    client.post("/capture/ideas", data={**named, "form_key": str(uuid.uuid4())}, **token)

    assert known.id not in db.session.scalars(sa.select(Idea.owner_id)).all()


def stop_running(person: Person, end: str) -> None:
    if end == "sign-in":
        db.session.execute(sa.update(Account).where(Account.person_id == person.id).values(disabled_at=now()))
    else:
        db.session.execute(sa.update(RoleGrant).where(RoleGrant.person_id == person.id).values(ended_at=now()))
    db.session.commit()


def test_the_phones_of_a_school_go_on_sending_while_one_of_them_sends_nonsense(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    token = token_of(client, code)
    for n in range(70):
        client.get("/capture/clinic", headers={"Authorization": f"Bearer {n}"})

    answer = client.post("/capture/ideas", data={**TOLD, "form_key": str(uuid.uuid4())}, **token)

    assert answer.status_code == 201


def test_the_room_shows_the_code_the_square_and_the_phones(client: FlaskClient) -> None:
    actor, clinic, code = opened()
    device, _token = joined(clinic, code)
    make.sign_in(client, db.session.get_one(Person, actor.person_id))

    page = client.get(f"/clinics/{clinic.code}/room").text
    poster = client.get(f"/clinics/{clinic.code}/room/poster").text
    client.post(f"/clinics/{clinic.code}/devices/{device.id}/end")

    assert rooms.shown(code) in page
    assert "Chrome · Android" in page
    assert "<svg" in poster
    assert db.session.get_one(Device, device.id).revoked_at is not None
