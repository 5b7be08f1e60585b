"""A programme's own words are written in other languages; what is missing is listed, and shown in English."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.db import db
from innovation.events import Event
from innovation.programmes import commands, notices
from innovation.programmes.models import Programme
from innovation.programmes.own_words import texts_of, written_in
from innovation.programmes.translating import write_texts
from tests import make
from tests.clinics.test_join_room import opened
from workflows import Refused

NOTICE = "We keep your name."


def a_programme(notice: str = NOTICE) -> tuple[Any, Programme]:
    home = make.programme()
    home.notice = notice
    db.session.commit()
    return make.actor(make.staff("manager")), home


def shown(home: Programme, language: str) -> tuple[int, str, str, bool]:
    found = notices.find_notice(home, language)
    return found.version, found.language, found.text, found.is_draft


def test_a_text_is_kept_changed_and_taken_away(app: Any) -> None:
    manager, home = a_programme()

    kept = []
    for text in ("Inkinga", "Inkinga enkulu", ""):
        write_texts(manager, home, language="zu", texts={home.name: text, "Nobody asks this.": "Akekho"})
        kept.append(written_in(home.id, "zu").get(home.name))

    assert kept == ["Inkinga", "Inkinga enkulu", None]


def test_texts_that_the_programme_does_not_say_are_not_kept(app: Any) -> None:
    manager, home = a_programme()

    write_texts(manager, home, language="zu", texts={"Nobody asks this.": "Akekho"})

    assert written_in(home.id, "zu") == {}


def test_what_is_missing_comes_first_and_a_changed_original_is_missing_again(app: Any) -> None:
    manager, home = a_programme()
    write_texts(manager, home, language="zu", texts={home.name: "Amakliniki"})
    earlier, before = home.name, {text.english: text.own for text in texts_of(home, "zu")}

    home.name = "Clinics of the province"
    after = texts_of(home, "zu")

    assert before[earlier] == "Amakliniki"
    assert (after[0].english, after[0].is_missing) == ("Clinics of the province", True)
    assert [text.is_missing for text in after] == sorted((text.is_missing for text in after), reverse=True)


def test_a_notice_is_a_draft_until_a_speaker_has_checked_it(app: Any) -> None:
    manager, home = a_programme()

    seen = [shown(home, "zu")]
    for is_checked in (False, True):
        write_texts(manager, home, language="zu", texts={}, notice="Sigcina igama lakho.", is_checked=is_checked)
        seen.append(shown(home, "zu"))

    assert seen == [
        (1, "en", NOTICE, False),
        (1, "zu", "Sigcina igama lakho.", True),
        (1, "zu", "Sigcina igama lakho.", False),
    ]


def test_another_text_of_a_notice_is_a_new_version_that_takes_the_other_languages_along(app: Any) -> None:
    manager, home = a_programme()
    write_texts(manager, home, language="zu", texts={}, notice="Okokuqala")
    write_texts(manager, home, language="af", texts={}, notice="Die eerste", is_checked=True)

    write_texts(manager, home, language="zu", texts={}, notice="Okwesibili")

    assert shown(home, "zu") == (2, "zu", "Okwesibili", True)
    assert shown(home, "af") == (2, "af", "Die eerste", False)
    assert shown(home, "en") == (2, "en", NOTICE, False)
    assert all(notices.was_shown(home, 1, language) for language in ("en", "zu", "af"))


def test_the_usual_words_are_remembered_once_the_programme_has_its_own(app: Any) -> None:
    manager, home = a_programme("")

    commands.change_programme(manager, home, name=home.name, notice=NOTICE, responsible_party="")

    assert [notices.was_shown(home, 1, language) for language in ("en", "zu")] == [True, True]
    assert [notices.was_shown(home, 2, language) for language in ("en", "zu")] == [True, False]


def test_the_event_says_how_many_and_not_what(app: Any) -> None:
    manager, home = a_programme()

    write_texts(manager, home, language="ve", texts={home.name: "Dzikiliniki"})

    facts = db.session.scalars(sa.select(Event.facts).filter_by(kind="texts_written")).one()
    assert "Dzikiliniki" not in facts
    assert '"texts":1' in facts.replace(" ", "")


@pytest.mark.parametrize("language", ["en", "xx"])
def test_only_other_languages_that_are_there_are_written(app: Any, language: str) -> None:
    manager, home = a_programme()

    with pytest.raises(Refused):
        write_texts(manager, home, language=language, texts={})


def test_the_page_takes_texts_the_list_has_them_and_the_join_page_says_them(client: FlaskClient) -> None:
    _actor, clinic, code = opened()
    home = db.session.get_one(Programme, clinic.programme_id)
    make.sign_in(client, make.staff("manager"))
    title = next(text for text in texts_of(home, "zu") if text.english == clinic.title)

    saved = client.post(f"/programmes/{home.key}/languages/zu", data={title.name: "Ikliniki yethu"})
    table = list(csv.reader(io.StringIO(client.get(f"/programmes/{home.key}/languages/zu/texts.csv").text)))
    joined = [client.get(f"/join/{code}?language={language}").text for language in ("zu", "xh")]

    assert (saved.status_code, saved.location) == (302, f"/programmes/{home.key}/languages/zu")
    assert [row[2] for row in table if row[1] == clinic.title] == ["Ikliniki yethu"]
    assert ["Ikliniki yethu" in page for page in joined] == [True, False]
    assert clinic.title in joined[1]
