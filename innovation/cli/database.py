"""``gatehouse db``: migrations."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import inspect

from innovation.app import create_app
from innovation.db import db

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def make_first_tables() -> None:
    """Give a database that holds nothing at all its tables; any other one is left as it is."""
    if not inspect(db.engine).get_table_names():
        _upgrade()


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
    with create_app().app_context():
        _upgrade(revision)
    click.echo("The database is up to date.")
