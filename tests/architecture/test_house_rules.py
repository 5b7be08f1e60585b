"""House rules for the code, each with the reason why it exists."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import FOLDERS, ROOT, at, called, calls, files, modules, parsed, texts

STATE_NAMES = {"state", "place", "standing"}
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "services", "managers", "core", "misc"}
BELOW_A_VIEW = {"commands", "queries", "policy", "models", "events"}
AMBIENT = {"request", "session", "g", "current_user"}
MAY_COMMIT = {"innovation/command.py", "innovation/worker.py", "innovation/writers.py"}  # the last one: a driver
LIMIT = 400
# The one door beside firing: an idea that goes to another version of its process takes its state along, which the
# journey of that version must have (see docs/decisions/0019).
DOORS = {"innovation/ideas/moves.py": ("take_over",)}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_a_state_changes_through_its_workflow_only() -> None:
    """A state set by hand skips the guards, and an idea may pass a gate that no panel has decided."""
    offenders = []

    for path in modules("innovation"):
        setters = _setter_lines(parsed(path))
        for node in ast.walk(parsed(path)):
            if _sets_state(node) and not _is_fired(node, *DOORS.get(relative(path), ())) and node.lineno not in setters:
                offenders.append(at(path, node.lineno))

    assert offenders == [], "write thing.state = WORKFLOW.fire(thing.state, trigger, facts)"


def _setter_lines(tree: ast.Module) -> set[int]:
    """Lines of property setters: a state of two columns is taken apart there, and nowhere else."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    setters = [
        f for f in functions if any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in f.decorator_list)
    ]
    return {line for f in setters for line in range(f.lineno, (f.end_lineno or f.lineno) + 1)}


def _sets_state(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return any(isinstance(part, ast.Attribute) and part.attr in STATE_NAMES for part in parts)


def _is_fired(node: ast.AST, *doors: str) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and called(value) in {"fire", *doors}


def test_no_bulk_update_sets_a_state() -> None:
    """An UPDATE statement passes by the workflow, the version check and the event."""
    offenders = [
        at(path, call.lineno)
        for path in modules("innovation")
        for call in calls(path)
        if called(call) in {"values", "update"} and STATE_NAMES & {word.arg for word in call.keywords}
    ]

    assert offenders == [], "load the thing and fire its workflow"


def test_only_a_command_and_the_worker_commit() -> None:
    """A commit in the middle keeps half of a change when the other half fails."""
    offenders = [
        at(path, call.lineno)
        for path in modules("innovation")
        for call in calls(path)
        if called(call) == "commit" and relative(path) not in MAY_COMMIT
    ]

    assert offenders == [], "use @command or transaction(): the outermost one commits"


def test_a_row_is_held_without_what_was_read_along_with_it() -> None:
    """PostgreSQL refuses to lock what an outer join may leave empty, and SQLite never says so."""
    offenders = [
        at(path, call.lineno)
        for path in modules("innovation")
        for call in calls(path)
        if called(call) == "refresh" and any(word.arg == "with_for_update" for word in call.keywords)
        if not call.args[1:] and relative(path) != "innovation/db.py"
    ]

    assert offenders == [], "use hold_row(thing)"


def test_nothing_below_a_view_knows_the_request_or_who_is_signed_in() -> None:
    """Commands run from the worker, the command line and imports too, where there is no request."""
    offenders = []

    for path in modules("innovation"):
        if BELOW_A_VIEW & set(path.with_suffix("").relative_to(ROOT).parts):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask"):
                    taken = AMBIENT & {name.name for name in node.names}
                    offenders += [f"{at(path, node.lineno)} takes {name}" for name in sorted(taken)]

    assert offenders == [], "hand over the actor and the details"


def test_whole_numbers_are_asked_for_by_our_own_field() -> None:
    """The library's takes numbers of four thousand digits, which its own limits then fail at."""
    own = ROOT / "innovation" / "forms.py"

    offenders = [relative(path) for path in modules("innovation") if "wtforms.IntegerField" in path.read_text()]

    assert offenders == [relative(own)], "take IntegerField from innovation.forms"


def test_every_flashed_message_and_label_is_translatable() -> None:
    """A string that does not go through gettext stays English for everybody, for ever."""
    offenders = []

    for path in modules("innovation"):
        for call in calls(path):
            spoken = called(call) == "flash" or (path.stem == "forms" and called(call).endswith("Field"))
            first = call.args[0] if call.args else None
            if spoken and _is_bare(first):
                offenders.append(at(path, call.lineno))
            offenders += [at(path, w.value.lineno) for w in call.keywords if w.arg == "message" and _is_bare(w.value)]

    assert offenders == [], "wrap it in _() or lazy_gettext()"


def _is_bare(node: ast.AST | None) -> bool:
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value.strip())
    return literal or isinstance(node, ast.JoinedStr)


