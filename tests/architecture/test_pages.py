"""Every page that a person can reach: whole, light, strict, and without dead ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.architecture.stage import Stage
from tests.architecture.walk import Document, crawl, endpoint_of, is_page, packed, read

FIRST_VIEW = 60_000
LATER_VIEW = 25_000  # what the browser does not have yet
SCRIPT = 20_000
# The roles that together reach every kind of page.
WALKERS = (
    "stranger",
    "owner",
    "facilitator",
    "coordinator",
    "manager",
    "administrator",
    "chair",
    "seat_declared",
    "observer",
    "funder_admin",
)


def walk(stage: Stage, persona: str) -> list[tuple[str, str, TestResponse]]:
    """Every page that the persona reaches from the front page by links alone, a few of each kind."""
    return list(crawl(stage.app, stage.client(persona), of_each=2, limit=250))


@pytest.fixture(scope="module")
def walks(built: Stage) -> Callable[[str], list[tuple[str, str, TestResponse]]]:
    return cache(lambda persona: walk(built, persona))


Walks = Callable[[str], list[tuple[str, str, TestResponse]]]


@pytest.mark.parametrize("persona", WALKERS)
def test_no_link_leads_a_person_to_an_error(walks: Walks, persona: str) -> None:
    dead = [
        f"{source} -> {address}: {response.status_code}"
        for source, address, response in walks(persona)
        if response.status_code >= 400
    ]

    assert dead == []


@pytest.mark.parametrize("persona", WALKERS)
def test_every_page_is_whole(walks: Walks, persona: str) -> None:
    faults = [
        f"{address}: {fault}"
        for _source, address, response in walks(persona)
        if is_page(response)
        for fault in _faults(read(address, response))
    ]

    assert faults == []


def _faults(page: Document) -> list[str]:
    """What a page lacks, or has twice, or must not have."""
    if page.is_part:
        return [f"has {what}" for what in page.inline]
    found = [] if page.lang else ["has no language"]
    found += [] if page.title.strip(" ·\n").removesuffix("Gatehouse").strip(" ·\n") else ["has no title"]
    found += [] if len(page.h1) == 1 and page.h1[0].strip() else [f"has these headings of the first level: {page.h1}"]
    found += [f"has the id {name} {times} times" for name, times in page.ids.items() if times > 1]
    return found + [f"has {what}" for what in page.inline]


@pytest.mark.parametrize("persona", WALKERS)
def test_every_form_goes_to_something_that_takes_it(built: Stage, walks: Walks, persona: str) -> None:
    lost = {
        f"{address}: {form.method} {form.action}"
        for _source, address, response in walks(persona)
        if is_page(response)
        for form in read(address, response).forms
        if endpoint_of(built.app, _absolute(address, form.action), form.method.upper()) is None
    }

    assert sorted(lost) == []


def _absolute(address: str, action: str) -> str:
    return urljoin(address, action).partition("?")[0]


@pytest.mark.parametrize("persona", WALKERS)
def test_the_first_and_every_later_view_of_a_page_is_light(built: Stage, walks: Walks, persona: str) -> None:
    client = built.client(persona)
    size_of = cache(lambda address: packed(client, address))
    heavy = {}
    for _source, address, response in walks(persona):
        if is_page(response) and response.status_code == 200:
            parts = read(address, response).parts
            alone = packed(client, address)
            weight = alone + sum(size_of(part) for part in dict.fromkeys(parts))
            if alone > LATER_VIEW or weight > FIRST_VIEW:
                heavy[address] = (alone, weight)

    assert heavy == {}


def test_the_scripts_of_a_page_are_light(built: Stage) -> None:
    client: FlaskClient = built.client("manager")
    page = read("/", client.get("/"))
    scripts = [part for part in page.parts if part.partition("?")[0].endswith(".js")]

    weight = sum(packed(client, script) for script in scripts)

    assert len(scripts) >= 1
    assert weight <= SCRIPT


@pytest.mark.parametrize("persona", ["manager", "owner", "chair", "funder_admin"])
def test_no_page_asks_another_site_for_a_part_of_it(walks: Walks, persona: str) -> None:
    alien = {
        link
        for _source, address, response in walks(persona)
        if is_page(response)
        for link in read(address, response).parts
        if re.match(r"[a-z]+:|//", link) and not link.startswith("data:")
    }

    assert sorted(alien) == []
