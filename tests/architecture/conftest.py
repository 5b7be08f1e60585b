"""One world for all tests of this folder: built once, put back after whatever changed it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.app import create_app
from innovation.db import db
from tests.architecture import world as worlds
from tests.architecture.world import World
from tests.conftest import FAST
from tests.databases import Store


@dataclass
class Stage:
    """The application on the world, with a browser for each persona."""

    app: Flask
    world: World
    folder: Path
    kept: Path
    store: Store
    clients: dict[str, FlaskClient]

    def client(self, persona: str) -> FlaskClient:
        if persona not in self.clients:
            self.clients[persona] = self.world.client(self.app, persona)
        return self.clients[persona]

    def put_back(self) -> None:
        """Undo whatever has been written since the world was built."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.store.copy(self.kept, self.folder)

    def get(self, persona: str, address: str, **more: object) -> TestResponse:
        return self.client(persona).get(address, **more)  # type: ignore[arg-type]


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


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """The world as it was built."""
    yield built
    built.put_back()
    built.clients.clear()
