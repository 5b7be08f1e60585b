"""What participants read is there in their language; where a text is missing, it is in English."""

from __future__ import annotations

import ast
import datetime as dt
import re
import uuid
import zlib
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms
from flask import Flask
from flask.testing import FlaskClient

from innovation import languages
from innovation.accounts.models import Token
from innovation.clinics import card_paper, cards
from innovation.db import db
from innovation.forms import Form
from innovation.ideas import claims, slips
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Idea
from innovation.languages import LANGUAGES, gettext, told_in
from innovation.notifications import messages, post
from innovation.programmes.models import Programme
from tests import make
from tests.clinics.test_cards import with_cards
from tests.clinics.test_deliver_from_phone import TOLD, token_of
from tests.clinics.test_join_room import opened
from tools import words

OTHERS = sorted(set(LANGUAGES) - {"en"})
TITLE = "What happens with personal information"
IN_ISIZULU = "Okwenzekayo ngemininingwane yomuntu siqu"
UNCHECKED = "This translation has not been checked yet. The English text counts."


def shown_in(client: FlaskClient, address: str, **more: Any) -> str:
    """The language that a page says it is in."""
    return re.findall(r'<html lang="([^"]+)"', client.get(address, **more).text)[0]


def letters_of(pdf: bytes) -> str:
    """The letters that a reader of the file can find and copy."""
    packed = re.findall(
        rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL
    )  # the last byte of a stream may look like a line end
    opened_up = b"".join(zlib.decompressobj().decompress(stream) for stream in packed if stream[:1] == b"\x78")
    return bytes.fromhex("".join(re.findall(r"<[0-9A-F]{2,4}> <([0-9A-F]{4})>", opened_up.decode("latin-1")))).decode(
        "utf-16-be"
    )


# The catalogues


def test_catalogues_say_all_that_participants_are_told() -> None:
    said = set(words.said_in_code())

    known = {code: {message.id for message in words.read(code) if message.id} for code in OTHERS}

    assert {code: ids ^ said for code, ids in known.items()} == {code: set() for code in OTHERS}


def test_no_text_stands_where_the_catalogues_cannot_find_it() -> None:
    """Babel reads no call within an f-string before Python 3.12."""
    found = [
        f"{name}:{call.lineno}"
        for name in {*words.PAGES, *words.PARTS}
        if name.endswith(".py")
        for text in ast.walk(ast.parse((words.ROOT / name).read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_" and isinstance(call.args[0], ast.Constant)
    ]

    assert found == []


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_missing_and_values_have_their_places(code: str) -> None:
    assert words.missing(code) == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_head_of_a_catalogue_says_that_it_is_a_draft(code: str) -> None:
    assert languages.is_draft(code)
    assert words.read(code).last_translator == "Draft, machine-made, for review"


def test_a_text_that_is_missing_is_said_in_english(app: Flask) -> None:
    assert told_in("ve", lambda: gettext("Nobody has translated %(this)s.", this="this")) == (
        "Nobody has translated this."
    )


def test_own_words_go_before_the_catalogue_in_their_language_only(app: Flask) -> None:
    with app.test_request_context():
        languages.take_words("zu", {TITLE: "Own words", "Name": ""})

        told = {code: told_in(code, lambda: gettext(TITLE)) for code in ("zu", "en")}
        empty = told_in("zu", lambda: gettext("Name"))

    assert told == {"zu": "Own words", "en": TITLE}
    assert empty == told_in("zu", lambda: gettext("Name"))


# The choice


def test_the_language_is_chosen_by_a_link_and_kept_on_the_phone(client: FlaskClient) -> None:
    before = shown_in(client, "/join")
    chosen = shown_in(client, "/join?language=zu")

    later = [shown_in(client, address) for address in ("/join", "/capture/", "/status")]

    assert (before, chosen, later) == ("en", "zu", ["zu", "zu", "zu"])


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("nso-ZA, en;q=0.5", "nso"), ("fr, ts;q=0.5", "ts"), ("fr", "en"), ("", "en")],
)
def test_without_a_choice_it_is_what_the_browser_asks_for_or_english(
    client: FlaskClient, asked: str, shown: str
) -> None:
    assert shown_in(client, "/join", headers={"Accept-Language": asked}) == shown


def test_pages_that_are_there_in_english_only_stay_whole(client: FlaskClient) -> None:
    assert shown_in(client, "/sign-in?language=zu") == "en"
    assert shown_in(client, "/sign-in", headers={"Accept-Language": "zu"}) == "en"


def test_a_language_that_is_not_there_changes_nothing(client: FlaskClient) -> None:
    answer = client.get("/join?language=xx")

    assert '<html lang="en"' in answer.text
    assert "Set-Cookie" not in answer.headers


# Joining and capturing


