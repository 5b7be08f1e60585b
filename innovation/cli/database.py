"""``gatehouse db``: migrations."""

from __future__ import annotations

from pathlib import Path

import click
from flask_migrate import upgrade as migrate_upgrade

from innovation.app import create_app

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@click.group()
def database() -> None:
    """Make and change the tables."""


@database.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (the newest without one)."""
    with create_app().app_context():
        migrate_upgrade(str(MIGRATIONS), revision)
    click.echo("The database is up to date.")
