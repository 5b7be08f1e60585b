"""``gatehouse demo load`` says what it did and who can sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from innovation.app import create_app
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
    store: Store, loaded: Path, tmp_path: Path
) -> None:
    store.copy(loaded, tmp_path)

    said = run(tmp_path, "--ideas", "20000").output

    assert said.splitlines()[0] == "The demonstration is there already. Nothing was changed."
    assert [sign_in.email for sign_in in load.sign_ins() if sign_in.email not in said] == []
    assert PASSWORD in said


def test_a_database_with_a_real_programme_is_left_alone(database: dict[str, Any], tmp_path: Path) -> None:
    _make_programme(tmp_path)

    result = run(tmp_path)

    assert isinstance(result.exception, Refused)
    assert result.exception.reasons == (load.NOT_EMPTY,)


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
