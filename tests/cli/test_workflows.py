"""``gatehouse workflows``: definitions are checked, drawn and published, and what is wrong is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from innovation.cli.main import gatehouse as whole
from innovation.cli.workflows import workflows
from workflows import LIBRARY, draw, library_definition, library_text


def gatehouse(*arguments: str) -> Result:
    return CliRunner().invoke(workflows, list(arguments))


@pytest.mark.parametrize("key", LIBRARY)
def test_what_comes_along_has_no_fault_and_can_be_drawn(key: str) -> None:
    definition = library_definition(key)

    checked, drawn = gatehouse("check", key), gatehouse("draw", key)

    assert (checked.exit_code, drawn.exit_code) == (0, 0)
    assert checked.output == f"{definition.name}: 6 stages, 5 gates, no fault.\n"
    assert drawn.output == draw(definition)


def test_every_fault_of_a_file_is_named_with_the_file_and_its_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = library_text("education").replace("quorum = 3", "quorum = 9", 1).replace("weight = 25", "weight = 26", 1)
    file.write_text(text.replace('key = "ask_rand"', 'key = "ask_dollars"'), "utf-8")

    result = gatehouse("check", str(file))

    assert (result.exit_code, str(result.exception)) == (
        1,
        f"{file}: gates[0].quorum: is above the panel's size of 4\n"
        f"{file}: gates[0].should: the weights sum to 101, not to 100",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "{file} is not a text in UTF-8. Save it as UTF-8, then try again."),
        (None, "There is no file {file}, and the library has only: education, classic."),
    ],
    ids=["binary", "nowhere"],
)
@pytest.mark.parametrize("action", ["check", "draw", "publish"])
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, action: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)

    result = gatehouse(action, str(file))

    assert (result.exit_code, str(result.exception)) == (1, said.format(file=file))


def test_publishing_twice_gives_the_same_version_and_a_change_the_next_one(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", app.instance_path)
    file = tmp_path / "mine.toml"
    file.write_text(library_text("classic").replace('name = "Five stages"', 'name = "Mine"', 1), "utf-8")

    first, again, other = (
        gatehouse("publish", "classic"),
        gatehouse("publish", "classic"),
        gatehouse("publish", str(file)),
    )

    checksum = library_definition("classic").checksum
    assert first.output == again.output == f"classic version 1, checksum {checksum}\n"
    assert other.output.startswith("classic version 2, checksum ")


def test_publishing_without_tables_says_which_command_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEHOUSE_INSTANCE", str(tmp_path))

    results = [CliRunner().invoke(whole, ["workflows", *arguments]) for arguments in (["publish", "classic"], ["list"])]

    assert {(result.exit_code, str(result.exception)) for result in results} == {
        (1, "The database has no tables yet, or not all of them. Run: gatehouse db upgrade")
    }
