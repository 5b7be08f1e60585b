"""One world for all tests of this folder: built once, put back after whatever changed it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from innovation.app import create_app
from innovation.db import db
from tests.architecture import world as worlds
from tests.architecture.filled import Filled, fill_in
from tests.architecture.stage import Stage
from tests.conftest import FAST
from tests.databases import Store


@pytest.fixture(scope="session", autouse=True)
def quiet() -> None:
    """A walk that meets errors reports them itself; their traces would take minutes to draw."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(scope="session")
def build_stage(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Stage]:
    def build() -> Stage:
        folder, kept = tmp_path_factory.mktemp("world"), tmp_path_factory.mktemp("kept")
        store.copy(migrated, folder)
        app = create_app(instance=folder, **FAST)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        with app.app_context():
            world = worlds.build()
            db.session.remove()
            db.engine.dispose()
        store.copy(folder, kept)
        return Stage(app, world, folder, kept, store, {})

    return build


@pytest.fixture(scope="session")
def built(build_stage: Callable[[], Stage]) -> Stage:
    return build_stage()


@pytest.fixture(scope="session")
def filled(built: Stage) -> list[Filled]:
    """Every form that the pages of the world show, filled in."""
    found = fill_in(built)
    built.put_back()
    return found


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """The world as it was built."""
    yield built
    built.put_back()
    built.clients.clear()
