"""What a page of a draft holds: cells to type into, each with its place in the definition, in rows and sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

from innovation.languages import gettext as _
from innovation.values import dataclass
from workflows import drafting
from workflows.drafting import Content

Pair = tuple[str, str]
LINES = "lines"  # the choices of a question, one on each line
MOVES_ON = "moves_on"  # whether a stage moves on without a gate; its trigger is made once


@dataclass(frozen=True)
class Cell:
    """One thing to type or choose. ``name`` says where it is by keys, ``place`` by numbers, as faults do."""

    name: str
    place: str
    path: tuple[str | int, ...]
    kind: str
    label: str
    choices: tuple[Pair, ...] = ()
    help: str = ""
    optional: bool = False
    default: bool = False
    size: str = ""

    def value(self, content: Content) -> Any:
        """What the draft holds there; nothing where it holds nothing."""
        table = _table_at(content, self.path[:-1])
        found = table.get(str(self.path[-1]))
        if self.kind == "yes":
            return found if isinstance(found, bool) else self.default
        if self.kind == MOVES_ON:
            return "moves_on_by" in table
        if self.kind == LINES:
            return "\n".join(str(row.get("name", "")) for row in found or () if isinstance(row, dict))
        if self.kind == "several":
            return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
        return "" if found is None else str(found)

    def put(self, content: Content, typed: Any) -> None:
        """Write what was typed, right or wrong; what is as before stays as it is."""
        typed = typed.replace("\r\n", "\n").strip() if isinstance(typed, str) else typed
        if typed == self.value(content):
            return
        table, key = _made_at(content, self.path[:-1]), str(self.path[-1])
        if self.kind == LINES:
            drafting.put_choices(table, (line.strip() for line in typed.split("\n")))
        elif self.kind == MOVES_ON:
            _move_on(table, moves=bool(typed))
        elif typed == "" and (self.optional or self.kind in ("whole", "number")):
            table.pop(key, None)
        elif self.kind in ("whole", "number"):
            table[key] = _number(typed, self.kind)
        else:
            table[key] = list(typed) if self.kind == "several" else typed


def _table_at(content: Content, path: Sequence[str | int]) -> Content:
    """The table at a path; an empty one where there is none."""
    return _walk(content, path, drafting.rows, drafting.inner)


def _made_at(content: Content, path: Sequence[str | int]) -> Content:
    """The same to write into, made on the way."""
    return _walk(content, path, drafting.made_rows, drafting.made_inner)


def _walk(table: Content, path: Sequence[str | int], rows: Any, inner: Any) -> Content:
    for at, step in enumerate(path):
        follower = path[at + 1] if at + 1 < len(path) else None
        if isinstance(step, str):
            table = rows(table, step)[follower] if isinstance(follower, int) else inner(table, step)
    return table


def _number(typed: str, kind: str) -> int | float | str:
    """A number as the definition has it; anything else stays as it was typed, and is at fault."""
    sign, digits = ("-", typed[1:]) if typed.startswith("-") else ("", typed)
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        return int(sign + digits)
    whole, point, rest = digits.replace(",", ".").partition(".")
    plain = all(part.isascii() and part.isdigit() and len(part) < 10 for part in (whole, rest))
    if kind == "number" and point and plain:
        return float(f"{sign}{whole}.{rest}")
    return typed


def _move_on(table: Content, *, moves: bool) -> None:
    if moves:
        table["moves_on_by"] = drafting.key_from(f"start {table.get('key', '')}", ())
    else:
        del table["moves_on_by"]


@dataclass(frozen=True)
class At:
    """Where one is in a draft: by keys for the names of fields, by numbers for the places of faults."""

    names: tuple[str, ...] = ()
    path: tuple[str | int, ...] = ()

    @property
    def place(self) -> str:
        parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path]
        return "".join(parts).removeprefix(".")

    def inner(self, key: str) -> At:
        return At((*self.names, key), (*self.path, key))

    def rows(self, table: Content, name: str, by: str = "key") -> Iterator[tuple[At, str, Content]]:
        """Each table of a list with where it is and its token: its key, or its number where that is no good."""
        found = drafting.rows(table, name)
        said = [drafting.said(row, by) for row in found]
        for number, row in enumerate(found):
            key = said[number]
            token = key if isinstance(key, str) and key and said.count(key) == 1 else f"#{number}"
            yield At((*self.names, name, token), (*self.path, name, number)), token, row

    def cell(self, key: str, kind: str, label: str, **more: Any) -> Cell:
        here = self.inner(key)
        return Cell(".".join(here.names), here.place, here.path, kind, label, **more)


@dataclass(frozen=True)
class Row:
    """Cells that belong together; ``more`` are those that are folded away, ``acts`` what can be done with the row."""

    token: str
    title: str
    place: str
    cells: tuple[Cell, ...]
    more: tuple[Cell, ...] = ()
    more_title: str = ""
    acts: tuple[str, ...] = ("up", "down", "remove")
    page: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a page; with ``adds`` a row is added by its name, of one of ``kinds`` where there are several."""

    key: str
    title: str
    place: str
    help: str = ""
    cells: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    adds: str = ""
    kinds: tuple[Pair, ...] = ()
    kinds_label: str = ""
    named: bool = True
    total: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page of a draft."""

    key: str
    title: str
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def cells(self) -> list[Cell]:
        return [
            cell
            for section in self.sections
            for cell in (*section.cells, *(c for row in section.rows for c in (*row.cells, *row.more)))
        ]

    @property
    def places(self) -> set[str]:
        """Every place at which this page can show a fault."""
        rows = {row.place for section in self.sections for row in section.rows}
        return {cell.place for cell in self.cells} | rows | {section.place for section in self.sections}


def named_pairs(content: Content, name: str) -> tuple[Pair, ...]:
    """The keys of a list with their names, to choose from."""
    return tuple((str(row.get("key", "")), called(row)) for row in drafting.rows(content, name))


def called(row: Content) -> str:
    return str(row.get("name") or _("Without a name"))
