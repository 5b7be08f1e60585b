"""The pages of the demonstration as each role opens them, light and dark, on a phone and on a desk, asked by axe."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import groupby
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
from tests.kept import made_once, shared
from tests.stories.browser.conftest import Site, sign_in
from tests.stories.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
FIRST_VIEW = 60_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": TAGS, "resultTypes": ["violations"]}  # what passes need not be listed
LOOKS = [("light", 1360), ("dark", 360)]  # colours are those of the scheme at every width


@dataclass
class Walked:
    """The kinds of page, each with the first sign-in that could open it, and how heavy each is."""

    pages: list[tuple[str, str]] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)


def walk(demonstration: Path, folder: Path) -> None:
    """Keep one page of each kind, found by following links as each sign-in in turn."""
    shutil.copytree(demonstration, folder / "world")  # signing in writes, and others copy what is shared
    app = create_app(instance=folder / "world", **FAST)
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
                walked.pages.append((email, address))
                parts = dict.fromkeys(read(address, response).parts)
                walked.weights[address] = sum(packed(client, part) for part in (address, *parts))
    (folder / "walked.json").write_text(json.dumps(asdict(walked)))


def walked_once(demonstration: Path, temporary: pytest.TempPathFactory) -> Walked:
    """What was found, by whichever process of the run came first."""
    found = made_once(shared(temporary) / "walked", partial(walk, demonstration))
    return Walked(**json.loads((found / "walked.json").read_text()))


def faults_of(demo: Site, pages: list[tuple[str, str]], context_of: NewContext) -> list[str]:
    """What axe finds on these pages, each as the person who opens it."""
    wrong: list[str] = []
    for email, of_one in groupby(pages, key=lambda page: page[0]):
        page = sign_in(context_of().new_page(), demo, email, PASSWORD) if email else context_of().new_page()
        for _email, address in of_one:
            page.goto(demo.url(address))
            wrong += faults(page, address)
    return wrong


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
