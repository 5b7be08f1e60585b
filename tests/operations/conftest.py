"""States of a site that its keepers may meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db


def set_revision(revision: str) -> None:
    db.session.rollback()
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    db.session.commit()


@pytest.fixture
def older_tables(app: Flask) -> Iterator[None]:
    """The tables say that they are of an older release; put back at the end, for a server keeps them between tests."""
    kept: str = db.session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    set_revision("0001")
    yield
    set_revision(kept)
