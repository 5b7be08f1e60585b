"""Somebody who sits on a panel and works for a funder sees no more there than any funder, and their seat says so."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from innovation.db import db
from innovation.funders.models import Funder
from tests import make
from tests.architecture.map import MAP
from tests.architecture.stage import Stage

BOTH, PLAIN = "seat_none", "funder_member"
OWN = re.compile(r'<(input type="hidden"|option)[^>]*>|nonce-\S+')


@pytest.fixture
def fund(stage: Stage) -> str:
    """The name of the funder for which a member of the panels works."""
    with stage.app.app_context():
        fund = db.session.get_one(Funder, stage.world.things["funder"]["one"])
        make.grant(stage.world.person(BOTH), "funder_member", funder_id=fund.id)
        name = fund.name
        db.session.commit()
        db.session.remove()
    return name


def shown(response: TestResponse) -> tuple[int, str]:
    """What a page shows apart from who reads it; a refusal only links to what else is open to them."""
    if response.status_code >= 400:
        return response.status_code, ""
    text = response.text if response.mimetype.startswith("text/") else response.get_data().hex()
    _before, main, rest = text.partition("<main")
    return response.status_code, OWN.sub("", rest if main else text)


def addresses(stage: Stage) -> list[str]:
    """Every page about funding, for every thing that the map knows, and every export of a list."""
    of_funding = [rule for rule in stage.app.url_map.iter_rules() if rule.endpoint.startswith(("funders.", "pilots."))]
    found = []
    with stage.app.test_request_context():
        for rule in of_funding:
            for case in MAP[rule.endpoint].cases(stage.world) if "GET" in (rule.methods or ()) else ():
                found.append(stage.app.url_for(rule.endpoint, **case.arguments))
                if not case.arguments:
                    found.append(stage.app.url_for(rule.endpoint, export="csv"))
    return found


def test_a_panel_member_sees_what_any_funder_sees_on_every_page_and_in_every_export(stage: Stage, fund: str) -> None:
    differs, opened = [], 0
    for address in addresses(stage):
        plain, both = (shown(stage.get(persona, address)) for persona in (PLAIN, BOTH))
        opened += plain[0] == 200
        if both not in (plain, (404, "")):  # a plan is its maker's own
            differs.append((address, plain[0], both[0]))

    assert differs == []
    assert opened > 20


def test_the_seat_of_somebody_who_works_for_a_funder_says_so_to_who_leads(stage: Stage, fund: str) -> None:
    world = stage.world
    review, panel = world.things["review"]["scoring"], world.things["panel"]["screening"]
    pages = (f"/reviews/{review}", f"/reviews/{review}/interests")
    seen = {
        (persona, page): f"Works for {fund}" in stage.get(persona, page).text
        for persona, page in (
            *(("chair", page) for page in pages),
            *(("coordinator", page) for page in (*pages, f"/panels/{panel}")),
            ("seat_accepted", pages[0]),
            ("owner", f"{pages[0]}/outcome"),
        )
    }

    told = [persona for (persona, _page), there in seen.items() if there]
    assert told == ["chair", "chair", "coordinator", "coordinator", "coordinator"]


def test_they_are_told_themselves(stage: Stage, fund: str) -> None:
    page = stage.get(BOTH, f"/reviews/{stage.world.things['review']['scoring']}")

    assert page.text.count(f"You work for {fund}, too, and your seat says so.") == 1
