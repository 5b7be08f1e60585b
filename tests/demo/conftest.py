"""The application on the demonstration, which is loaded once for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from innovation.app import create_app
from innovation.db import db
from tests.conftest import FAST, Alone
from tests.databases import Store


@pytest.fixture
def world(store: Store, demonstration: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration."""
    store.copy(demonstration, tmp_path)
    app = create_app(instance=tmp_path, **FAST)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Alone
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    store.drop(tmp_path)
