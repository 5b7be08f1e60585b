"""What a site keeps on the disk is its owner's alone, from the first moment on."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from innovation.app import create_app
from innovation.db import db
from innovation.ideas.store import store
from tests.conftest import FAST


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Files are made readable by all, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}


def write(folder: Path) -> None:
    app = create_app(instance=folder, database_url=f"sqlite:///{folder / 'gatehouse.sqlite'}", **FAST)
    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE IF NOT EXISTS made (id integer)"))
        db.session.execute(sa.text("INSERT INTO made VALUES (1)"))
        store().put(b"A letter.")
        db.session.commit()
        found = modes(folder)
        db.session.remove()
        db.engine.dispose()
        app.extensions["queue"].close()
    open_ones = {name: mode for name, mode in found.items() if mode not in ("0o600", "0o700")}
    assert open_ones == {}


def test_a_new_site_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    write(folder)

    assert oct(stat.S_IMODE(folder.stat().st_mode)) == "0o700"


def test_an_old_database_is_closed_to_strangers_and_left_to_its_group(tmp_path: Path) -> None:
    write(tmp_path)
    file = tmp_path / "gatehouse.sqlite"
    file.chmod(0o664)
    app = create_app(instance=tmp_path, database_url=f"sqlite:///{file}", **FAST)

    with app.app_context():
        db.session.execute(sa.text("SELECT id FROM made"))
        db.session.remove()
        db.engine.dispose()

    assert oct(stat.S_IMODE(file.stat().st_mode)) == "0o660"
