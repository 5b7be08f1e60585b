"""The capture page is light, strict, and the same for everybody; its parts and its worker fit together."""

from __future__ import annotations

import gzip
import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from innovation.clinics.capture_words import capture_words
from innovation.clinics.join_forms import CONSENTS
from innovation.db import db
from innovation.ideas.codes import PURPOSES
from innovation.languages import LANGUAGES
from innovation.pilots.visit_packet import visit_words
from innovation.web import STATIC
from tests import make
from tests.architecture.walk import packed, read
from tests.clinics.full import full_clinic

MOST = 60_000
SCRIPTS = sorted((STATIC / "capture").glob("*.js"))


def parts_of(client: FlaskClient, address: str) -> list[str]:
    return list(dict.fromkeys(read(address, client.get(address)).parts))


def shell_of(client: FlaskClient) -> dict[str, Any]:
    """What the worker is given: its release, and the parts that it keeps."""
    return dict(json.loads(client.get("/capture/worker.js").text.partition("= ")[2].partition(";\n")[0]))


def weight_in(client: FlaskClient, language: str) -> int:
    """Bytes that a phone takes until it is ready."""
    client.get(f"/join/KXTRPW?language={language}")
    join = ["/join/KXTRPW", *parts_of(client, "/join/KXTRPW")]
    addresses = dict.fromkeys([*join, "/capture/?code=KXTRPW", "/capture/worker.js", *shell_of(client)["shell"]])
    taken = client.post(f"/join/KXTRPW/devices?language={language}").data
    told = json.loads(taken)
    assert (len(told["known"]) > 30, len(told["lessons"]) > 20) == (True, True)
    return sum(packed(client, address) for address in addresses) + len(gzip.compress(taken))


def test_joining_a_full_clinic_and_the_page_weigh_less_than_sixty_kilobytes_in_every_language(app: Flask) -> None:
    full_clinic()

    weights = {language: weight_in(app.test_client(), language) for language in LANGUAGES}

    assert {language: weight for language, weight in weights.items() if weight >= MOST} == {}


def test_the_worker_keeps_every_part_of_the_page_and_changes_with_the_release(client: FlaskClient) -> None:
    kept = shell_of(client)

    page = client.get("/capture/").text
    assert client.get("/capture/worker.js").headers["Cache-Control"] == "no-cache"
    assert kept["release"] in page
    parts = re.findall(r'<(?:link|script)[^>]* (?:href|src)="(/[^"]+)"', page)
    assert sorted({"/capture/?language=en", *parts} - set(kept["shell"])) == []
    assert [address for address in kept["shell"] if client.get(address).status_code != 200] == []


def test_a_phone_finds_pictures_of_the_right_size_for_its_home_screen(client: FlaskClient) -> None:
    told = json.loads(client.get("/capture/manifest.webmanifest").data)

    drawn = {icon["src"]: icon["sizes"] for icon in told["icons"] if icon["type"] == "image/png"}
    found = {}
    for address in drawn:
        with Image.open(io.BytesIO(client.get(address).data)) as picture:
            found[address] = f"{picture.width}x{picture.height}"
    assert sorted(drawn.values()) == ["192x192", "512x512"]
    assert found == drawn


@pytest.mark.parametrize(
    ("address", "keeps"),
    [("http://localhost", True), ("https://clinic.example", True), ("http://clinic.example", False)],
)
def test_who_joins_where_a_browser_cannot_keep_the_page_is_told_before(
    app: Flask, client: FlaskClient, address: str, keeps: bool
) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(trusted_hosts=["localhost", "clinic.example"])
    make.room(make.clinic())

    page = client.get("/join/KXTRPW", base_url=address).text

    assert ("stays on your phone and works without a signal" in page, "Ask for the https address" in page) == (
        keeps,
        not keeps,
    )


def test_what_a_phone_has_already_is_not_sent_again_until_it_changes(client: FlaskClient) -> None:
    device = full_clinic()
    asked = {"Authorization": "Bearer token of a phone"}
    first = client.get("/capture/clinic", headers=asked)
    known = {**asked, "If-None-Match": first.headers["ETag"]}

    again = client.get("/capture/clinic", headers=known)
    device.clinic.challenge = "How might we help every child count?"
    db.session.commit()
    changed = client.get("/capture/clinic", headers=known)

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert (changed.status_code, "every child count" in changed.text) == (200, True)


def test_static_files_are_the_same_whatever_cookies_a_browser_holds(client: FlaskClient) -> None:
    make.sign_in(client, make.person())

    answer = client.get(next(part for part in shell_of(client)["shell"] if part.endswith("whole.js")))

    assert (answer.vary.as_set(), "Set-Cookie" in answer.headers) == ({"accept-encoding"}, False)
    assert not re.search(r"^\s*(import|export) ", answer.text, re.M)


def test_the_page_is_the_same_for_everybody(client: FlaskClient) -> None:
    before = client.get("/capture/").data
    make.sign_in(client, make.person())

    assert client.get("/capture/").data == before


def test_the_scripts_say_only_what_the_site_has_words_for(app: Any) -> None:
    with app.test_request_context():
        words, of_visits = capture_words(), visit_words()
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    source = re.sub(r'[=!]== "\w+"', "", scripts)

    spoken = {key for called in re.findall(r"say\(([^()]*)", source) for key in re.findall(r'"(\w+)"', called)}

    assert sorted(spoken - set(of_visits)) == []
    assert sorted(spoken - set(words)) == ["months", "onward"]  # of the day of a visit; from a visit to an incident
    assert sorted(key for key in words if f'"{key}"' not in scripts) == []


def test_every_purpose_of_a_consent_has_its_question() -> None:
    assert tuple(CONSENTS) == PURPOSES
