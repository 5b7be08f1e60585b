"""The audit of dependencies: a known fault fails it, and it never passes in silence when nobody answered."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    path = Path(__file__).parent.parent.parent / "tools" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(*faults: dict[str, Any]) -> dict[str, Any]:
    return {"name": "flask", "version": "1.0", "vulns": list(faults)}


UNKNOWN = {"name": "segno", "skip_reason": "not found"}


@pytest.mark.parametrize("found", [None, {"dependencies": []}, {"dependencies": [UNKNOWN]}])
def test_an_audit_that_nobody_answered_says_so_and_stops_nothing(audit: ModuleType, found: Any) -> None:
    code, lines = audit.verdict(found)

    assert code == 0
    assert lines[0].startswith("LEFT OUT: the audit of dependencies")


def test_a_known_fault_fails(audit: ModuleType) -> None:
    code, lines = audit.verdict({"dependencies": [package(FAULT), UNKNOWN]})

    assert code == 1
    assert lines == [
        "1 packages asked about, 1 known faults.",
        "flask 1.0: PYSEC-2026-1, mended in 2.0",
        "LEFT OUT: 1 packages that its service does not know: segno",
    ]


def test_packages_without_faults_pass(audit: ModuleType) -> None:
    assert audit.verdict({"dependencies": [package()]}) == (0, ["1 packages asked about, 0 known faults."])


def test_a_lock_that_cannot_be_read_is_no_clean_audit(audit: ModuleType, tmp_path: Path) -> None:
    assert audit.report(tmp_path / "nothing.lock") is None
