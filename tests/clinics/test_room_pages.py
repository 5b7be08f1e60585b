"""The pages of a room: phones vote by an ordinary form, and screens ask whether anything is new."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Attempt, Person
from innovation.clinics import rooms, rounds, walls
from innovation.clinics.models import Clinic, Device
from innovation.clinics.wall_models import Ballot
from innovation.db import db
from innovation.ideas.codes import PURPOSES
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM
from innovation.web import STATIC
from tests import make
from tests.clinics.test_join_room import opened

IDEA = {
    "title": "Reading clubs run by matric leavers",
    "problem": "Children do not read for meaning.",
    "summary": "Matric leavers read with children after school.",
    "under_18": "no",
    "owner_name": "Demo owner",
    **{f"consent_{purpose}": "no" for purpose in PURPOSES},
}
COLOUR = re.compile(r"(--[a-z-]+): (#[0-9a-f]{6});")


def a_round(ideas: int = 2) -> tuple[Clinic, str, list[int]]:
    """A clinic with an open round of three dots, at most two on one idea; the code of its room, and the ideas."""
    clinic = make.clinic()
    made = [make.idea(clinic_id=clinic.id).id for _n in range(ideas)]
    code = str(rooms.open_room(SYSTEM, clinic).code)
    walls.release_ideas(SYSTEM, clinic, idea_ids=made)
    rounds.open_round(SYSTEM, clinic, dots=3, most=2)
    return clinic, code, made


def said(page: str) -> dict[str, str]:
    """The hidden fields of the first form in the page that has dots."""
    form = page[page.index("dots-form") :]
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', form))


def test_a_phone_votes_by_an_ordinary_form_and_is_refused_in_words(client: FlaskClient) -> None:
    clinic, code, (first, second) = a_round()
    address = f"/join/{code}/dots"
    before = client.get(address).text
    client.post(f"/join/{code}/phone")
    form = said(client.get(address).text)

    taken = client.post(address, data=form | {f"dots-{first}": "2", f"dots-{second}": "1"}, follow_redirects=True)
    late = client.post(address, data=form | {f"dots-{first}": "1"})
    rounds.close_round(SYSTEM, clinic, round_id=int(form["round"]))
    closed = client.post(address, data=form | {f"dots-{first}": "1"})

    assert "Vote with this phone" in before
    assert "Your vote has arrived." in taken.text
    assert (late.status_code, "on another page meanwhile" in late.text) == (409, True)
    assert (closed.status_code, "This round is closed." in closed.text) == (409, True)


def test_a_browser_that_captures_and_votes_is_one_phone(client: FlaskClient) -> None:
    _clinic, code, _ideas = a_round()
    tokens = [client.post(f"/join/{code}/devices").get_json()["token"] for _time in range(2)]

    client.post(f"/join/{code}/phone")

    assert tokens[0] == tokens[1]
    assert len(db.session.scalars(sa.select(Device)).all()) == 1


def test_a_wall_that_has_not_changed_is_not_sent_again_and_ends_with_the_code(client: FlaskClient) -> None:
    clinic, code, _ideas = a_round()
    address = f"/join/{code}/wall/now"
    first = client.get(address)

    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    walls.turn_wall(SYSTEM, clinic, view="cover")
    other = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    rooms.end_room(SYSTEM, clinic)

    assert (same.status_code, same.data) == (304, b"")
    assert (other.status_code, "One moment, please" in other.text) == (200, True)
    assert client.get(address).status_code == 404


def test_what_a_facilitator_gets_wrong_is_told_beside_the_field(client: FlaskClient) -> None:
    clinic = make.clinic()
    runs = make.grant(make.person(), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    make.sign_in(client, runs)
    address = f"/clinics/{clinic.code}"

    topic: Any = client.post(f"{address}/topics", data={"name": " "})
    dots = client.post(f"{address}/rounds", data={"method": "dots", "dots": "2", "most": "5", "shows": "ranked"})

    assert (topic.status_code, "Please fill this in." in topic.text) == (422, True)
    assert (dots.status_code, "One idea cannot get more dots than everybody has." in dots.text) == (422, True)


@pytest.mark.parametrize(("day", "is_told"), [("2026-03-11", False), ("2026-03-12", False), ("2026-03-13", True)])
def test_a_room_that_is_open_after_the_last_day_of_its_clinic_is_pointed_out(
    client: FlaskClient, day: str, is_told: bool
) -> None:
    actor, clinic, _code = opened(ends_on=dt.date(2026, 3, 12))

    with time_machine.travel(f"{day} 10:00+02:00", tick=False):
        make.sign_in(client, db.session.get_one(Person, actor.person_id))
        page = client.get(f"/clinics/{clinic.code}/room").text

    assert ("The last day of this clinic was 12 Mar 2026" in page) is is_told


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_wall_that_is_told_to_be_light_or_dark_has_the_colours_of_the_site(look: str) -> None:
    site = (STATIC / "gatehouse.css").read_text()
    blocks = re.findall(r":root \{([^}]*--paper[^}]*)\}", site)
    wanted = dict(COLOUR.findall(blocks[0 if look == "light" else 1]))

    found = dict(COLOUR.findall((STATIC / "room" / f"{look}.css").read_text()))

    assert found == {name: wanted[name] for name in found}
    assert len(found) > 20


# A new code


def test_a_phone_that_joined_is_told_in_words_that_there_is_a_new_code(client: FlaskClient) -> None:
    clinic, old, _ideas = a_round()
    client.post(f"/join/{old}/phone")
    client.get(f"/join/{old}/wall")
    new = str(rooms.renew_code(SYSTEM, clinic).code)

    told = [client.get(f"/join/{old}{page}") for page in ("", "/dots", "/wall", "/wall/now")]
    stranger = client.application.test_client().get(f"/join/{old}/dots")

    assert [(page.status_code, rooms.NEW_CODE in page.text) for page in told] == [(404, True)] * 4
    assert clinic.title in told[0].text
    assert (rooms.NO_ROOM in stranger.text, rooms.NEW_CODE in stranger.text) == (True, False)
    assert "Vote with this phone" not in client.get(f"/join/{new}/dots").text


def test_a_phone_whose_clinic_has_its_code_still_is_told_nothing_of_a_new_one(client: FlaskClient) -> None:
    _clinic, code, _ideas = a_round()
    client.post(f"/join/{code}/phone")

    wrong = client.get("/join/ZZZZZZ/dots")

    assert (rooms.NO_ROOM in wrong.text, rooms.NEW_CODE in wrong.text) == (True, False)


def test_dots_that_were_not_sent_before_the_code_was_renewed_stay_and_go_out_with_the_new_one(
    client: FlaskClient,
) -> None:
    clinic, old, (first, second) = a_round()
    client.post(f"/join/{old}/phone")
    picked = said(client.get(f"/join/{old}/dots").text) | {f"dots-{first}": "2", f"dots-{second}": "1"}
    new = str(rooms.renew_code(SYSTEM, clinic).code)

    kept = client.post(f"/join/{old}/dots", data=picked)
    wrong = client.post(f"/join/{old}/dots", data=picked | {"code": "ZZZZZZ"})
    sent = client.post(f"/join/{old}/dots", data=picked | {"code": f"{new[:3].lower()} {new[3:]}"})

    for answer in (kept, wrong):
        assert (answer.status_code, rooms.NEW_CODE in answer.text) == (422, True)
        assert re.findall(r'name="dots-\d+" value="(\d)"', answer.text) == ["2", "1"]
        assert 'name="code"' in answer.text
        assert "data-follow" not in answer.text
    assert sent.location == f"/join/{new}/dots"
    page = client.get(sent.location).text
    assert "Your vote has arrived." in page
    assert re.findall(r'name="dots-\d+" value="(\d)"', page) == ["2", "1"]


def test_a_page_that_finds_its_code_gone_keeps_its_dots_and_sends_no_vote(client: FlaskClient) -> None:
    clinic, code, (first, second) = a_round()
    client.post(f"/join/{code}/phone")
    picked = said(client.get(f"/join/{code}/dots").text) | {f"dots-{first}": "2", f"dots-{second}": "1", "keep": "1"}

    still = client.post(f"/join/{code}/dots", data=picked)
    rooms.renew_code(SYSTEM, clinic)
    gone = client.post(f"/join/{code}/dots", data=picked)

    assert (still.status_code, gone.status_code) == (200, 422)
    for answer in (still, gone):
        assert re.findall(r'name="dots-\d+" value="(\d)"', answer.text) == ["2", "1"]
        assert "Your vote has arrived." not in answer.text
    assert db.session.scalars(sa.select(Ballot)).all() == []


def test_dots_for_a_round_that_has_ended_are_not_kept_for_the_next_one(client: FlaskClient) -> None:
    clinic, old, (first, _second) = a_round()
    client.post(f"/join/{old}/phone")
    picked = said(client.get(f"/join/{old}/dots").text) | {f"dots-{first}": "2"}
    rounds.close_round(SYSTEM, clinic, round_id=int(picked["round"]))
    rounds.open_round(SYSTEM, clinic, dots=3, most=2)
    rooms.renew_code(SYSTEM, clinic)

    answer = client.post(f"/join/{old}/dots", data=picked)

    assert (answer.status_code, rooms.NEW_CODE in answer.text) == (422, True)
    assert re.findall(r'name="dots-\d+" value="(\d)"', answer.text) == ["0", "0"]


def test_a_form_filled_in_while_the_code_was_renewed_keeps_it_all_and_asks_for_the_new_one(client: FlaskClient) -> None:
    clinic = make.clinic()
    old = str(rooms.open_room(SYSTEM, clinic).code)
    page = client.get(f"/join/{old}/form").text
    hidden = dict(re.findall(r'<input type="hidden" (?:id="[a-z_]+" )?name="([a-z_]+)" value="([^"]*)"', page))
    typed = hidden | IDEA
    new = str(rooms.renew_code(SYSTEM, clinic).code)

    kept = client.post(f"/join/{old}/form", data=typed)
    wrong = client.post(f"/join/{old}/form", data=typed | {"code": "ZZZZZZ"})
    saved = client.post(f"/join/{old}/form", data=typed | {"code": new.lower()})

    for answer in (kept, wrong):
        assert (answer.status_code, rooms.NEW_CODE in answer.text) == (422, True)
        assert 'name="code"' in answer.text
        assert [text for text in IDEA.values() if text not in answer.text] == []
    assert saved.location.startswith(f"/join/{new}/form?done=")
    assert [idea.title for idea in db.session.scalars(sa.select(Idea))] == [IDEA["title"]]


def test_whoever_guesses_codes_does_not_shut_out_who_is_in_the_room(client: FlaskClient, app: Flask) -> None:
    _clinic, code, _ideas = a_round()
    client.get(f"/join/{code}")
    db.session.add_all(Attempt(key=rooms.key_of("room", "127.0.0.1")) for _n in range(rooms.TRIES))
    db.session.commit()

    inside = [client.get(f"/join/{code}/{page}").status_code for page in ("dots", "wall", "form")]

    assert (inside, app.test_client().get(f"/join/{code}").status_code) == ([200] * 3, 429)
    assert client.get(f"/join/{code[::-1]}").status_code == 429
    assert client.post(f"/join/{code}/devices").status_code == 201


def test_behind_tls_no_sibling_site_can_plant_the_phone_of_a_clinic(client: FlaskClient, app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    clinic, code, _ideas = a_round()

    answer = client.post(f"/join/{code}/devices", base_url="https://localhost")

    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if "phone-" in line]
    assert cookie.startswith(f"__Host-phone-{clinic.id}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
