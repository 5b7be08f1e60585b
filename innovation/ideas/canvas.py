"""The canvas as people read and fill it: which fields there are, in which parts, and how an answer reads."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from innovation.values import dataclass
from workflows import CAPTURE, CanvasField, Definition, Gate

# Fields that the idea itself keeps but that stand on the canvas form; the others have pages of their own.
ON_THE_FORM = ("title", "theme", "topic", "where")
FOR_READERS = ("idea", "funders")


@dataclass(frozen=True)
class Part:
    """A part of the canvas; ``gate`` is the one that needs its fields, if any."""

    key: str
    gate: Gate | None
    fields: tuple[CanvasField, ...]


@dataclass(frozen=True)
class Change:
    """How one field changed: pairs of kind ("same", "added", "removed") and text, in reading order."""

    field: CanvasField
    pieces: tuple[tuple[str, str], ...]


def form_fields(definition: Definition) -> tuple[CanvasField, ...]:
    """The fields that the canvas form asks for."""
    return tuple(f for f in definition.canvas if f.kept_in != "idea" or f.key in ON_THE_FORM)


def parts(definition: Definition) -> list[Part]:
    """The canvas in parts: from the start, for each gate that needs more, and what is good to say as well."""
    fields = form_fields(definition)
    found = [Part(CAPTURE, None, tuple(f for f in fields if f.required_from == CAPTURE))]
    found += [
        Part(gate.key, gate, tuple(f for f in fields if f.required_from == gate.key)) for gate in definition.gates
    ]
    found.append(Part("more", None, tuple(f for f in fields if f.required_from is None)))
    return [part for part in found if part.fields]


def required_now(definition: Definition, place: str) -> frozenset[str]:
    """The keys of the fields without which a canvas cannot be handed in: those that earlier steps needed."""
    reached = definition.place_index(place)
    keys = {f.key for f in definition.canvas if f.required_from == CAPTURE}
    for gate in definition.gates:
        if gate.track is None and definition.place_index(gate.place) < reached:
            keys |= {f.key for f in definition.fields_required_at(gate.key)}
    return frozenset(keys)


def shown_fields(definition: Definition, audiences: Iterable[str] = FOR_READERS) -> list[CanvasField]:
    """The fields of the canvas itself that an audience may read; never a personal one, but for ``staff``."""
    allowed = set(audiences)
    return [
        field
        for field in definition.canvas
        if field.kept_in == "canvas"
        and field.type != "file"
        and ("staff" in allowed or (field.audience in allowed and not field.personal))
    ]


def answered(
    definition: Definition, answers: Mapping[str, Any], audiences: Iterable[str] = FOR_READERS
) -> list[tuple[CanvasField, Any]]:
    """The fields with an answer that an audience may read, in the order of the canvas, each with its answer."""
    fields = shown_fields(definition, audiences)
    return [(f, answers[f.key]) for f in fields if answers.get(f.key) not in (None, "", [], {})]


def search_text(definition: Definition, answers: Mapping[str, Any]) -> str:
    """What a search looks through: every answer that all who see the idea may read."""
    return "\n".join(text_of(field, value) for field, value in answered(definition, answers))


def text_of(
    field: Any, value: Any, *, money: Callable[[int], str] | None = None, day: Callable[[dt.date], str] | None = None
) -> str:
    """An answer as plain text, by the type of its field, column or question; amounts are in cents."""
    if value in (None, "", []):
        return ""
    names = {choice.key: choice.name for choice in field.choices}
    if field.type in ("choice", "choices"):
        keys = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(key), str(key)) for key in keys)
    if field.type == "yes_no":
        return {"yes": "Yes", "no": "No"}.get(value, str(value))
    if field.type == "money":
        return money(int(value)) if money else f"R{int(value) // 100:,}".replace(",", " ")
    if field.type == "date":
        date = dt.date.fromisoformat(value)
        return day(date) if day else f"{date.day} {date:%b %Y}"
    if field.type == "table":
        return "\n".join(row_text(field.columns, row) for row in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def row_text(columns: Iterable[Any], row: Mapping[str, Any]) -> str:
    return " · ".join(text for column in columns if (text := text_of(column, row.get(column.key))))


def changes(
    definition: Definition, old: Mapping[str, Any], new: Mapping[str, Any], audiences: Iterable[str] = FOR_READERS
) -> list[Change]:
    """The fields that differ between two revisions, word by word; ``title`` may be among the answers."""
    title = [definition.field("title")] if any(f.key == "title" for f in definition.canvas) else []
    pairs = (
        (f, text_of(f, old.get(f.key)), text_of(f, new.get(f.key)))
        for f in [*title, *shown_fields(definition, audiences)]
    )
    return [Change(field, tuple(diff(before, after))) for field, before, after in pairs if before != after]


def diff(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts woven together, word by word: pairs of "same", "removed" or "added" and a piece of text."""
    old, new = _pieces(before), _pieces(after)
    woven: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            woven.append(("same", "".join(old[i:j])))
            continue
        if i < j:
            woven.append(("removed", "".join(old[i:j])))
        if k < m:
            woven.append(("added", "".join(new[k:m])))
    return woven


def _pieces(text: str) -> list[str]:
    """Words with the space after them; very long texts by line, so that comparing stays quick."""
    found = re.findall(r"\S+\s*|\s+", text)
    return found if len(found) <= 3000 else text.splitlines(keepends=True)
