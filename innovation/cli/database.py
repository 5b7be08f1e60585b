"""``gatehouse db``: migrations."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import inspect

from innovation.app import create_app
from innovation.cli import unfinished
from innovation.db import db, file_of
from innovation.health import newest_revision, present_revision, reading

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def make_first_tables() -> None:
    """Give a database that holds nothing at all its tables; any other one is left as it is."""
    if not inspect(db.engine).get_table_names():
        _upgrade()


def bring_to(revision: str = "head") -> None:
    """Change the tables while nobody uses them: an older release cannot write into them, nor two of these at once."""
    if _is_new() or (revision == "head" and _is_newest()):
        _upgrade(revision)
        return
    from innovation.cli import copying  # which takes from here where the migrations are

    with copying.alone():
        _upgrade(revision)


def _is_new() -> bool:
    file = file_of(db.engine)
    return file is not None and not Path(file).exists()


def _is_newest() -> bool:
    with reading() as connection:
        return present_revision(connection) == newest_revision()


def _upgrade(revision: str = "head") -> None:
    from flask_migrate import upgrade  # with Alembic, which serving does without

    upgrade(str(MIGRATIONS), revision)


@click.group()
def database() -> None:
    """Make and change the tables."""


@database.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (the newest without one)."""
    app = create_app()
    with app.app_context():
        try:
            unfinished.require_none(app.config["SETTINGS"].instance)
            bring_to(revision)
        finally:
            db.engine.dispose()
    click.echo("The database is up to date.")
