"""``gatehouse accounts``: the first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from innovation.cli.main import gatehouse
from workflows import Refused


@pytest.fixture
def at_home(database: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("GATEHOUSE_PASSWORD_MEMORY_KIB", "8")
    return CliRunner()


CREATE = ["accounts", "create-admin", "--email", "Admin@Gatehouse.Example", "--name", "Site administrator"]


def test_the_first_administrator_is_made_and_listed(at_home: CliRunner) -> None:
    made = at_home.invoke(gatehouse, [*CREATE, "--password-stdin"], input="seven brown goats\n", catch_exceptions=False)
    listed = at_home.invoke(gatehouse, ["accounts", "list"], catch_exceptions=False)

    assert (made.exit_code, listed.exit_code) == (0, 0)
    assert listed.output == "admin@gatehouse.example\tSite administrator\tadministrator (the whole site)\n"


def test_the_password_is_asked_for_twice_without_the_option(at_home: CliRunner) -> None:
    made = at_home.invoke(gatehouse, CREATE, input="seven brown goats\nseven brown goats\n", catch_exceptions=False)

    assert made.exit_code == 0
    assert "seven" not in made.output


def test_everything_is_asked_for_without_options(at_home: CliRunner) -> None:
    typed = "admin@gatehouse.example\nSite administrator\nseven brown goats\nseven brown goats\n"

    made = at_home.invoke(gatehouse, ["accounts", "create-admin"], input=typed, catch_exceptions=False)

    assert made.exit_code == 0
    assert "Site administrator can sign in as admin@gatehouse.example" in made.output


@pytest.mark.parametrize("change", [("--email", "nonsense"), ("--name", "  ")])
def test_what_makes_no_sense_is_refused_with_a_code_of_its_own(at_home: CliRunner, change: tuple[str, str]) -> None:
    made = at_home.invoke(gatehouse, [*CREATE, "--password-stdin", *change], input="seven brown goats\n")

    assert made.exit_code == 2
    assert change[0] in made.output


@pytest.mark.parametrize("password", ["short", "password123"])
def test_a_weak_password_makes_nobody(at_home: CliRunner, password: str) -> None:
    refused = at_home.invoke(gatehouse, [*CREATE, "--password-stdin"], input=f"{password}\n")
    listed = at_home.invoke(gatehouse, ["accounts", "list"])

    assert isinstance(refused.exception, Refused)
    assert listed.output == ""


def test_the_same_email_twice_is_refused(at_home: CliRunner) -> None:
    at_home.invoke(gatehouse, [*CREATE, "--password-stdin"], input="seven brown goats\n")

    again = at_home.invoke(gatehouse, [*CREATE, "--password-stdin"], input="seven brown goats\n")

    assert isinstance(again.exception, Refused)


def test_an_empty_database_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))

    failed = CliRunner().invoke(gatehouse, ["accounts", "list"])

    assert failed.exit_code == 1
    assert "gatehouse db upgrade" in failed.output
