"""The application on the world of the tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.db import db
from innovation.permission import Actor
from tests import make
from tests.architecture.world import World
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
    actors: dict[str, Actor] = field(default_factory=dict)

    def client(self, persona: str) -> FlaskClient:
        if persona not in self.clients:
            self.clients[persona] = self.world.client(self.app, persona)
        return self.clients[persona]

    def actor(self, persona: str) -> Actor:
        """The persona as policies know them, with the roles they had when the world was built."""
        if persona not in self.actors:
            self.actors[persona] = make.actor(self.world.person(persona))
        return self.actors[persona]

    def put_back(self) -> None:
        """Undo whatever has been written since the world was built."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.store.copy(self.kept, self.folder)

    def get(self, persona: str, address: str, **more: object) -> TestResponse:
        return self.client(persona).get(address, **more)  # type: ignore[arg-type]
