"""One page of each kind in the demonstration, found by following links as each sign-in in turn."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from innovation.app import create_app
from innovation.db import db
from innovation.demo import load
from innovation.demo.setting import PASSWORD
from tests.architecture.walk import crawl, endpoint_of, is_page, packed, read
from tests.conftest import FAST
from tests.databases import FILE, Store
from tests.kept import made_once, shared
from tests.stories.visitor import Visitor


@dataclass
class Walked:
    """The kinds of page, each with the first sign-in that could open it, and how heavy each is."""

    pages: list[tuple[str, str]] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)


def walked_once(store: Store, demonstration: Path, temporary: pytest.TempPathFactory) -> Walked:
    """What was found, by whichever process of the run came first."""

    def make(folder: Path) -> None:
        world = folder / "world"
        shutil.copytree(demonstration, world, ignore=shutil.ignore_patterns(f"{FILE}*", "config.toml"))
        store.copy(demonstration, world)  # signing in writes, and others copy what is shared
        app = create_app(instance=world, **FAST)
        (folder / "walked.json").write_text(json.dumps(asdict(walk(app))))
        with app.app_context():
            db.engine.dispose()

    found = made_once(shared(temporary) / "walked", make)
    return Walked(**json.loads((found / "walked.json").read_text()))


def walk(app: Flask) -> Walked:
    with app.app_context():
        addresses = [each.email for each in load.sign_ins()]
        db.session.remove()
    known: set[str] = set()
    parts: dict[str, int] = {}
    walked = Walked()
    for email in addresses:
        client = Visitor.signed_in(app, email, PASSWORD).client
        for _source, address, response in crawl(app, client, of_each=1, limit=120):
            endpoint = endpoint_of(app, address)
            if endpoint is None or endpoint[0] in known or not is_page(response) or response.status_code != 200:
                continue
            page = read(address, response)
            if not page.is_part:
                known.add(endpoint[0])
                walked.pages.append((email, address))
                parts |= {part: packed(client, part) for part in page.parts if part not in parts}
                walked.weights[address] = packed(client, address) + sum(
                    parts[part] for part in dict.fromkeys(page.parts)
                )
    return walked
