"""Static files, and the modules of a page put together as one script, which a slow line carries sooner."""

from __future__ import annotations

import re
from pathlib import Path

WHOLE = {"capture/whole.js": "capture/page.js"}  # its name, and the module that imports all the others
IMPORTS = re.compile(r'^import \{ (.+) \} from "\./(\w+)\.js";\n', re.M)
EXPORTS = re.compile(r"^export (?=(?:const|class|function|async function) (\w+))", re.M)
ELSE = re.compile(r"^(?:import|export)\b.*", re.M)
COMMENTS = re.compile(r"^ *//.*\n|^\n", re.M)


def content(static: Path, name: str) -> bytes | None:
    """The file under this name, or what is put together under it; ``None`` where there is neither."""
    if name in WHOLE:
        first = static / WHOLE[name]
        return "".join(_modules(first.parent, first.stem, [])).encode()
    try:
        path = (static / name).resolve()
        return path.read_bytes() if path.is_relative_to(static.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # no file has such a name
        return None


def _modules(folder: Path, name: str, there: list[str]) -> list[str]:
    """The module after those that it needs, each in a room of its own so that no name of one meets that of another."""
    if name in there:
        return []
    there.append(name)
    text = COMMENTS.sub("", (folder / f"{name}.js").read_text(encoding="utf-8"))
    before = [part for needed in IMPORTS.finditer(text) for part in _modules(folder, needed[2], there)]
    names = ", ".join(EXPORTS.findall(text))
    body = EXPORTS.sub("", IMPORTS.sub(_taken, text))
    odd = ELSE.search(body)
    if odd:
        raise ValueError(f"{name}.js: this import or export cannot be put together: {odd[0]}")
    return [*before, f"const of_{name} = (() => {{\n{body}return {{ {names} }};\n}})();\n"]


def _taken(needed: re.Match[str]) -> str:
    return f"const {{ {needed[1].replace(' as ', ': ')} }} = of_{needed[2]};\n"
