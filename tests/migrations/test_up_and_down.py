"""The migrations on both engines: what they make is what the models say, and up or down no row is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

import innovation.migrations
from innovation.app import create_app
from innovation.db import Base, UTCDateTime, db, now
from innovation.events import Event, record
from innovation.gates.events import IdeaJoined
from innovation.ideas import queries
from innovation.ideas.queries import Filters
from innovation.notifications.models import Message, MessageIdea, Notice
from innovation.permission import SYSTEM, Actor
from tests import make
from tests.architecture import world
from tests.conftest import FAST
from tests.databases import Files, Store

FOLDER = str(Path(innovation.migrations.__path__[0]))
LATER = [script.revision for script in ScriptDirectory(FOLDER).walk_revisions() if script.down_revision]
# The search index is made by hand: each engine has its own.
BY_HAND = (
    *("search_vector", "ix_idea_search", "idea_fts", "ix_lesson_search", "lesson_fts"),
    *("ix_person_search", "person_fts"),
)
IN_INDEX = {
    "sqlite": "SELECT rowid FROM idea_fts WHERE idea_fts MATCH :word",
    "postgresql": "SELECT id FROM idea WHERE search_vector @@ plainto_tsquery('simple', :word)",
}
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Store:
    """Where the database of the test is, whatever the others run on."""
    if request.param == "sqlite":
        return Files()
    server: Store = request.getfixturevalue("postgres")
    return server


@pytest.fixture(scope="module")
def risen(engine: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database has been brought up by the migrations; it is made once and copied."""
    folder = tmp_path_factory.mktemp("risen")
    engine.prepare(folder)
    with inside(folder):
        upgrade(FOLDER)
    return folder


@pytest.fixture(scope="module")
def full(engine: Store, risen: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with something of every kind in it."""
    folder = tmp_path_factory.mktemp("full")
    engine.copy(risen, folder)
    with inside(folder):
        world.build()
        fill_the_rest()
        db.session.commit()
    return folder


@contextmanager
def inside(folder: Path) -> Iterator[Flask]:
    """The application on the database of a folder."""
    app = create_app(instance=folder, **FAST)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def migrated(engine: Store, risen: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with tables and without rows."""
    engine.copy(risen, tmp_path)
    with inside(tmp_path) as app:
        yield app
    engine.drop(tmp_path)


@pytest.fixture
def filled(engine: Store, full: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with something of every kind in it."""
    engine.copy(full, tmp_path)
    with inside(tmp_path) as app:
        yield app
    engine.drop(tmp_path)


def fill_the_rest() -> None:
    """A row in every table that nobody has written to."""
    db.session.flush()
    for table in Base.metadata.sorted_tables:
        if not db.session.scalar(sa.select(sa.func.count()).select_from(table)):
            db.session.execute(table.insert().values(_values_for(table)))


def _values_for(table: sa.Table) -> dict[str, Any]:
    own = [c for c in table.columns if not c.nullable and c.default is None and c is not table.autoincrement_column]
    values: dict[str, Any] = {}
    led_to: set[sa.Column[Any]] = set()
    for column in own:
        keys = {key.column for key in column.foreign_keys}
        values[column.name] = _value_for(column, sa.func.max if keys & led_to else sa.func.min)
        led_to |= keys
    return values


def _value_for(column: sa.Column[Any], which: Any) -> Any:
    """Something that fits; ``which`` of the rows that it leads to, so that two columns lead to two."""
    for key in column.foreign_keys:
        return db.session.scalar(sa.select(which(key.column)))
    if isinstance(column.type, UTCDateTime):
        return now()
    return {str: "x", int: 1, float: 1.0, bool: False, dict: {}, dt.date: now().date(), bytes: b"x"}.get(
        column.type.python_type, "x"
    )


def tables() -> set[str]:
    found = sa.inspect(db.engine).get_table_names()
    return {name for name in found if not name.startswith((*BY_HAND, "alembic_version"))}


def columns() -> dict[str, set[str]]:
    """The columns of every table that the database has now."""
    found = sa.inspect(db.engine).get_multi_columns()
    known = tables()
    return {name: {column["name"] for column in listed} for (_schema, name), listed in found.items() if name in known}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database keeps it."""
    found = {}
    with db.engine.connect() as connection:
        for name, known in columns().items():
            wanted: list[sa.ColumnElement[Any]] = [
                sa.literal_column(f'"{column}"').label(column) for column in sorted(known)
            ]
            found[name] = [
                dict(row) for row in connection.execute(sa.select(*wanted).select_from(sa.table(name))).mappings()
            ]
    return found


def within(found: dict[str, list[dict[str, Any]]], known: dict[str, set[str]]) -> dict[str, list[str]]:
    """What there is of these rows in the tables and columns that are known."""
    return {
        name: sorted(repr([(key, value) for key, value in row.items() if key in known[name]]) for row in listed)
        for name, listed in found.items()
        if name in known
    }


def triggers() -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.text(TRIGGERS[connection.dialect.name])))


