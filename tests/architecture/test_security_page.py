"""The page on security names a test for every threat, and each of them exists."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import ROOT, parsed

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_test_that_the_page_on_security_names_exists() -> None:
    """A promise without its test is worth nothing, and tests are renamed."""
    named = NAMED.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))

    missing = [f"{path}::{name}" for path, name in named if name not in _functions(path)]

    assert len(named) > 40
    assert missing == []


def _functions(path: str) -> set[str]:
    file = ROOT / path
    tree = parsed(file) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_of_the_page_on_security_names_a_test() -> None:
    """A threat that nothing is tested against belongs under what is not covered."""
    lines = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and not line.startswith(("|---", "| threat |"))]

    assert [row for row in rows if not NAMED.search(row)] == []
