"""The frame of every page, and the pages that say that something went wrong."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from innovation.frame import Place
from tests.architecture.tree import ROOT
from tests.pages.conftest import Render
from tests.pages.reading import elements

PAGE = (
    '{% extends "base.html" %}'
    "{% block heading %}Ideas <i>&amp;</i> more{% endblock %}{% block content %}<p>Here</p>{% endblock %}"
)
STATIC = ROOT / "innovation" / "static"
CODES = [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]


def test_a_page_has_its_landmarks_a_skip_link_and_a_title(render: Render) -> None:
    page = render(PAGE)

    assert [len(elements(page, tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    assert elements(page, "a")[0].attributes["href"] == "#" + elements(page, "main")[0].attributes["id"]
    assert elements(page, "title")[0].text == "Ideas & more · Gatehouse"


def test_the_demonstration_says_so_on_every_page(render: Render) -> None:
    banners = [len(elements(render(PAGE, demo=demo), "aside", class_="banner")) for demo in (True, False)]

    assert banners == [1, 0]


def test_a_signed_in_person_sees_what_waits_and_can_sign_out(render: Render) -> None:
    someone = SimpleNamespace(name="Panel chair", initials="PC", has=lambda *_roles: False)

    page = render(PAGE, me=someone, waiting=3, unread=120, navigation=(Place("Ideas", "/", True),))

    assert elements(page, "a", class_="tag info")[0].text == "3 to do"
    assert elements(page, "a", class_="inbox")[0].text == "Inbox, 120 unread messages 99+"
    assert elements(page, "form", method="post")[0].text == "Sign out"
    assert [e.text for e in elements(page, "a", aria_current="page")] == ["Ideas", "Ideas"]


@pytest.mark.parametrize("code", CODES)
def test_every_error_page_gives_back_what_was_typed(render: Render, code: int) -> None:
    page = render(
        f'{{% include "errors/{code}.html" %}}',
        status=code,
        reasons=[],
        sent=[("problem", "<b>Books reach\nschool</b>")],
        sent_to="/x",
    )

    kept = [e.text for e in elements(page, "textarea")]
    assert kept == ["<b>Books reach school</b>"]
    assert len(elements(page, "h1")) == 1


def test_only_an_out_of_date_form_can_be_sent_again(render: Render) -> None:
    names = {"status": 400, "reasons": [], "sent": [("title", "Clubs")], "sent_to": "/ideas"}

    pages = [render('{% include "errors/400.html" %}', csrf_failed=failed, **names) for failed in (True, False)]

    assert [len(elements(page, "form", action="/ideas")) for page in pages] == [1, 0]


def test_scripts_and_styles_stay_within_their_weight() -> None:
    scripts = sum(map(_weight, (path for path in STATIC.rglob("*.js") if path.parent.name not in ("capture", "room"))))
    of_rooms = sum(map(_weight, (STATIC / "room").glob("*")))  # capturing has a weight of its own

    assert (scripts <= 20_000, of_rooms <= 7_000, _weight(STATIC / "gatehouse.css") <= 12_000) == (True, True, True)


def _weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_stylesheet_uses_nothing_newer_than_the_oldest_browser() -> None:
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / "gatehouse.css").read_text(), flags=re.DOTALL)

    found = [
        word
        for word in ("light-dark(", "color-mix(", ":has(", "@container", "@scope", "dvh", "width <", "width >")
        if word in rules
    ]

    assert found == []