def found_in_index(word: str) -> list[int]:
    with db.engine.connect() as connection:
        return sorted(connection.scalars(sa.text(IN_INDEX[connection.dialect.name]), {"word": word}))


def can_be_changed(idea_id: int) -> bool:
    """Whether the database lets a revision of the idea change, which it never should."""
    with db.engine.connect() as connection:
        try:
            connection.execute(sa.text("UPDATE revision SET number = 99 WHERE idea_id = :idea"), {"idea": idea_id})
        except sa.exc.DBAPIError as refused:
            return "never changes" not in str(refused)
        connection.rollback()
        return True


def found_by_search(actor: Actor, title: str) -> list[str]:
    return [idea.title for idea in queries.search_ideas(actor, title, Filters(standing="any")).items]


def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    return not (name or "").startswith(BY_HAND)


def test_the_migrated_tables_are_those_of_the_models(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        differences = compare_metadata(context, Base.metadata)

    assert [entry for entry in differences if not _by_hand(entry)] == []


def _by_hand(entry: object) -> bool:
    thing = entry[-1] if isinstance(entry, tuple) else entry
    return str(getattr(thing, "name", thing)).startswith(BY_HAND)


def test_everything_can_be_undone_and_made_again(migrated: Flask) -> None:
    there = tables()

    downgrade(FOLDER, revision="base")
    left = tables()
    upgrade(FOLDER)

    assert left == set()
    assert tables() == there


def test_the_tables_of_this_test_are_filled(filled: Flask) -> None:
    assert [name for name, found in rows().items() if not found] == []


def test_no_migration_undone_and_made_again_loses_anything(filled: Flask) -> None:
    """But for the tables and columns that came with it: undone, they are gone with what was in them.

    From the newest to the first, each is undone on tables that are full, made again, and undone for good. When all
    are made again, search finds the old and the new.
    """
    idea_id = make.idea(title="Umbrellas in January").id
    db.session.commit()
    db.session.remove()
    wrong = []

    for revision in LATER:
        before, guarded, found = rows(), triggers(), found_in_index("umbrellas")
        downgrade(FOLDER, revision=_below(revision))
        older = columns()
        upgrade(FOLDER, revision=revision)
        if within(rows(), older) != within(before, older):
            wrong.append(f"{revision}: rows")
        if (triggers(), found_in_index("umbrellas")) != (guarded, found):
            wrong.append(f"{revision}: triggers, or the search index")
        if can_be_changed(idea_id):
            wrong.append(f"{revision}: a revision of an idea can be changed")
        downgrade(FOLDER, revision=_below(revision))
    upgrade(FOLDER)

    assert wrong == []
    make.idea(title="Umbrellas in June")
    db.session.commit()
    manager = make.actor(make.staff("manager"))
    assert sorted(found_by_search(manager, "umbrellas")) == ["Umbrellas in January", "Umbrellas in June"]


def _below(revision: str) -> str:
    script = ScriptDirectory(FOLDER).get_revision(revision)
    assert script is not None
    return str(script.down_revision)


def test_mails_from_before_tell_of_the_ideas_that_can_be_told_of_them(migrated: Flask) -> None:
    idea, other, person = make.idea(), make.idea(), make.person()
    record(SYSTEM, IdeaJoined(idea.id, other.id))
    event = f"event:{make.first(Event, kind='idea_joined').id}"
    mails = {f"{event}:joined": "both", f"{event}:claim": "one", "seat:1": "one", "by hand": "no"}
    wanted = {"both": {idea.id, other.id}, "one": {idea.id}, "no": set()}
    for why in mails:
        make.add(Message(why=why, person_id=person.id, to_address="a@b.example", subject="It", text="It."))
    make.add(Notice(why="seat:1", person_id=person.id, subject="It", idea_id=idea.id))
    db.session.commit()
    db.session.remove()

    downgrade(FOLDER, revision="0061")
    upgrade(FOLDER)

    told: dict[str, set[int]] = {why: set() for why in mails}
    for why, idea_id in db.session.execute(sa.select(Message.why, MessageIdea.idea_id).join(MessageIdea)):
        told[why].add(idea_id)
    assert told == {why: wanted[which] for why, which in mails.items()}
