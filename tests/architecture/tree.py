"""The files of the project, read once, for the tests that check rules on them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("innovation", "workflows", "templates", "tests", "tools", "bench", "docs", ".ci")
TEXTS = {
    ".py",
    ".html",
    ".txt",
    ".subject",
    ".css",
    ".js",
    ".svg",
    ".toml",
    ".md",
    ".json",
    ".in",
    ".lock",
    ".ini",
    ".mako",
    "",
}
EXPRESSION = "\ue000"


def files(*folders: str, suffixes: tuple[str, ...]) -> list[Path]:
    """Every file of these folders with one of these suffixes, without vendored and generated ones."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [path for path in found if path.suffix in suffixes and path.is_file() and not _foreign(path)]


def _foreign(path: Path) -> bool:
    return bool({"vendor", "__pycache__", "node_modules"} & set(path.parts))


def modules(*folders: str) -> list[Path]:
    return files(*folders, suffixes=(".py",))


def texts() -> list[Path]:
    """Every text file of the project, also those beside the folders."""
    beside = [path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix in TEXTS]
    return beside + files(*FOLDERS, suffixes=tuple(TEXTS))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def at(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def called(call: ast.Call) -> str:
    """The last name of what is called: ``fire`` for ``idea.journey.fire(...)``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def without_jinja(source: str) -> str:
    """The HTML of a template: statements and comments blanked, expressions as one mark, lines kept."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n") or " "

    def mark(match: re.Match[str]) -> str:
        return EXPRESSION + "\n" * match.group().count("\n")

    source = re.sub(r"\{#.*?#\}", blank, source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", mark, source, flags=re.DOTALL)
    # A block `width`, and macros `..._of` and `attributes`, hand words to the markup, not to a person.
    source = re.sub(r"\{%-?\s*block width\b.*?endblock.*?%\}", blank, source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*macro (?:\w+_of|attributes)\(.*?endmacro\s*-?%\}", blank, source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}", blank, source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", mark, source, flags=re.DOTALL)


class Markup(HTMLParser):
    """The tags and texts of a template: ``tags`` as (line, name, attributes), ``texts`` as (line, text)."""

    UNSPOKEN = frozenset({"script", "style", "code", "kbd"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[int, str, dict[str, str]]] = []
        self.texts: list[tuple[int, str]] = []
        self._inside: list[str] = []
        self.feed(without_jinja(source))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((self.getpos()[0], tag, {name: value or "" for name, value in attrs}))
        if tag in self.UNSPOKEN:
            self._inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((self.getpos()[0], tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            skipped = len(data) - len(data.lstrip())
            self.texts.append((self.getpos()[0] + data[:skipped].count("\n"), data.strip()))


@cache
def markup(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))
