"""A room begins in its clinic's language; a person's own choice goes before it, but not on the projected wall."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.commands.people import correct_person
from innovation.accounts.queries import secret_of
from innovation.clinics import cards, reporting, rooms, rounds, wall_reading, walls
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.ideas import claims
from innovation.ideas.capture import capture_idea
from innovation.ideas.models import Idea
from innovation.languages import gettext, told_in
from innovation.permission import STRANGER, SYSTEM
from innovation.programmes.models import Programme
from innovation.programmes.own_words import texts_of
from innovation.programmes.translating import write_texts
from tests import make
from tests.clinics.test_cards import TOLD, with_cards
from tests.clinics.test_deliver_from_phone import TOLD as FROM_PHONE
from tests.clinics.test_deliver_from_phone import token_of
from tests.clinics.test_vote_with_dots import a_room
from tests.test_languages import shown_in


def in_isizulu() -> tuple[Clinic, str]:
    clinic = make.clinic(language="zu")
    return clinic, str(rooms.open_room(SYSTEM, clinic).code)


@pytest.mark.parametrize("page", ["", "/form", "/wall", "/dots"])
def test_a_room_begins_in_the_language_of_its_clinic_and_a_person_can_change_it(client: FlaskClient, page: str) -> None:
    _clinic, code = in_isizulu()
    address = f"/join/{code}{page}"
    asked = {"Accept-Language": "af"}

    begun = shown_in(client, address, headers=asked)
    chosen = shown_in(client, f"{address}?language=ve", headers=asked)
    later = shown_in(client, address, headers=asked)

    assert (begun, chosen, later) == ("zu", "ve", "ve")


def test_the_projected_wall_is_in_the_language_of_the_room_whatever_its_facilitator_speaks(client: FlaskClient) -> None:
    clinic, _code = in_isizulu()
    runs = make.grant(make.person(language="af"), "facilitator", programme_id=clinic.programme_id, clinic_id=clinic.id)
    make.sign_in(client, runs)

    shown = [shown_in(client, f"/clinics/{clinic.code}/{page}") for page in ("wall", "room/poster", "wall?language=ts")]
    part = client.get(f"/clinics/{clinic.code}/wall/now").text

    assert shown == ["zu", "zu", "ts"]
    assert "Imibono ivela lapha." in part


def test_who_has_an_idea_is_written_to_in_the_language_of_the_room_though_staff_type_it_in(app: Flask) -> None:
    clinic, actor = with_cards(1)
    clinic.language = "zu"
    answers = {"title": "Typed at the desk", "problem": "Children do not read.", "summary": "They read in pairs."}

    typed = cards.type_in_card(actor, clinic, number=1, **TOLD).idea
    told = capture_idea(actor, clinic, answers=answers, owner_name="Another owner").idea

    assert (typed.owner.language, told.owner.language) == ("zu", "zu")


def test_a_password_that_will_not_do_is_refused_in_the_language_of_the_page(client: FlaskClient) -> None:
    idea = make.idea(make.person(email="owner@gatehouse.example", language="zu"))
    token = claims.offer_claim(SYSTEM, idea)
    db.session.commit()

    page = client.post(f"/claim/{secret_of(token)}", data={"name": "Demo owner", "password": "short"}).text

    assert "Sebenzisa okungenani izinhlamvu ezingu-10." in page
    assert "Use at least" not in page


def test_a_phone_that_sends_an_idea_again_with_other_words_is_told_so_in_its_language(client: FlaskClient) -> None:
    _clinic, code = in_isizulu()
    token = token_of(client, code)
    sent = {**FROM_PHONE, "form_key": str(uuid.uuid4())}
    client.post("/capture/ideas?language=zu", data=sent, **token)

    again = client.post("/capture/ideas?language=zu", data={**sent, "title": "Other words"}, **token).json

    said = told_in("zu", lambda: gettext("This idea arrived before as {reference}, with other words."))
    assert again["detail"] == said.replace("{reference}", again["reference"])


def test_another_language_keeps_what_is_typed_and_sends_nothing(client: FlaskClient) -> None:
    _clinic, code = in_isizulu()
    address = f"/join/{code}/form"
    begun = client.get(address).text
    typed = {"keep": "1", "title": "Reading clubs", "owner_email": "no address", "notice_language": "zu"}

    page = client.post(f"{address}?language=ve", data=typed)
    sent = client.post(f"{address}?language=ve", data={"title": "Reading clubs"})

    assert f'formaction="{address}?language=ve"' in begun
    assert (page.status_code, 'lang="ve"' in page.text, 'value="Reading clubs"' in page.text) == (200, True, True)
    assert ('class="error' in page.text, re.findall(r'name="notice_language" value="(\w+)"', page.text)) == (
        False,
        ["ve"],
    )
    assert (sent.status_code, f'formaction="{address}?language=zu"' in sent.text) == (422, True)
    assert db.session.scalar(sa.select(sa.func.count(Idea.id))) == 0


def test_half_a_code_that_is_typed_stays_in_another_language(client: FlaskClient) -> None:
    _clinic, code = in_isizulu()
    buttons = re.findall(r'<button[^>]*form="typed"[^>]*name="language" value="(\w+)"', client.get("/join").text)

    half = client.get(f"/join?code={code[:3]}&language=zu")
    whole = client.get(f"/join?code={code}&language=ve")

    assert {"zu", "ve"} <= set(buttons)
    assert (half.status_code, f'value="{code[:3]}"' in half.text, 'class="error' in half.text) == (200, True, False)
    assert (whole.status_code, 'lang="ve"' in whole.text, f'value="{code}"' in whole.text) == (200, True, True)
    assert client.get(f"/join?code={code}").status_code == 302


def test_dots_that_are_not_sent_yet_stay_in_another_language(client: FlaskClient) -> None:
    room = a_room(ideas=2)
    code = str(rooms.open_room(room.actor, room.clinic).code)
    rounds.open_round(room.actor, room.clinic, dots=3, most=2)
    client.post(f"/join/{code}/phone")
    begun = client.get(f"/join/{code}/dots").text
    marks = {"keep": "1", "round": str(room.round.id), "number": "0", f"dots-{room.ideas[1].id}": "2"}

    page = client.post(f"/join/{code}/dots?language=zu", data=marks).text

    assert f'formaction="/join/{code}/dots?language=zu"' in begun
    assert ('lang="zu"' in page, re.findall(r'type="number"[^>]* value="(\d)"', page)) == (True, ["0", "2"])


def test_what_became_of_an_idea_is_read_on_in_another_language(client: FlaskClient) -> None:
    clinic, actor = with_cards(1)
    idea = cards.type_in_card(actor, clinic, number=1, **TOLD | {"owner_email": ""}).idea
    secret = claims.secret_for(clinic.programme_id, cards.find_card(clinic, 1).import_key)
    slip = {"reference": idea.reference, "secret": secret}

    typed = client.post("/status?language=zu", data={**slip, "keep": "1"}).text
    found = client.post("/status", data=slip).text
    again = client.post("/status?language=ve", data={**slip, "email": "half@"}).text

    assert f'value="{secret}"' in typed
    assert 'formaction="/status?language=ve"' in found
    assert ('lang="ve"' in again, 'value="half@"' in again) == (True, True)


def test_what_a_page_asks_for_by_itself_chooses_no_language(client: FlaskClient) -> None:
    _clinic, code = in_isizulu()

    client.get(f"/join/{code}/wall/now?language=ts", headers={"Sec-Fetch-Dest": "empty"})

    assert shown_in(client, f"/join/{code}") == "zu"


def test_a_language_that_is_chosen_on_a_page_that_works_without_a_signal_stays_chosen(client: FlaskClient) -> None:
    """Its worker fetches the page, and says so of it."""
    by_worker = {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "navigate"}

    client.get("/capture/?language=ve", headers=by_worker)

    assert shown_in(client, "/capture/") == "ve"


def test_a_wall_says_the_programmes_own_words_and_follows_when_they_change(client: FlaskClient) -> None:
    clinic, code = in_isizulu()
    address = f"/join/{code}/wall/now"
    first = client.get(address)
    home = db.session.get_one(Programme, clinic.programme_id)
    write_texts(SYSTEM, home, language="zu", texts={clinic.challenge: "Singafunda kanjani sonke?"})

    then = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (clinic.challenge in first.text, "Singafunda kanjani sonke?" in then.text) == (True, True)


def test_the_clock_tells_the_run_sheet_in_the_language_of_the_room_and_a_translator_finds_the_rest(
    client: FlaskClient,
) -> None:
    clinic, code = in_isizulu()
    clinic.agenda = "20 min  Everybody writes ideas alone\n5 min  Tea in the yard"
    walls.move_clock(SYSTEM, clinic, what="start", at=0)
    home = db.session.get_one(Programme, clinic.programme_id)
    write_texts(SYSTEM, home, language="zu", texts={"Tea in the yard": "Itiye egcekeni"})

    told = client.get(f"/join/{code}/wall/now").text

    missing = [text.english for text in texts_of(home, "ve") if text.is_missing]
    assert ("Wonke umuntu ubhala imibono eyedwa" in told, "okulandelayo: Itiye egcekeni" in told) == (True, True)
    assert ("Tea in the yard" in missing, "Everybody writes ideas alone" in missing) == (True, False)


def test_a_corrected_name_is_on_the_wall_at_once(app: Flask) -> None:
    room = a_room(ideas=1)
    owner = room.ideas[0].owner
    make.consent(room.ideas[0], "public_name")
    walls.set_wall(room.actor, room.clinic, at_once=False, names=True)
    before = room.tag()

    correct_person(SYSTEM, owner, name="Corrected name", email="", position="", phone="")

    (column,) = wall_reading.wall_page(STRANGER, room.clinic).columns
    assert [note.who for note in column.notes] == ["Corrected name"]
    assert room.tag() != before


def test_a_name_that_no_wall_shows_moves_none(app: Flask) -> None:
    room = a_room(ideas=1)
    before = room.tag()

    correct_person(SYSTEM, room.ideas[0].owner, name="Corrected name", email="", position="", phone="")

    assert room.tag() == before


def test_points_are_given_to_each_idea_and_ranked_by_their_sum(app: Flask) -> None:
    room = a_room()
    rounds.open_round(room.actor, room.clinic, dots=0, most=5, method="points")
    room.place(0, {0: 5, 1: 5, 2: 1})
    room.place(1, {0: 3, 1: 4})

    rounds.close_round(room.actor, room.clinic, round_id=room.round.id)

    page = wall_reading.wall_page(STRANGER, room.clinic)
    assert [(line.rank, line.note.title, line.dots) for line in page.best] == [
        (1, room.ideas[1].title, 9),
        (2, room.ideas[0].title, 8),
        (3, room.ideas[2].title, 1),
    ]
    rounds.shortlist_by_dots(room.actor, room.clinic, round_id=room.round.id, many=2)
    told = reporting.shortlist_of(room.clinic, {idea.id for idea in room.ideas})
    assert page.method == "points"
    assert told.how == "The 2 ideas with most points in round 1: 2 people gave 18 points."


def test_points_are_asked_for_by_their_own_name(client: FlaskClient) -> None:
    room = a_room(ideas=2)
    rounds.open_round(room.actor, room.clinic, dots=0, most=5, method="points")
    code = str(rooms.open_room(room.actor, room.clinic).code)
    client.post(f"/join/{code}/phone")

    page = client.get(f"/join/{code}/dots").text

    assert "Give each idea up to 5 points." in page
    assert "You have" not in page


def test_the_journey_on_the_status_page_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    clinic, actor = with_cards(1)
    idea = cards.type_in_card(actor, clinic, number=1, **TOLD).idea
    secret = claims.secret_for(clinic.programme_id, cards.find_card(clinic, 1).import_key)

    page = client.post("/status?language=zu", data={"reference": idea.reference, "secret": secret}).text

    places = re.findall(r'<span class="name">([^<]+)', page)
    assert (places[0], len(places)) == (told_in("zu", lambda: gettext("Captured")), 10)
