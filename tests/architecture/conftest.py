"""One world for all tests of this folder: built once, put back after whatever changed it."""

from __future__ import annotations

import logging
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from innovation.app import create_app
from innovation.db import db
from tests.architecture import world as worlds
from tests.architecture.filled import Filled, fill_in
from tests.architecture.stage import Stage
from tests.conftest import FAST
from tests.databases import Store
from tests.kept import made_once, shared

NAMES = "kept.pickle"


@pytest.fixture(scope="session", autouse=True)
def quiet() -> None:
    """A walk that meets errors reports them itself; their traces would take minutes to draw."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(scope="session")
def kept_world(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database holds the world, which is built once for all processes."""

    def make(folder: Path) -> None:
        store.copy(migrated, folder)
        app = create_app(instance=folder, **FAST)
        with app.app_context():
            world = worlds.build()
            db.session.remove()
            db.engine.dispose()
        (folder / NAMES).write_bytes(pickle.dumps(world))

    return made_once(shared(tmp_path_factory) / "world", make)


@pytest.fixture(scope="session")
def build_stage(store: Store, kept_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Stage]:
    def build() -> Stage:
        folder = tmp_path_factory.mktemp("world")
        shutil.copytree(kept_world / "files", folder / "files")
        store.copy(kept_world, folder)
        app = create_app(instance=folder, **FAST)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        return Stage(app, pickle.loads((kept_world / NAMES).read_bytes()), folder, kept_world, store, {})

    return build


@pytest.fixture(scope="session")
def built(build_stage: Callable[[], Stage]) -> Stage:
    return build_stage()


@pytest.fixture(scope="session")
def filled(built: Stage, tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """Every form that the pages of the world show, filled in, once for all processes."""

    def make(folder: Path) -> None:
        (folder / NAMES).write_bytes(pickle.dumps(fill_in(built)))
        built.put_back()

    forms: list[Filled] = pickle.loads((made_once(shared(tmp_path_factory) / "filled", make) / NAMES).read_bytes())
    return forms


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """The world as it was built."""
    yield built
    built.put_back()
    built.clients.clear()


@pytest.fixture
def on_sqlite(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics: bench/growth.py measures it.")
