"""The tests of this folder run on a real PostgreSQL server, which is started for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Home, bring_up, make_home
from tests.databases import Server, Store

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def store(postgres: Server) -> Store:
    return postgres


@pytest.fixture(scope="session")
def migrated(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database on that server."""
    folder = tmp_path_factory.mktemp("migrated")
    store.prepare(folder)
    bring_up(instance=folder)
    return folder


@pytest.fixture(scope="session")
def home(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The application of these tests, on that server."""
    return make_home(store, migrated, tmp_path_factory.mktemp("home"))
