"""The demonstration loaded once for all of its tests, with some ideas made in bulk beside the written ones."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from innovation.app import create_app
from innovation.db import db
from innovation.demo import load
from tests.conftest import FAST, Alone
from tests.databases import Store

IN_ALL = 300


@pytest.fixture(scope="session")
def loaded(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database holds the demonstration; test processes that run side by side share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            store.copy(migrated, folder / "world")
            _load_into(folder / "world")
            (folder / "done").touch()
    return folder / "world"


def _load_into(folder: Path) -> None:
    app = create_app(instance=folder, **FAST)
    with app.app_context():
        load.load(IN_ALL, seed=7)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(store: Store, loaded: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration."""
    store.copy(loaded, tmp_path)
    app = create_app(instance=tmp_path, **FAST)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Alone
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    store.drop(tmp_path)
