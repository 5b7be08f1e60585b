"""A pilot that is taken along on a phone: what the phone holds, and how it delivers visits later."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts import commands as accounts
from innovation.db import db, now
from innovation.notifications.models import Message
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import PilotVisit, VisitPhone
from tests import make
from tests.clinics.test_deliver_from_phone import picture
from tests.pilots.held import pilot as held
from tests.pilots.visited import TODAY, sent

pytestmark = pytest.mark.usefixtures("in_october")


@pytest.fixture
def in_october() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def taken(client: FlaskClient, pilot: Pilot) -> dict[str, Any]:
    """The headers of a phone that the owner has taken the pilot along on."""
    make.sign_in(client, pilot.idea.owner)
    answer = client.post(f"/visits/pilots/{pilot.idea.reference}")
    assert answer.status_code == 201
    with client.session_transaction() as session:
        session.clear()  # nobody is signed in at the site of a visit
    return {"headers": {"Authorization": f"Bearer {answer.json['token']}"}}


def visits() -> list[PilotVisit]:
    return list(db.session.scalars(sa.select(PilotVisit).order_by(PilotVisit.id)))


def test_the_phone_takes_the_sites_and_the_short_form_along(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, pilot.idea.owner)

    packet = client.post(f"/visits/pilots/{pilot.idea.reference}").json

    asked = [[question["name"] for question in screen] for screen in packet["screens"]]
    assert asked == [
        ["site", "visited_on"],
        ["adherence", "exposure", "quality", "responsiveness", "differentiation"],
        ["learners", "teachers"],
        ["worked", "did_not", "next_step", "next_who"],
        ["harm"],
    ]
    assert [value for value, _label in packet["screens"][0][0]["options"]][1:] == [str(s.id) for s in pilot.sites]
    assert (packet["clinic"]["code"], packet["clinic"]["title"]) == (pilot.idea.reference, pilot.idea.title)
    assert "Never faces of learners" in packet["photo"]["help"]


def test_where_there_are_too_many_sites_to_choose_from_the_number_is_typed(client: FlaskClient) -> None:
    pilot = held(sites=201)
    with_phone = taken(client, pilot)

    asked = client.get("/visits/pilot", **with_phone).json["screens"][0][0]
    answer = client.post("/visits/sent", data=sent(pilot, site="", place=pilot.sites[7].place), **with_phone)

    assert (asked["name"], asked["kind"]) == ("place", "line")
    assert answer.status_code == 201
    assert visits()[0].site_id == pilot.sites[7].id


def test_only_who_may_write_visits_down_takes_a_pilot_along(client: FlaskClient) -> None:
    pilot = held()
    address = f"/visits/pilots/{pilot.idea.reference}"

    stranger = client.post(address)
    make.sign_in(client, make.staff("manager"))
    manager = client.post(address)
    elsewhere = client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    make.sign_in(client, make.person())
    nobody = client.post(address)

    assert [answer.status_code for answer in (stranger, manager, elsewhere, nobody)] == [401, 409, 403, 404]
    assert stranger.json["detail"] == "Sign in on this phone first, then take the pilot along."
    assert manager.json["detail"] == "Visits of this pilot are written down by its team and its coordinator."
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VisitPhone)) == 0


def test_a_visit_arrives_in_the_name_of_who_took_the_pilot_along(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)

    answer = client.post("/visits/sent", data=sent(pilot, waiting="3"), **with_phone)

    assert (answer.status_code, answer.json["reference"]) == (201, f"{pilot.idea.reference}-V1")
    visit = visits()[0]
    phone = db.session.scalars(sa.select(VisitPhone)).one()
    assert (visit.visited_by_id, visit.phone_id, phone.waiting) == (pilot.idea.owner_id, phone.id, 3)


def test_a_lost_answer_or_a_retry_never_makes_two(client: FlaskClient) -> None:
    pilot = held()
    with_phone, told = taken(client, pilot), sent(pilot)

    answers = [client.post("/visits/sent", data=told, **with_phone) for _n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.json["reference"] for answer in answers}) == 1
    assert len(visits()) == 1


def test_the_same_key_with_other_words_comes_back_with_the_visit_that_is_there(client: FlaskClient) -> None:
    pilot = held()
    with_phone, told = taken(client, pilot), sent(pilot)
    client.post("/visits/sent", data=told, **with_phone)

    answer = client.post("/visits/sent", data=told | {"worked": "Other words."}, **with_phone)

    assert (answer.status_code, answer.json["reference"]) == (409, f"{pilot.idea.reference}-V1")
    assert len(visits()) == 1


def test_what_is_wrong_is_told_field_by_field(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)

    answer = client.post("/visits/sent", data=sent(pilot, site="0", learners="-3"), **with_phone)

    assert answer.status_code == 422
    assert answer.json["errors"] == {
        "site": ["This is no site of the pilot."],
        "learners": ["Write a number from 0 to 100 000."],
    }


def test_a_refused_day_is_told_with_its_reason(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)

    answer = client.post("/visits/sent", data=sent(pilot, visited_on="2026-12-24"), **with_phone)

    assert (answer.status_code, answer.json["detail"]) == (409, "This day is still to come.")


def test_a_photo_comes_along_without_where_it_was_taken(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)
    photo = (io.BytesIO(picture()), "sketch.jpg")

    client.post("/visits/sent", data=sent(pilot, photo=photo), content_type="multipart/form-data", **with_phone)

    visit = visits()[0]
    assert (visit.photo_type, visit.photo_key is not None) == ("image/jpeg", True)


def test_who_has_left_the_team_is_told_so_and_nothing_is_written(client: FlaskClient) -> None:
    pilot = held()
    helper = make.contributor(pilot.idea)
    make.sign_in(client, helper)
    token = client.post(f"/visits/pilots/{pilot.idea.reference}").json["token"]
    for each in pilot.idea.contributors:
        each.ended_at = now()
    db.session.commit()

    answer = client.post("/visits/sent", data=sent(pilot), headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403
    assert answer.json["detail"].startswith("You may no longer write visits of this pilot down.")
    assert visits() == []


def test_a_phone_that_is_shut_out_sends_nothing_more(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)
    phone = queries.list_phones(pilot)[0]
    commands.shut_out_visit_phone(make.actor(make.staff("coordinator")), phone)

    answers = [client.post("/visits/sent", data=sent(pilot), **with_phone), client.get("/visits/pilot", **with_phone)]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert visits() == []


def test_a_phone_works_for_days_and_not_for_ever(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)

    with time_machine.travel(TODAY + dt.timedelta(days=60), tick=False):
        later = client.post("/visits/sent", data=sent(pilot), **with_phone)
    with time_machine.travel(TODAY + dt.timedelta(days=91), tick=False):
        late = client.post("/visits/sent", data=sent(pilot), **with_phone)

    assert (later.status_code, late.status_code) == (201, 401)


def test_whoever_may_not_sign_in_any_more_sends_nothing(client: FlaskClient) -> None:
    pilot = held()
    with_phone = taken(client, pilot)
    make.account(pilot.idea.owner).disabled_at = now()
    db.session.commit()

    answer = client.post("/visits/sent", data=sent(pilot), **with_phone)

    assert answer.status_code == 401


def test_the_page_and_its_worker_are_the_same_for_everybody(client: FlaskClient) -> None:
    page = client.get("/visits/")
    worker = client.get("/visits/worker.js")
    manifest = client.get("/visits/manifest.webmanifest")
    make.sign_in(client, held().idea.owner)

    assert client.get("/visits/").text == page.text
    assert '"name": "visits"' in worker.text
    assert manifest.json["scope"] == "/visits/"
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_a_phone_of_who_may_write_visits_no_more_learns_nothing_new_of_the_pilot(client: FlaskClient) -> None:
    pilot = held()
    make.sign_in(client, make.contributor(pilot.idea))
    token = client.post(f"/visits/pilots/{pilot.idea.reference}").json["token"]
    for each in pilot.idea.contributors:
        each.ended_at = now()
    db.session.commit()

    answer = client.get("/visits/pilot", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403
    assert pilot.idea.title not in answer.text


def test_a_photo_that_comes_after_a_lost_answer_is_not_lost_without_a_word(client: FlaskClient) -> None:
    pilot = held()
    with_phone, told = taken(client, pilot), sent(pilot)
    client.post("/visits/sent", data=told, **with_phone)
    photo = (io.BytesIO(picture()), "sketch.jpg")

    answer = client.post("/visits/sent", data=told | {"photo": photo}, **with_phone)

    assert (answer.status_code, answer.json["reference"]) == (409, f"{pilot.idea.reference}-V1")


def test_the_same_visit_with_the_same_photo_twice_makes_one(client: FlaskClient) -> None:
    pilot = held()
    with_phone, told = taken(client, pilot), sent(pilot)

    answers = [
        client.post("/visits/sent", data=told | {"photo": (io.BytesIO(picture()), "sketch.jpg")}, **with_phone)
        for _n in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert len(visits()) == 1


@pytest.mark.parametrize("has_more", [True, False])
def test_a_new_password_is_told_with_what_still_works_in_ones_name(client: FlaskClient, has_more: bool) -> None:
    pilot = held()
    person = pilot.idea.owner
    if has_more:
        taken(client, pilot)
        accounts.open_calendar(make.actor(person), person)
    token = accounts.send_reset(make.actor(person), make.account(person))
    accounts.reset_password(make.actor(person), token, password="quiet river stones")

    worker.deliver_owed()

    text = db.session.scalars(sa.select(Message.text).where(Message.subject == "Your password was changed")).one()
    assert ("The address of your calendar still works" in text, "took a pilot along" in text) == (has_more, has_more)
