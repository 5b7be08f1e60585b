"""The application on the demonstration, which is loaded once for all tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from innovation.db import db
from tests.conftest import Home, make_home
from tests.databases import Store


@pytest.fixture(scope="session")
def demo_home(store: Store, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One application for all tests of a process; its demonstration is brought anew for every test."""
    return make_home(store, demonstration, tmp_path_factory.mktemp("demo"))


@pytest.fixture
def world(store: Store, demonstration: Path, demo_home: Home) -> Iterator[Flask]:
    """The application on a copy of the demonstration."""
    store.copy(demonstration, demo_home.instance)
    shutil.copytree(demonstration / "files", demo_home.instance / "files", dirs_exist_ok=True)
    with demo_home.app.app_context():
        yield demo_home.app
        db.session.remove()
        db.engine.dispose()
