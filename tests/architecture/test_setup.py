"""What sets the project up and runs its tests: vendored files, the closing line, the finding of a browser."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.tree import ROOT


def tool(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_those_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = tool("vendor", monkeypatch)

    faults = vendor.faults(ROOT / "innovation" / "static" / "vendor")

    assert faults == []


def test_a_changed_a_missing_and_an_unlisted_vendored_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = tool("vendor", monkeypatch)
    folder = tmp_path / "thing-1.0"
    folder.mkdir()
    for name in ("LICENSE", "thing.js"):
        (folder / name).write_text(name, encoding="utf-8")
    listed = [{"name": "thing", "version": "1.0", "licence": "MIT", "files": {}}]
    (tmp_path / "vendor.json").write_text(json.dumps(listed), encoding="utf-8")
    vendor.write(tmp_path)
    (folder / "thing.js").write_text("changed", encoding="utf-8")
    (folder / "LICENSE").unlink()
    (folder / "stray.js").write_text("stray", encoding="utf-8")

    faults = vendor.faults(tmp_path)

    assert faults == [
        "thing-1.0/LICENSE: is missing",
        "thing-1.0/thing.js: has changed",
        "thing-1.0/stray.js: is not listed",
    ]


def test_the_closing_lines_of_two_runs_add_up_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = tool("run_tests", monkeypatch)

    line = runner.total(["300 passed, 2 skipped in 41.20s", "1 failed, 12 passed, 290 deselected in 30.01s"], 75.5)

    assert line.strip("= ") == "312 passed, 2 skipped, 1 failed in 75.50s"


def test_what_is_not_run_again_on_the_other_database_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = tool("run_tests", monkeypatch)

    gone = [path for path in runner.WITHOUT_DATABASE if not (ROOT / "tests" / path).exists()]

    assert gone == []


@pytest.mark.parametrize(
    ("line", "closing"),
    [
        ("===== 3 passed in 0.12s =====", "3 passed in 0.12s"),
        ("1 failed, 2 passed, 4 warnings in 61.10s (0:01:01)", "1 failed, 2 passed, 4 warnings in 61.10s (0:01:01)"),
        ("3 passed the gate in 2 days", None),
    ],
)
def test_a_closing_line_is_told_from_other_lines(
    line: str, closing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = tool("run_tests", monkeypatch)

    match = runner.CLOSING.match(line)

    assert (match.group(1) if match else None) == closing


def test_the_chromium_that_is_named_is_the_one_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium = tool("chromium", monkeypatch)
    named = tmp_path / "my-chromium"
    named.write_text("#!/bin/sh\n", encoding="utf-8")
    named.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(named))

    assert chromium.find_chromium() == str(named)


def test_a_named_chromium_that_is_not_there_is_not_replaced_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium = tool("chromium", monkeypatch)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))

    assert chromium.find_chromium() is None
