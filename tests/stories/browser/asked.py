"""Pages asked by axe, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

from innovation.demo.setting import PASSWORD
from tests.stories.browser.conftest import Site, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": TAGS, "resultTypes": ["violations"]}  # what passes need not be listed
LOOKS = [("light", 1360), ("dark", 360)]  # colours are those of the scheme at every width


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
    page.evaluate(AXE_SCRIPT)
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        for violation in page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
            where = violation["nodes"][0]["target"]
            found.append(f"{urlsplit(address).path} {scheme} {width}: {violation['id']} at {where}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{urlsplit(address).path} {scheme} {width}: it is wider than the window")
    return found
