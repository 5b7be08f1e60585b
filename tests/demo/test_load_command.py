"""``gatehouse demo load`` says what it did and who can sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from innovation.app import create_app
from innovation.cli.database import make_first_tables
from innovation.cli.main import gatehouse
from innovation.db import db
from innovation.demo import load
from innovation.demo.setting import PASSWORD
from tests import make
from tests.conftest import FAST
from tests.databases import Store
from workflows import Refused


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner(env={"GATEHOUSE_INSTANCE": str(folder)}).invoke(gatehouse, ["demo", "load", *arguments])


def test_a_second_load_changes_nothing_and_prints_the_sign_ins_again(
    store: Store, demonstration: Path, tmp_path: Path
) -> None:
    store.copy(demonstration, tmp_path)

    said = run(tmp_path, "--ideas", "20000").output

    assert said.splitlines()[0] == "The demonstration is there already. Nothing was changed."
    assert [sign_in.email for sign_in in load.sign_ins() if sign_in.email not in said] == []
    assert PASSWORD in said


def test_a_database_with_a_real_programme_is_left_alone(database: dict[str, Any], tmp_path: Path) -> None:
    _make_programme(tmp_path)

    result = run(tmp_path)

    assert isinstance(result.exception, Refused)
    assert result.exception.reasons == (load.NOT_EMPTY,)


def test_a_database_that_holds_nothing_gets_its_tables_first(tmp_path: Path) -> None:
    app = create_app(instance=tmp_path, **FAST)

    with app.app_context():
        make_first_tables()
        tables = set(sa.inspect(db.engine).get_table_names())
        db.engine.dispose()

    assert {"event", "programme", "idea", "alembic_version"} <= tables


def test_a_database_with_something_in_it_is_not_changed(tmp_path: Path) -> None:
    app = create_app(instance=tmp_path, **FAST)

    with app.app_context():
        db.session.execute(sa.text("CREATE TABLE other (id INTEGER)"))
        db.session.commit()
        make_first_tables()
        tables = sa.inspect(db.engine).get_table_names()
        db.session.remove()
        db.engine.dispose()

    assert tables == ["other"]


@pytest.mark.parametrize("many", ["-1", "many"])
def test_a_senseless_number_of_ideas_is_refused(tmp_path: Path, many: str) -> None:
    result = run(tmp_path, "--ideas", many)

    assert result.exit_code == 2


def _make_programme(folder: Path) -> None:
    app = create_app(instance=folder, **FAST)
    with app.app_context():
        make.programme()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
