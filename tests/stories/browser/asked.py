"""Pages asked by axe, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from innovation.demo.setting import PASSWORD
from tests.stories.browser.conftest import Site, sign_in
from tests.stories.browser.looking import is_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NewContext = Callable[..., "BrowserContext"]
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
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        seen = [*violations(page), *(["it is wider than the window"] if is_wide(page) else [])]
        found += [f"{urlsplit(address).path} {scheme} {width}: {fault}" for fault in seen]
    return found
