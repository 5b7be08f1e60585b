"""States of a site that its keepers may meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db


def set_revision(revision: str) -> None:
    db.session.rollback()
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    db.session.commit()


@pytest.fixture
def kept_revision(app: Flask) -> Iterator[None]:
    """What the tables say of themselves is put back at the end, for a server keeps them between tests."""
    kept: str = db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    yield
    set_revision(kept)


@pytest.fixture
def older_tables(kept_revision: None) -> None:
    """The tables say that they are of an older release."""
    set_revision("0001")


@pytest.fixture
def newer_tables(kept_revision: None) -> None:
    """The tables say that they are of a release that is not known here."""
    set_revision("9999")


@pytest.fixture
def database_file(app: Flask) -> Path:
    """Where the database is kept; nobody has it open."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("The database of this run is no file.")
    file = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    return file
