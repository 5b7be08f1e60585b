"""Where there is nothing, a page says what to do next, and leads to a page that is open to the reader."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from tests import make

EMPTY = re.compile(
    r'<div class="empty">.*?<h2>(.*?)</h2>\s*<p class="muted">(.*?)</p>\s*'
    r'(?:<a class="button" href="(.*?)">(.*?)</a>)?',
    re.DOTALL,
)


def person(role: str) -> make.Person:
    if role == "funder":
        return make.funder_person(make.funder())
    return make.person("Teacher") if role == "owner" else make.staff(role)


def nothing_at(client: FlaskClient, role: str, address: str) -> tuple[str, str, str, str]:
    """Title, text and button of an empty page; the button has to lead somewhere."""
    make.region()
    make.sign_in(client, person(role))
    db.session.commit()
    title, text, href, label = EMPTY.findall(client.get(address).text)[0]
    assert not href or client.get(href.replace("&amp;", "&"), follow_redirects=True).status_code == 200
    return title, text, href, label


def test_panels_that_match_no_filter_are_not_missing(client: FlaskClient) -> None:
    make.panel()

    title, text, href, label = nothing_at(client, "coordinator", "/panels?q=zzz")

    assert (title, text) == ("No panel fits", "Take a filter away to see more.")
    assert (label, href) == ("All panels", "/panels")


def test_a_programme_without_panels_is_led_to_make_one(client: FlaskClient) -> None:
    title, _text, href, label = nothing_at(client, "coordinator", "/panels")

    assert (title, label, href) == ("No panel here", "Make a panel", "/panels/new")


@pytest.mark.parametrize(
    ("act", "text", "label", "href"),
    [
        ("present", "No idea in your regions stands before a gate. Ideas arrive from clinics.", "Clinics", "/clinics"),
        ("convene", "No idea waits for a panel. Present one first.", "To present", "/reviews/desk?act=present"),
        ("remind", "No panel sits at the moment. Convene one first.", "To convene", "/reviews/desk?act=convene"),
    ],
)
def test_the_desk_says_what_comes_before(act: str, text: str, label: str, href: str, client: FlaskClient) -> None:
    found = nothing_at(client, "coordinator", f"/reviews/desk?act={act}")

    assert found == ("Nothing to do here", text, href, label)


@pytest.mark.parametrize(
    ("role", "label", "href"),
    [
        ("coordinator", "See the pipeline", "/"),
        ("owner", "My work", "/work"),
        ("funder", "Find ideas", "/funders/ideas"),
    ],
)
def test_a_search_without_results_leads_to_a_page_of_ones_own(
    role: str, label: str, href: str, client: FlaskClient
) -> None:
    found = nothing_at(client, role, "/search?q=zzz")

    assert found[2:] == (href, label)


def test_interest_that_matches_no_filter_is_not_missing(client: FlaskClient) -> None:
    title, text, _href, label = nothing_at(client, "funder", "/funders/interests?q=zzz")

    assert (title, text, label) == ("No interest fits", "Take a filter away to see more.", "All interest")


def test_somebody_without_long_jobs_is_led_back_to_work(client: FlaskClient) -> None:
    assert nothing_at(client, "coordinator", "/jobs")[2:] == ("/work", "My work")
