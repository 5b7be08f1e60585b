"""A wheel installed in an empty environment elsewhere has everything that its pages need."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

ASK = """
import re, sys
import innovation
from flask_migrate import upgrade
from innovation.app import create_app
from workflows import LIBRARY, library_definition

assert "site-packages" in innovation.__file__, innovation.__file__
for key in LIBRARY:
    library_definition(key)
app = create_app()
with app.app_context():
    upgrade(app.extensions["migrate"].directory)
client = app.test_client()
page = client.get("/", follow_redirects=True)
styles = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page.text)
scripts = re.findall(r'<script[^>]+src="([^"]+)"', page.text)
print(page.status_code, *(client.get(address).status_code for address in styles + scripts))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("gatehouse-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with an environment in it that knows nothing of the checkout but the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    uv = str(Path(sys.executable).with_name("uv"))
    _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv"), cwd=folder)
    install = (uv, "pip", "install", "--quiet", "--python", str(folder / "venv/bin/python"))
    _run(*install, "--require-hashes", "-r", str(ROOT / "requirements.lock"), cwd=folder)
    _run(*install, "--no-deps", str(wheel), cwd=folder)
    return folder


def _run(*command: str, cwd: Path) -> str:
    """Run to a good end, with no setting of the surroundings; what it printed."""
    alien = ("GATEHOUSE_", "PYTHONPATH", "VIRTUAL_ENV", "PYTEST_", "COV_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(alien)}
    outcome = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, encoding="utf-8", check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


def test_the_wheel_holds_every_file_that_the_application_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    places = {"innovation": "innovation", "workflows": "workflows", "templates": "innovation/templates"}

    missing = [
        path.relative_to(ROOT).as_posix()
        for folder, place in places.items()
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        if f"{place}/{path.relative_to(ROOT / folder).as_posix()}" not in held
    ]

    assert missing == []


@pytest.mark.slow
def test_the_command_of_an_installed_wheel_names_its_version(elsewhere: Path) -> None:
    answer = _run(str(elsewhere / "venv/bin/gatehouse"), "--version", cwd=elsewhere)

    assert answer == "gatehouse, version 0.1.0\n"


@pytest.mark.slow
def test_an_installed_wheel_migrates_and_shows_its_first_page_with_styles_and_scripts(elsewhere: Path) -> None:
    answer = _run(str(elsewhere / "venv/bin/python"), "-c", ASK, cwd=elsewhere)

    statuses = answer.split()[-4:]
    assert statuses == ["200"] * len(statuses)
    assert len(statuses) >= 3
