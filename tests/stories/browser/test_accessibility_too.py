"""Every kind of page of the demonstration for everybody: the second half, which another process asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Store
from tests.demo.walking import walked_once
from tests.stories.browser.asked import NewContext, faults_of
from tests.stories.browser.conftest import Site


def test_no_other_page_has_a_fault_for_anybody(
    demo: Site, store: Store, demonstration: Path, tmp_path_factory: pytest.TempPathFactory, context_of: NewContext
) -> None:
    walked = walked_once(store, demonstration, tmp_path_factory)
    half = walked.pages[len(walked.pages) // 2 :]

    assert faults_of(demo, half, context_of) == []
    assert len(half) >= 15
