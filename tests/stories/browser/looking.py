"""What stories in a browser share: pressing a button, and looking at a page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SHOTS = os.environ.get("GATEHOUSE_TEST_PICTURES")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BRIEF = {"resultTypes": ["violations"]}  # what passes need not be listed
RULES = {"runOnly": TAGS, **BRIEF}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **BRIEF}


def press(page: Page, label: str, within: Locator | None = None) -> None:
    """Press a button that sends its form, and wait for the page that answers it."""
    page.evaluate("document.body.dataset.before = 'yes'")
    (within or page.locator("main")).locator(f"button:text-matches('^{label}', '')").first.click()
    page.wait_for_selector("body:not([data-before]) > footer", state="attached")
    page.wait_for_load_state()


def violations(page: Page, rules: dict[str, object] = RULES) -> list[str]:
    """What axe finds on a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(rules)", rules)["violations"]
    return [f"{each['id']} at {each['nodes'][0]['target']}" for each in found]


def is_wide(page: Page) -> bool:
    """Is it wider than its window?"""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def look(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    found = [f"{name}: {violation}" for violation in violations(page)]
    return found + ([f"{name}: wider than the window"] if is_wide(page) else [])
