"""Every kind of page of the demonstration for everybody: the second half, which another process asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from innovation.demo.setting import PASSWORD
from tests.databases import Store
from tests.demo.walking import walked_once
from tests.stories.browser.asked import NewContext, faults_of
from tests.stories.browser.conftest import Site, sign_in
from tests.stories.browser.looking import is_wide

OUTSIDE = """() => {
  const focused = document.activeElement, {top, bottom} = focused.getBoundingClientRect();
  return bottom <= 0 || top >= innerHeight ? focused.innerText || focused.name : "";
}"""


def test_no_other_page_has_a_fault_for_anybody(
    demo: Site, store: Store, demonstration: Path, tmp_path_factory: pytest.TempPathFactory, context_of: NewContext
) -> None:
    walked = walked_once(store, demonstration, tmp_path_factory)
    half = walked.pages[len(walked.pages) // 2 :]

    assert faults_of(demo, half, context_of) == []
    assert len(half) >= 15


def test_a_filter_beside_a_long_list_is_in_the_window_when_it_has_the_focus(demo: Site, context_of: NewContext) -> None:
    page = sign_in(context_of().new_page(), demo, "funder@gatehouse.example", PASSWORD)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(demo.url("/funders/ideas"))

    outside = []
    for _step in range(60):
        page.keyboard.press("Tab")
        words = page.evaluate(OUTSIDE)
        outside += [words] if words else []

    assert outside == []


def test_long_addresses_in_a_mail_do_not_widen_its_page_on_a_phone(demo: Site, context_of: NewContext) -> None:
    page = sign_in(context_of().new_page(), demo, "administrator@gatehouse.example", PASSWORD)
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto(demo.url("/mail"))

    page.locator("main td a").first.click()
    page.wait_for_url("**/mail/*")

    assert page.locator("main .prose a").count() >= 1
    assert not is_wide(page)