def test_a_draft_of_the_notice_has_the_english_beside_it(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()

    page = client.get(f"/join/{code}?language=zu").text
    english = client.get(f"/join/{code}?language=en").text

    assert (IN_ISIZULU in page, told_in("zu", lambda: gettext(UNCHECKED)) in page) == (True, True)
    assert (
        "Names and contact details are kept to run this programme."
        in page.partition('<div class="stack" lang="en">')[2]
    )
    assert (UNCHECKED in english, '<div class="stack" lang="en">' in english) == (False, True)


def test_an_idea_keeps_in_which_language_the_notice_was_shown(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    form = client.get(f"/join/{code}/form?language=zu").text
    shown = dict(re.findall(r'name="(notice_\w+)"[^>]* value="([^"]+)"', form))

    client.post(f"/join/{code}/form", data={**TOLD, **shown, "form_key": str(uuid.uuid4())})

    assert shown == {"notice_version": "1", "notice_language": "zu"}
    assert db.session.scalars(sa.select(NoticeShown.language)).all() == ["zu"]
    assert db.session.scalars(sa.select(Idea)).one().owner.language == "zu"


def test_a_phone_takes_questions_and_notice_along_in_its_language(client: FlaskClient) -> None:
    _actor, _clinic, code = opened()
    client.get("/capture/?language=ve")

    taken = client.post(f"/join/{code}/devices?language=ve").json
    again = client.get("/capture/clinic?language=af", **token_of(client, code)).json

    assert (taken["language"], taken["notice"]["language"], taken["notice"]["is_draft"]) == ("ve", "ve", True)
    assert taken["consents"][0]["english"] == "May we keep your contact details and write or call about this idea?"
    assert taken["consents"][0]["label"] != taken["consents"][0]["english"]
    assert (again["language"], again["notice"]["language"]) == ("af", "af")


# Slips and cards


def test_the_message_in_tshivenda_says_which_letters_would_have_cost_a_second_one(app: Flask) -> None:
    idea = make.idea()

    with app.test_request_context():
        message = told_in("ve", lambda: slips.message_of(idea, "ABCDEFGH"))

    assert (message.cost.alphabet, message.cost.units, message.cost.parts) == ("GSM-7", len(message.text), 1)
    assert "ṅ" in message.bared


def test_the_letter_with_the_link_is_in_the_language_of_the_owner_as_a_whole(app: Flask) -> None:
    idea = make.idea()
    idea.owner.language = "ve"
    token = Token(kind="claim", nonce="n", expires_at=idea.captured_at)

    with app.test_request_context():
        _subject, text = post.write(messages.claim(idea, token), idea.owner)
        next_step = told_in("ve", lambda: slips.next_for(idea))

    assert next_step in text
    assert "Complete the canvas" not in text


def test_cards_in_tshivenda_hold_its_letters(app: Flask) -> None:
    clinic, _actor = with_cards(1)
    programme = db.session.get_one(Programme, clinic.programme_id)

    with app.test_request_context():
        chosen = cards.cards_to_print(clinic, 1, 1)
        pdf = told_in("ve", lambda: card_paper.cards_as_pdf(programme, clinic, chosen))

    assert set("ḓḽṅṋṱ") - set(letters_of(pdf)) == set()


@pytest.mark.parametrize(
    ("standing", "said"), [("stopped", "Umisiwe"), ("merged", "Uhlanganisiwe"), ("held", "Umisiwe")]
)
def test_what_became_of_an_idea_is_said_in_one_language(client: FlaskClient, standing: str, said: str) -> None:
    idea = make.idea(place="at_screening", standing=standing)
    idea.secret_digest = claims.digest("ABCDEFGH")
    db.session.commit()

    page = client.post("/status?language=zu", data={"reference": idea.reference, "secret": "ABCD-EFGH"}).text

    heading = re.findall(r'<span class="tag[^>]*>(.*?)</span>', page)[0]
    assert heading.startswith(said)
    assert "Isango lokuhlunga" in heading


# Dates and numbers


class DayForm(Form):
    day = wtforms.DateField("Day")


@pytest.mark.parametrize(
    ("typed", "read"), [("2026-11-26", dt.date(2026, 11, 26)), ("26/11/2026", None), ("26 Nov. 2026", None)]
)
def test_typed_days_are_read_as_iso_only_whatever_is_spoken(app: Flask, typed: str, read: dt.date | None) -> None:
    with app.test_request_context(method="POST", data={"day": typed}):
        form = told_in("af", DayForm.read)

    assert form.day.data == read


def test_days_and_numbers_are_written_as_the_language_writes_them(app: Flask) -> None:
    day = dt.date(2026, 11, 26)

    written = {
        code: told_in(code, lambda: (languages.written_day(day), languages.written_number(31000)))
        for code in ("en", "af", "zu")
    }

    assert written == {
        "en": ("26 Nov 2026", "31\u00a0000"),
        "af": ("26 Nov. 2026", "31\u00a0000"),
        "zu": ("26 Nov 2026", "31,000"),
    }
