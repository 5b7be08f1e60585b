"""``gatehouse who-may``: the table of permissions is what the policies say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from innovation import permission
from innovation.cli.main import gatehouse


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))


def who_may(*options: str) -> Result:
    return CliRunner().invoke(gatehouse, ["who-may", *options])


def test_the_table_has_every_policy_with_its_words() -> None:
    table = json.loads(who_may("--json").output)

    assert [line["name"] for line in table] == sorted(permission.policies)
    for line in table:
        policy = permission.policies[line["name"]]
        assert [word["word"] for word in line["allowed"]] == [word.name for word in policy.any_of]
        assert [word["word"] for word in line["unless"]] == [word.name for word in policy.unless]


def test_one_permission_is_told_in_sentences() -> None:
    told = who_may("edit-canvas")

    assert told.exit_code == 0
    assert told.output.startswith("edit_canvas\n  may    the owner of the idea\n")
    assert "  unless somebody with a declared conflict of interest in the idea\n" in told.output


def test_an_unknown_permission_is_an_error() -> None:
    told = who_may("fly")

    assert told.exit_code == 1
    assert "There is no permission called fly" in told.output
