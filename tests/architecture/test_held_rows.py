"""What a view has read may be older than its command's turn: a row without a version is held before it is changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.tree import at, called, modules, parsed

HOLDS = {"hold_row", "hold_still", "_hold_still", "flag_modified", "_touch"}
"""Calls that keep the row, or the versioned thing that it belongs to, from whoever else changes it."""

SAME_TWICE = {
    "ask_with_plan": "the parts of a job belong to whoever asks, before anybody else has the job",
    "choose": "what is being imported belongs to one person, and the last choice counts",
    "confirm_mandate": "true on one day is true twice",
    "decide_item": "a review is decided once, and gates.record_decision holds it",
    "end_alert": "an alert ends once, whoever ends it",
    "end_session": "a sign-in ends once, whoever ends it",
    "mark_read": "a notice is read or not",
    "rename_passkey": "the last name counts, and they are all of one person",
}
"""Commands that may change such a row all the same, and why nothing is lost when two do."""


def unversioned() -> set[str]:
    classes = [node for path in modules("innovation") for node in parsed(path).body if isinstance(node, ast.ClassDef)]
    bases = [(node.name, {ast.unparse(base) for base in node.bases}) for node in classes]
    return {name for name, of in bases if "Base" in of and "Versioned" not in of}


def commands() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in modules("innovation"):
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and any(_is_command(each) for each in node.decorator_list):
                yield at(path, node.lineno), node


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and called(decorator) == "command"


def _changes(function: ast.FunctionDef, name: str) -> bool:
    """Whether it sets something of the thing with this name."""
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        for node in ast.walk(function)
    )


def test_a_row_without_a_version_is_held_before_a_command_changes_it() -> None:
    """Else the second of two who answer the same thing overwrites the first, and nobody is told."""
    plain, offenders, excused = unversioned(), [], set()
    for place, function in commands():
        subjects = [arg for arg in function.args.args[1:2] if arg.annotation and ast.unparse(arg.annotation) in plain]
        holds = any(called(call) in HOLDS for call in ast.walk(function) if isinstance(call, ast.Call))
        if not holds and any(_changes(function, subject.arg) for subject in subjects):
            excused.add(function.name)
            if function.name not in SAME_TWICE:
                offenders.append(f"{place} {function.name}")

    assert offenders == [], "begin with hold_row(thing)"
    assert sorted(SAME_TWICE.keys() - excused) == [], "these need no excuse any more"
