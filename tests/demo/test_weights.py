"""Pages come quickly over a slow line: everything that a first view takes, as it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Store
from tests.demo.walking import walked_once

FIRST_VIEW = 60_000


def test_the_first_view_of_every_page_is_light(
    store: Store, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    walked = walked_once(store, demonstration, tmp_path_factory)

    heavy = {address: weight for address, weight in walked.weights.items() if weight > FIRST_VIEW}

    assert heavy == {}
    assert len(walked.weights) >= 30
