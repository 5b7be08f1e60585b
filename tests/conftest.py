"""The application on a fresh, migrated database for each test.

SQLite unless GATEHOUSE_TEST_DATABASE is ``postgresql``, or GATEHOUSE_TEST_DATABASE_URL is the address of a server on
which a superuser signs in; then the same tests run there.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import huey.storage  # noqa: F401 - with every client: tests of one process use queues of every kind
import hypothesis
import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from flask_migrate import upgrade

from innovation.app import create_app
from innovation.compiled import Compiled
from innovation.db import db
from innovation.demo import load
from tests.databases import Files, NoServer, Server, Store, started
from tests.kept import made_once, shared

FAST = {"password_time_cost": 1, "password_memory_kib": 8, "secret_key": "for tests only"}
IN_ALL = 300
ASKED_BY_TESTS = 1500  # different statements of thousands of tests, which no server meets in a day
URL = "GATEHOUSE_TEST_DATABASE_URL"

# How quick a machine is that others work on too is no matter of these tests.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for all processes of this run, or sweep up on the one that was named."""
    gc.set_threshold(50_000, 20, 10)  # what tests leave behind is looked for less often
    if hasattr(config, "workerinput"):
        return
    os.environ["GATEHOUSE_TEST_RUN"] = secrets.token_hex(4)
    running = ExitStack()
    config.add_cleanup(running.close)
    if os.environ.get(URL):
        running.callback(Server(os.environ[URL]).clear)
    elif os.environ.get("GATEHOUSE_TEST_DATABASE") == "postgresql":
        try:
            server = running.enter_context(started())
        except NoServer as reason:
            pytest.exit(f"LEFT OUT: {reason}", returncode=5)
        os.environ[URL] = server.address("postgres")
        running.callback(os.environ.pop, URL, None)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every application finds the templates that another one has compiled, and keeps the statements that it meets."""
    folder = shared(tmp_path_factory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("innovation.app.Compiled", lambda _instance: Compiled(folder))
        patch.setattr("innovation.db.STATEMENTS", ASKED_BY_TESTS)
        yield


@pytest.fixture(scope="session")
def store() -> Store:
    """Where the databases of the tests are."""
    url = os.environ.get(URL)
    return Server(url) if url else Files()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server: that of the whole run, or one of our own; left out, with the reason, where none starts."""
    url = os.environ.get(URL)
    if url:
        yield Server(url)
        return
    try:
        with started() as server:
            yield server
    except NoServer as reason:
        pytest.skip(f"LEFT OUT: {reason}")


@pytest.fixture(scope="session")
def migrated(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that has been brought up by the migrations once."""

    def make(folder: Path) -> None:
        store.prepare(folder)
        bring_up(instance=folder)

    return made_once(shared(tmp_path_factory) / "migrated", make)


@pytest.fixture(scope="session")
def demonstration(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database holds the demonstration, with some ideas made in bulk beside the written ones."""

    def make(folder: Path) -> None:
        store.copy(migrated, folder)
        app = create_app(instance=folder, **FAST)
        with app.app_context():
            load.load(IN_ALL, seed=7)
            db.session.remove()
            db.engine.dispose()

    return made_once(shared(tmp_path_factory) / "demonstration", make)


def bring_up(**settings: Any) -> None:
    """Run the migrations on an empty database."""
    app = create_app(**settings, **FAST)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(store: Store, migrated: Path, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The settings of an application of one's own on a fresh, migrated database."""
    store.copy(migrated, tmp_path)
    yield {"instance": tmp_path}
    store.drop(tmp_path)


@dataclass(frozen=True)
class Home:
    """Where the one application of a test process lives; its database is made anew for every test."""

    app: Flask
    instance: Path


@pytest.fixture(scope="session")
def home(store: Store, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One application for all tests of a process: making one and compiling its templates costs more than a test."""
    return make_home(store, migrated, tmp_path_factory.mktemp("home"))


def make_home(store: Store, migrated: Path, instance: Path) -> Home:
    store.copy(migrated, instance)
    app = create_app(instance=instance, **FAST)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Alone
    gc.collect()
    gc.freeze()  # what is loaded stays for all tests, and nobody looks through it again
    return Home(app, instance)


@pytest.fixture
def app(home: Home, store: Store, migrated: Path) -> Iterator[Flask]:
    """The application on a fresh, migrated database and an empty instance folder."""
    for path in home.instance.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    store.renew(migrated, home.instance)
    config = dict(home.app.config)
    with home.app.app_context():
        yield home.app
        db.session.remove()
        db.engine.dispose()
    home.app.extensions["queue"].close()
    home.app.config.clear()
    home.app.config.update(config)


class Alone(FlaskClient):
    """A browser whose every request has a session of its own, as it has outside of tests.

    One application context spans a test. What the test has made is committed before the request, and what the test
    holds is read anew after it.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        try:
            return copy_context().run(self._open, *args, **kwargs)
        finally:
            db.session.expire_all()

    def _open(self, *args: Any, **kwargs: Any) -> Any:
        _cv_app.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
