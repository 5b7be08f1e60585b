"""Every kind of page of the demonstration for everybody: the first half of what axe is asked, and how heavy each is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.browser.asked import FIRST_VIEW, NewContext, Walked, faults_of, walked_once
from tests.stories.browser.conftest import Site

STRANGERS = [("", address) for address in ("/", "/sign-in", "/forgotten-password", "/status", "/nowhere")]


@pytest.fixture(scope="module")
def walked(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walked_once(demonstration, tmp_path_factory)


def test_the_first_view_of_every_page_is_light(walked: Walked) -> None:
    heavy = {address: weight for address, weight in walked.weights.items() if weight > FIRST_VIEW}

    assert heavy == {}


def test_no_page_has_a_fault_for_anybody(demo: Site, walked: Walked, context_of: NewContext) -> None:
    half = walked.pages[: len(walked.pages) // 2]

    assert faults_of(demo, [*half, *STRANGERS], context_of) == []
    assert len(half) >= 15
