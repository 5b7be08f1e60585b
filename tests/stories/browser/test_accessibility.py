"""Every kind of page of the demonstration, as each role, light and dark, on a phone and on a desk, asked by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from innovation.app import create_app
from innovation.db import db
from innovation.demo import load
from innovation.demo.setting import PASSWORD
from tests.architecture.walk import crawl, endpoint_of, is_page, packed, read
from tests.conftest import FAST
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
FIRST_VIEW = 60_000
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [("light", 1360), ("dark", 360)]  # colours are those of the scheme at every width


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Site]:
    """The demonstration, served."""
    yield from start_site(tmp_path_factory.mktemp("demo"), demonstration)


@dataclass
class Walked:
    """For each sign-in the addresses of the kinds of page that nobody before it could open, and how heavy each is."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def walked(demo: Site) -> Walked:
    """One page of each kind, found by following links."""
    app = create_app(instance=demo.instance, **FAST)
    with app.app_context():
        addresses = [each.email for each in load.sign_ins()]
        db.session.remove()
    known: set[str] = set()
    walked = Walked()
    for email in addresses:
        client = Visitor.signed_in(app, email, PASSWORD).client
        for _source, address, response in crawl(app, client, of_each=1, limit=120):
            endpoint = endpoint_of(app, address)
            if endpoint is None or endpoint[0] in known or not is_page(response):
                continue
            if response.status_code == 200 and not read(address, response).is_part:
                known.add(endpoint[0])
                walked.pages.setdefault(email, []).append(address)
                parts = dict.fromkeys(read(address, response).parts)
                walked.weights[address] = sum(packed(client, part) for part in (address, *parts))
    return walked


def faults(page: Page, address: str) -> list[str]:
    """What axe finds on a page in each look."""
    found = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        for violation in Axe().run(page, options=RULES).response["violations"]:
            where = violation["nodes"][0]["target"]
            found.append(f"{urlsplit(address).path} {scheme} {width}: {violation['id']} at {where}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{urlsplit(address).path} {scheme} {width}: it is wider than the window")
    return found


def test_the_first_view_of_every_page_is_light(walked: Walked) -> None:
    heavy = {address: weight for address, weight in walked.weights.items() if weight > FIRST_VIEW}

    assert heavy == {}


def test_no_page_has_a_fault_for_anybody(demo: Site, walked: Walked, context_of: NewContext) -> None:
    wrong: list[str] = []

    for email, addresses in walked.pages.items():
        page = sign_in(context_of().new_page(), demo, email, PASSWORD)
        for address in addresses:
            page.goto(demo.url(address))
            wrong += faults(page, address)
    stranger = context_of().new_page()
    for address in ("/", "/sign-in", "/forgotten-password", "/status", "/nowhere"):
        stranger.goto(demo.url(address))
        wrong += faults(stranger, address)

    assert wrong == []
    assert sum(len(addresses) for addresses in walked.pages.values()) >= 30
