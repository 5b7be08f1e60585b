"""What stories in a browser share: pressing a button, and looking at a page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SHOTS = os.environ.get("GATEHOUSE_TEST_PICTURES")


def press(page: Page, label: str, within: Locator | None = None) -> None:
    """Press a button that sends its form, and wait for the page that answers it."""
    page.evaluate("document.body.dataset.before = 'yes'")
    (within or page.locator("main")).locator(f"button:text-matches('^{label}', '')").first.click()
    page.wait_for_selector("body:not([data-before]) > footer", state="attached")
    page.wait_for_load_state()


def look(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    violations = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}).response
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = [f"{name}: {each['id']} {each['nodes'][0]['target']}" for each in violations["violations"]]
    return found + ([f"{name}: wider than the window"] if wide else [])
