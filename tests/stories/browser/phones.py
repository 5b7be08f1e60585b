"""A phone in the room of a clinic: its browser, and what somebody does with it."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.stories.browser.conftest import FLAGS
from tests.stories.browser.mast import Mast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CODE = "KXTRPW"
CONSENTS = ("contact", "public_name", "photo", "share_with_funders")


@dataclass
class Phone:
    """A device in the room: its browser, and the mast that it hangs on."""

    context: BrowserContext
    page: Page
    mast: Mast

    def has_signal(self, there: bool) -> None:
        self.mast.up = there
        self.context.set_offline(not there)

    def join(self) -> None:
        self.page.goto(f"{self.mast.address}/join/{CODE}")
        self.page.click("text=I have read it")
        self.page.wait_for_selector("[data-ready]")

    def capture(self, title: str, photo: Path | None = None) -> None:
        """Fill in everything on one screen and save."""
        page = self.page
        page.evaluate("document.getElementById('f-title')?.setAttribute('data-before', '')")
        page.goto(f"{self.mast.address}/capture/#/new/first/all")
        page.fill("#f-title:not([data-before])", title)  # the form of the next idea, once it has been drawn
        self.fill(photo)

    def fill(self, photo: Path | None = None, *, saves: bool = True) -> None:
        page = self.page
        self.answer()
        if photo:
            page.set_input_files("#f-photo", photo)
            page.wait_for_selector("img.sketch")
        page.click("text=Save and next")
        if saves:
            page.wait_for_selector(".notice.go")

    def answer(self) -> None:
        """Everything that must be there, but for the title."""
        page = self.page
        page.fill("#f-problem", "Children do not read for meaning.")
        page.fill("#f-summary", "Matric leavers read with children after school.")
        page.check("[name=under_18][value=no]", force=True)
        page.fill("#f-owner_name", "Demo owner")
        for purpose in CONSENTS:
            page.check(f"[name=consent_{purpose}][value=no]", force=True)

    def state(self) -> str:
        return self.page.inner_text("[data-state]")

    def says(self, text: str) -> None:
        self.page.wait_for_function(
            "text => document.querySelector('[data-state]').textContent === text", arg=text, timeout=25_000
        )


def persistent(browser: Browser, profile: Path) -> BrowserContext:
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=os.environ["CHROMIUM"], args=FLAGS, viewport={"width": 360, "height": 760}
    )
    context.set_default_timeout(15_000)
    return context


def crash(context: BrowserContext) -> None:
    """The browser dies at once, as when the battery is empty."""
    with contextlib.suppress(Exception):
        context.new_cdp_session(context.pages[0]).send("Browser.crash")
    with contextlib.suppress(Exception):
        context.close()
