"""Files of funders and awards read as rows: JSON lines, JSON (a list, or the ``grants`` of 360Giving) or tables."""

from __future__ import annotations

import json
from typing import Any

from innovation.tables import PAGE, Room, TableFault, read_table


def read_rows(content: bytes, name: str, room: Room = PAGE) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a file, each with the number of its line or row; ``TableFault`` when the file cannot be read."""
    if name.lower().endswith((".jsonl", ".ndjson", ".json")):
        return [(number, _storable(row)) for number, row in _json_rows(_decoded(content))]
    return [(row.number, dict(row.values)) for row in read_table(content, name, room).rows]


def _storable(value: Any) -> Any:
    """The same without what no database keeps: zero characters and halves of letters, which JSON can spell."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode().strip()
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableFault("The letters of this file cannot be read. Save it as UTF-8 and try again.") from None


def _json_rows(text: str) -> list[tuple[int, dict[str, Any]]]:
    whole = _whole_json(text)
    if whole is not None:
        return [(number, row if isinstance(row, dict) else {}) for number, row in enumerate(whole, 1)]
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise TableFault(f"Line {number} is not JSON. Each line holds one award or one funder.") from None
            found.append((number, row if isinstance(row, dict) else {}))
    if not found:
        raise TableFault("The file is empty.")
    return found


def _whole_json(text: str) -> list[Any] | None:
    """The list that a JSON file is or holds as ``grants``; None for JSON lines."""
    try:
        whole = json.loads(text)
    except ValueError:
        return None
    except RecursionError:
        raise TableFault("This JSON is nested too deep for awards.") from None
    if isinstance(whole, dict) and isinstance(whole.get("grants"), list):
        return list(whole["grants"])
    return whole if isinstance(whole, list) else [whole]
