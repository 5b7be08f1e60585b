"""The import contracts of pyproject.toml hold, and every area is under them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.tree import ROOT


def contract(name: str) -> dict[str, object]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return next(each for each in contracts if each["id"] == name)


def test_every_import_follows_the_contracts() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "pyproject.toml"]

    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_area_is_held_to_the_layers_inside_an_area() -> None:
    """A new area is easily forgotten in the list; the layers inside it would then hold of nothing."""
    areas = {f"innovation.{path.parent.name}" for path in (ROOT / "innovation").glob("*/__init__.py")}
    areas -= {"innovation.cli", "innovation.demo", "innovation.migrations"}

    listed = contract("inside-an-area")["containers"]

    assert sorted(areas) == listed
