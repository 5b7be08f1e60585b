"""States of a site that its keepers may meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from innovation.chain import seal_all
from innovation.cli.main import gatehouse
from innovation.db import db
from innovation.ideas import commands
from tests import make
from tests.databases import Store
from workflows import Refused

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
Run = Callable[..., str]


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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``gatehouse`` in an instance folder: what it said, or the refusal it ended with."""

    def run(instance: Path, *words: str) -> str:
        monkeypatch.setenv("GATEHOUSE_INSTANCE", str(instance))
        result = CliRunner().invoke(gatehouse, [*words])
        if isinstance(result.exception, Refused):
            raise result.exception
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.output

    return run


@pytest.fixture
def filled(app: Flask) -> Path:
    """A site with an idea, a file that belongs to it, and a record of both."""
    idea = make.idea(title="A reading corner, with\ta tab and a \\")
    commands.add_attachment(make.actor(idea.owner), idea, file=make.file("plan.pdf", PDF))
    (Path(app.instance_path) / "secret_key").write_text("the key of this site")
    seal_all()
    db.session.remove()
    db.engine.dispose()
    return Path(app.instance_path)


@pytest.fixture
def kept(app: Flask, run: Run, filled: Path, tmp_path: Path) -> Path:
    """A backup of the filled site."""
    run(filled, "backup", str(tmp_path / "kept.tar.gz"))
    db.session.remove()
    db.engine.dispose()
    return tmp_path / "kept.tar.gz"


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[Path]:
    """An instance folder with a database that holds nothing."""
    folder = tmp_path / "elsewhere"
    store.prepare(folder)
    yield folder
    store.drop(folder)
