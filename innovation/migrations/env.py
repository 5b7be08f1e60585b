"""How Alembic reaches the database of the application."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from innovation.db import Base, UTCDateTime


def is_ours(thing: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Leave the shadow tables of full-text search alone."""
    return not (kind == "table" and (name or "").startswith(("idea_fts", "lesson_fts", "person_fts")))


def render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Migrations stand alone: our column types appear as what they are in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def run() -> None:
    """Migrate on one connection; SQLite checks foreign keys after, or a rebuilt table would lose its children."""
    engine: sa.Engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=sqlite,
            include_object=is_ours,
            render_item=render,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.rollback()
            broken = connection.connection.dbapi_connection.execute("PRAGMA foreign_key_check").fetchall()  # type: ignore[union-attr]
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
            if broken:
                raise RuntimeError(f"The migration left {len(broken)} rows without their parent.")


run()