def test_workflows_use_the_standard_library_and_transitions_only() -> None:
    """They must run, and be read, without the application; and only the engine knows its engine."""
    offenders = []

    for path in modules("workflows"):
        for node in ast.walk(parsed(path)):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            allowed = sys.stdlib_module_names | {"workflows"}
            if relative(path) == "workflows/engine.py":
                allowed = allowed | {"transitions"}
            offenders += [
                f"{at(path, node.lineno)} imports {name}" for name in names if name.split(".")[0] not in allowed
            ]

    assert offenders == []


def test_packages_say_nothing_in_their_init_file() -> None:
    """Code that runs by being passed makes imports circular. A folder that was one file may still offer its names."""
    offenders = [
        relative(path)
        for path in modules("innovation", "tests", "tools")
        if path.name == "__init__.py" and not (_is_a_grown_file(path) and _only_offers_names(path))
        if path.read_text(encoding="utf-8").strip()
    ]

    assert offenders == []


def _is_a_grown_file(init: Path) -> bool:
    return init.parent.name in BELOW_A_VIEW | {"forms", "views", "telling"}


def _only_offers_names(init: Path) -> bool:
    """True when the file holds a docstring, imports and ``__all__`` only."""
    return all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in parsed(init).body
    )


def test_there_are_no_junk_drawers() -> None:
    """A name that says nothing collects everything. Name a file after what is in it."""
    named = files(*FOLDERS, suffixes=(".py", ".html", ".js", ".css"))
    offenders = [relative(path) for path in named if JUNK_DRAWERS & {*path.relative_to(ROOT).parts[:-1], path.stem}]

    assert offenders == []


def test_files_stay_short_enough_to_read() -> None:
    """Past 400 lines a file becomes a folder of the same name; migrations are written once and read never."""
    candidates = files(*FOLDERS, suffixes=(".py", ".html", ".js"))
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in candidates}
    offenders = [
        f"{relative(path)} has {length} lines"
        for path, length in lengths.items()
        if length > LIMIT and "migrations" not in path.parts
    ]

    assert offenders == []


def test_every_module_says_what_it_holds() -> None:
    """One sentence at the top saves opening the rest."""
    offenders = [
        relative(path)
        for path in modules("innovation", "workflows", "tests", "tools", "bench")
        if path.name != "__init__.py" and not ast.get_docstring(parsed(path))
    ]

    assert offenders == []


def test_every_fact_is_listed_in_the_table_of_reactions() -> None:
    """An event that nothing follows from is a decision, and the table shows that somebody has taken it."""
    for path in modules("innovation"):
        if path.stem == "events" or path.parent.name == "events":
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    fact = importlib.import_module("innovation.events").Fact
    listed = importlib.import_module("innovation.reactions").REACTIONS

    unlisted = sorted(kind.__qualname__ for kind in _descendants(fact) - set(listed))

    assert unlisted == [], "add a row to reactions.py, with an empty list if nothing follows"


def _descendants(kind: type) -> set[type]:
    """Every fact of the application that is recorded: not what others are made from, nor what tests make up."""
    below = {inner for child in kind.__subclasses__() for inner in {child, *_descendants(child)}}
    return {child for child in below if child.__module__.startswith("innovation.") and not child.__subclasses__()}


def test_locks_hold_names_and_hashes_only() -> None:
    """A lock that names where packages come from ties everybody to that place."""
    offenders = [
        at(path, number)
        for path in sorted(ROOT.glob("requirements*.lock"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"://|^-|^\s+--(?!hash=sha256:)", line)
    ]

    assert offenders == []


def test_every_locked_package_has_a_hash() -> None:
    """Without a hash, what is installed is what the network says."""
    offenders = [
        f"{path.name}: {entry.split()[0]}"
        for path in sorted(ROOT.glob("requirements*.lock"))
        for entry in re.findall(r"^\S+==(?:.*\\\n)*.*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if "--hash=sha256:" not in entry
    ]

    assert offenders == []


@pytest.mark.parametrize(
    "parts", [("pyp", "i.org"), ("pythonho", "sted.org"), ("registry.np", "mjs"), ("npm", "js.com")]
)
def test_no_file_names_a_package_registry(parts: tuple[str, str]) -> None:
    """Where packages come from is a setting of the machine, not of the project."""
    host = "".join(parts)

    offenders = [relative(path) for path in texts() if host in path.read_text(encoding="utf-8").lower()]

    assert offenders == []


def test_what_is_shipped_promises_nothing_for_later() -> None:
    """A page is finished or it is not there; what is left to do belongs in the issues."""
    promise = re.compile(r"(?i:coming soon|lorem ipsum|not yet implemented|under construction)|\b(TODO|FIXME|XXX)\b")
    shipped = [path for path in texts() if not {"tests", "tools"} & set(path.parts) and path.suffix != ".lock"]

    offenders = [
        at(path, number)
        for path in shipped
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if promise.search(line)
    ]

    assert offenders == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    """What works only in one person's folder does not work."""
    somewhere = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w")

    offenders = [
        at(path, number)
        for path in texts()
        if path.suffix != ".lock"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if somewhere.search(line) and path != Path(__file__).resolve()
    ]

    assert offenders == []
