"""The README says what is true: its picture, its settings and its commands."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from innovation.cli.main import COMMANDS
from innovation.config import FIELDS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tools" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_workflow_and_the_table_of_settings_are_current(generator: ModuleType) -> None:
    assert generator.renewed(README) == README, "run: python tools/readme.py"


def test_every_setting_is_explained(generator: ModuleType) -> None:
    assert set(generator.MEANINGS) == set(FIELDS)


def test_both_commands_stand_in_the_first_screen() -> None:
    first_screen = "\n".join(README.splitlines()[:20])

    assert [name for name in ("make run", "make test") if name in first_screen] == ["make run", "make test"]


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"gatehouse ([a-z-]+)", README))

    assert named <= set(COMMANDS)


def test_every_file_it_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)h][^)]*)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []
