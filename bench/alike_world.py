"""Many ideas on SQLite, made of real texts, to ask for ones alike."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alike_pairs import shared_texts
from flask_migrate import upgrade

from innovation.app import create_app
from innovation.db import db, now
from innovation.ideas import queries, word_counts
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.searching import indexed_at_once
from tests import make

PIECE = 5_000
SPOKEN = 38  # words of an idea
MADE_UP = 12_000  # words to choose from where there is no real text


def find_alike(actor: Actor, title: str, problem: str) -> Any:
    found = queries.find_alike(actor, title, problem)
    db.session.rollback()
    return found


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def make_world(folder: Path, ideas: int) -> Iterator[Actor]:
    """A migrated database with so many ideas, its words counted; gives whoever coordinates all of them."""
    os.environ["GATEHOUSE_INSTANCE"] = str(folder)
    app = create_app(instance=folder)
    with app.app_context():
        upgrade(app.extensions["migrate"].directory)
        staff = make.staff("coordinator")
        first = make.idea(make.person())
        db.session.flush()
        shared = {column.key: getattr(first, column.key) for column in sa.inspect(Idea).column_attrs}
        told = _texts(ideas)
        with indexed_at_once():
            for begin in range(0, ideas, PIECE):
                rows = [_row(shared, begin + n, *next(told)) for n in range(min(PIECE, ideas - begin))]
                db.session.execute(sa.insert(Idea.__table__), rows)
        word_counts.recount()
        db.session.commit()
        word_counts.forget()
        yield make.actor(staff)
        db.session.remove()
        db.engine.dispose()


def _row(shared: dict[str, Any], n: int, title: str, text: str) -> dict[str, Any]:
    own = {"title": title[:140], "search_text": text, "reference": f"XX{n // 10_000}-{n:07d}", "import_key": None}
    row = shared | own | {"secret_digest": f"{n:064d}", "captured_at": now()}
    row.pop("id")
    return row


def asked_of(n: int) -> list[tuple[str, str]]:
    told = _texts(n, seed=99)
    return [next(told) for _n in range(n)]


def _texts(n: int, seed: int = 3) -> Iterator[tuple[str, str]]:
    """Titles with texts: beginnings of real texts with pieces of two others, so that no two are the same."""
    chance = random.Random(seed)
    real = [project.text for project in shared_texts()]
    if not real:
        many = [f"word{number:05d}" for number in range(MADE_UP)]
        while True:
            said = [many[int(MADE_UP * chance.random() ** 3)] for _n in range(SPOKEN)]
            yield " ".join(said[:8]), " ".join(said)
    while True:
        one, two, three = (chance.choice(real) for _n in range(3))
        words = [*one.problem.split()[: SPOKEN // 2], *two.problem.split()[:12], *three.problem.split()[-8:]]
        yield f"{' '.join(one.title.split()[:7])} {' '.join(two.title.split()[:3])}", " ".join(words)
