"""A translator's file is held against what the programme says, shown, and kept only once somebody saves."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.programmes.brought import read_brought
from innovation.programmes.own_words import Text, written_in
from innovation.programmes.translating import write_texts
from innovation.tables import TableFault
from tests import make

KNOWN = (
    Text("Name of the programme", "Clinics"),
    Text("Stage", "Pilot", own="Ukuhlola", known="Isivivinyo"),
    Text("Help", "Begins with {reference}."),
    Text("Word", "-1 school"),
)


def file_of(*rows: tuple[str, str], heading: str = "isiZulu") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("What it is", "Original", heading), *(("", *row) for row in rows)])
    return out.getvalue().encode()


def brought(*rows: tuple[str, str]) -> Any:
    return read_brought(file_of(*rows), "texts.csv", KNOWN, "isiZulu")


def test_a_file_brings_what_changes_and_leaves_what_is_the_same_or_empty(app: Flask) -> None:
    found = brought(("Clinics", "Imitholampilo"), ("Pilot", "Ukuhlola"), ("Begins with {reference}.", ""))

    assert (found.texts, found.same, found.empty, found.faults) == ({"Clinics": "Imitholampilo"}, 1, 1, [])


def test_the_sign_that_keeps_a_spreadsheet_from_counting_is_no_part_of_a_text(app: Flask) -> None:
    assert brought(("'-1 school", "'-1 isikole")).texts == {"-1 school": "-1 isikole"}


@pytest.mark.parametrize(
    ("english", "told", "why"),
    [
        ("Nobody says this", "Akekho", "Nothing is said in these words here, or not any more: Nobody says this"),
        ("Begins with {reference}.", "Iqala.", "It has other places for values than the original: {reference}"),
        ("Clinics", "<b>Imitholampilo</b>", "It holds signs of a web page: <b>, </b>"),
        ("Clinics", "m" * 200, "It is too long for cards and phones: 200 letters."),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(app: Flask, english: str, told: str, why: str) -> None:
    found = brought(("Pilot", "Isilinganiso"), (english, told))

    assert (found.texts, found.faults) == ({"Pilot": "Isilinganiso"}, [(3, why)])


def test_the_same_text_with_two_translations_is_told(app: Flask) -> None:
    found = brought(("Clinics", "Imitholampilo"), ("Clinics", "Imibono"))

    assert found.faults == [(3, "The same text stands there twice, with another translation.")]


def test_a_file_for_another_language_is_refused(app: Flask) -> None:
    with pytest.raises(TableFault) as refused:
        read_brought(file_of(("Clinics", "Kliniek"), heading="Afrikaans"), "texts.csv", KNOWN, "isiZulu")

    assert refused.value.reasons == ("The file has no column named isiZulu. Begin with the one from here.",)


def test_the_list_comes_back_is_shown_and_is_kept_once_it_is_saved(client: FlaskClient) -> None:
    home = make.programme()
    make.sign_in(client, make.staff("manager"))
    address = f"/programmes/{home.key}/languages/zu"
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/texts.csv").text.lstrip("\ufeff"))))
    filled = [[*row[:2], "Imibono yesifunda" if row[1] == home.name else row[2]] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows(filled)

    page = client.post(f"{address}/file", data={"file": (io.BytesIO(out.getvalue().encode()), "zu.csv")}).text
    before = written_in(home.id, "zu")
    name = page.partition("New from the file")[2].partition('name="text_')[2][:16]
    client.post(address, data={f"text_{name}": "Imibono yesifunda"})

    db.session.expire_all()
    assert "1 text of the file is new. Nothing is kept yet." in page
    assert (before, written_in(home.id, "zu")) == ({}, {home.name: "Imibono yesifunda"})


def test_a_form_that_brings_no_file_takes_nothing_away(client: FlaskClient) -> None:
    home = make.programme()
    manager = make.staff("manager")
    write_texts(make.actor(manager), home, language="zu", texts={home.name: "Imibono yesifunda"})
    make.sign_in(client, manager)

    page = client.post(f"/programmes/{home.key}/languages/zu/file")

    assert (page.status_code, "Choose the file first." in page.text) == (422, True)
    assert written_in(home.id, "zu") == {home.name: "Imibono yesifunda"}
