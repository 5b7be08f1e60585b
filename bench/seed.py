"""A world to measure: the demonstration with made-up ideas, in a folder of its own, and the pages that are asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade

from innovation.app import create_app
from innovation.db import db
from innovation.demo import load

PEOPLE = {
    "list": "coordinator@gatehouse.example",
    "idea": "coordinator@gatehouse.example",
    "review": "reviewer1@gatehouse.example",
    "browse": "funder@gatehouse.example",
}
BEGINNINGS = {"list": "/", "idea": "/?sort=-captured", "review": "/reviews", "browse": "/funders/ideas"}


def make_world(folder: Path, ideas: int) -> None:
    """Bring up the database in the folder and fill it, unless that was done before."""
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        load.load(ideas)
        db.session.remove()
        db.engine.dispose()


def find_page(name: str, read: Callable[[str], str]) -> str:
    """The address of the page called ``name``; ``read`` gives the text of an address for whoever reads it."""
    beginning = BEGINNINGS[name]
    if name in ("list", "browse"):
        return beginning
    pattern = {"idea": r'href="(/ideas/[A-Z]+\d+-\d+)"', "review": r'href="(/reviews/\d+)"'}[name]
    found = re.findall(pattern, read(beginning))
    return found[0]
