"""What a phone carries over a slow line to join a clinic that has all it can have, as the mast counts it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clinics.full import full_clinic
from tests.stories.browser.conftest import Site, start_site
from tests.stories.browser.mast import masts
from tests.stories.browser.phones import CODE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

NewContext = Callable[..., "BrowserContext"]
FIFTY_KILOBITS = 50_000 // 8
MOST, SECOND = 60_000, 4_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    yield from start_site(tmp_path_factory.mktemp("full"), migrated, lambda: full_clinic(CODE))


@pytest.mark.parametrize("language", ["en", "ve"])
def test_joining_carries_at_most_sixty_kilobytes_and_opening_again_next_to_nothing(
    site: Site, context_of: NewContext, language: str
) -> None:
    with masts(site.port, 1) as (mast,):
        page = context_of().new_page()

        page.goto(f"{mast.address}/join/{CODE}?language={language}")
        page.click("main a.button")
        page.wait_for_selector("[data-ready]")
        page.wait_for_timeout(1000)
        first = mast.carried
        page.reload()
        page.wait_for_selector("[data-ready]")
        page.wait_for_timeout(1000)

        print(f"{language}: {first} bytes, opened again {mast.carried - first}")
        assert 20_000 < first < MOST
        assert mast.carried - first < SECOND


def test_at_fifty_kilobits_a_second_a_full_clinic_is_ready_within_fifteen_seconds(
    site: Site, context_of: NewContext
) -> None:
    with masts(site.port, 1) as (mast,):
        page = context_of().new_page()
        mast.rate = FIFTY_KILOBITS
        began = time.monotonic()

        page.goto(f"{mast.address}/join/{CODE}", wait_until="commit")
        page.wait_for_selector("text=I have read it")
        joined = time.monotonic() - began
        page.click("text=I have read it", no_wait_after=True)
        page.wait_for_selector("text=New idea")
        usable = time.monotonic() - began
        page.wait_for_selector("[data-ready]", timeout=20_000)
        ready = time.monotonic() - began

        print(f"joined {joined:.1f} s, usable {usable:.1f} s, ready without a signal {ready:.1f} s")
        assert (joined < 15, usable < 15, ready < 15) == (True, True, True)
