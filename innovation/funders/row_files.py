"""Files of funders and awards read as rows: JSON lines, JSON (a list, or the ``grants`` of 360Giving) or tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from innovation.tables import PAGE, Room, TableFault, lines_of, read_table, require_room

MUCH = "This file holds very many rows or values. Split it into several files."
TOO_DEEP = "This JSON is nested too deep for awards."
DEEPEST = 50
HOLDER = 4  # a list or a mapping takes as much memory as so many cells, be it empty
Numbered = tuple[int, dict[str, Any]]


def read_rows(content: bytes, name: str, room: Room = PAGE) -> list[Numbered]:
    """The rows of a file, each with the number of its line or row; ``TableFault`` when the file cannot be read."""
    if name.lower().endswith((".jsonl", ".ndjson", ".json")):
        return _json_rows(_text(content, room), room)
    return [(row.number, dict(row.values)) for row in read_table(content, name, room).rows]


def _text(content: bytes, room: Room) -> str:
    """What a JSON file says, if what it will unfold to has room: its signs are counted before any of it is read."""
    require_room(content, room)
    if content.count(b",") + HOLDER * (content.count(b"{") + content.count(b"[")) > room.cells:
        raise TableFault(MUCH)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableFault("The letters of this file cannot be read. Save it as UTF-8 and try again.") from None


def _json_rows(text: str, room: Room) -> list[Numbered]:
    try:
        whole = _whole_json(text)
        rows = list(_json_lines(text, room)) if whole is None else _numbered(whole, room)
    except RecursionError:
        raise TableFault(TOO_DEEP) from None
    if whole is None and not rows:
        raise TableFault("The file is empty.")
    return rows


def _whole_json(text: str) -> list[Any] | None:
    """The list that a JSON file is or holds as ``grants``; None for JSON lines."""
    try:
        whole = json.loads(text)
    except ValueError:
        return None
    if isinstance(whole, dict) and isinstance(whole.get("grants"), list):
        return list(whole["grants"])
    return whole if isinstance(whole, list) else [whole]


def _numbered(whole: list[Any], room: Room) -> list[Numbered]:
    """The rows with their numbers, each in its own place, so that none is in memory twice for long."""
    if len(whole) > room.lines:
        raise TableFault(MUCH)
    for at, row in enumerate(whole):
        whole[at] = (at + 1, _storable_row(row))
    return whole


def _json_lines(text: str, room: Room) -> Iterator[Numbered]:
    for number, line in enumerate(lines_of(text), 1):
        if number > room.lines:
            raise TableFault(MUCH)
        if line.strip():
            try:
                yield number, _storable_row(json.loads(line))
            except ValueError:
                raise TableFault(f"Line {number} is not JSON. Each line holds one award or one funder.") from None


def _storable_row(row: Any) -> dict[str, Any]:
    return dict(_storable(row)) if isinstance(row, dict) else {}


def _storable(value: Any, levels: int = DEEPEST) -> Any:
    """The same without what no database keeps: zero characters and halves of letters, which JSON can spell."""
    if isinstance(value, str):
        kept = value.replace("\0", "").encode("utf-8", "ignore").decode().strip()
        return value if kept == value else kept  # the same name of all rows is one text
    if levels == 0 and isinstance(value, dict | list):
        raise TableFault(TOO_DEEP)
    if isinstance(value, dict):
        return {_storable(key): _storable(each, levels - 1) for key, each in value.items()}
    return [_storable(each, levels - 1) for each in value] if isinstance(value, list) else value
