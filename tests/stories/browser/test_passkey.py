"""A passkey in a real browser: made, used instead of the password and after it, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from innovation.accounts.models import Passkey
from innovation.db import db
from tests import make
from tests.stories.browser.conftest import Site, sign_in, start_site
from tests.stories.conftest import with_password

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

TEACHER = "teacher@gatehouse.example"


@pytest.fixture
def site(tmp_path: Path, migrated: Path) -> Iterator[Site]:
    """A site under a name, since passkeys belong to names."""
    yield from start_site(tmp_path, migrated, _teacher, name="localhost")


def _teacher() -> None:
    with_password(make.person("A teacher", email=TEACHER))


@pytest.fixture
def page(context_of: Callable[..., BrowserContext]) -> Page:
    """A browser with a device that holds passkeys and knows its owner."""
    page = context_of().new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def sign_out(page: Page) -> None:
    page.click("details.account summary")
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in")


def add_passkey(page: Page, site: Site, name: str) -> None:
    page.goto(site.url("/account/second-factor"))
    page.fill("#passkeys form[data-passkey] input[name=name]", name)
    page.click("text=Add a passkey")


def test_a_passkey_signs_in_without_a_name_and_after_the_password(site: Site, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in(page, site, TEACHER)

    add_passkey(page, site, "My phone")
    page.wait_for_selector("text=Your recovery codes")
    codes = page.locator("[data-codes] li").count()
    sign_out(page)

    page.click("text=Sign in with a passkey")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    sign_out(page)

    page.goto(site.url("/sign-in?next=/account"))
    page.fill("input[name=email]", TEACHER)
    page.fill("input[name=password]", make.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("text=One more step")
    page.click("text=Use a passkey")
    page.wait_for_selector("h1:has-text('My account')")

    page.goto(site.url("/account/second-factor"))
    page.click("#passkeys summary:has-text('Remove')")
    page.click("#passkeys button:has-text('Remove')")
    page.wait_for_selector("text=The passkey is removed")

    assert codes == 10
    assert site.inside(lambda: db.session.query(Passkey).count()) == 0
    assert faults == []


def test_a_device_that_holds_one_makes_no_second_one(site: Site, page: Page) -> None:
    sign_in(page, site, TEACHER)
    add_passkey(page, site, "My phone")
    page.wait_for_selector("text=Your recovery codes")

    add_passkey(page, site, "My phone again")

    page.wait_for_selector("[data-told]:has-text('The passkey was not used')")
    assert site.inside(lambda: [passkey.name for passkey in db.session.query(Passkey)]) == ["My phone"]
