"""What the sections of a document are made of: facts, tables, headings and paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Block = dict[str, Any]
Section = dict[str, Any]
Pairs = Iterable[tuple[str, Any]]


def section(heading: str, blocks: Iterable[Block]) -> Section:
    return {"heading": heading, "blocks": list(blocks)}


def facts(pairs: Pairs) -> Iterator[Block]:
    """Names with their values, those without a value left out."""
    rows = [[str(name), str(value)] for name, value in pairs if value not in (None, "")]
    if rows:
        yield {"kind": "facts", "rows": rows}


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Block]:
    listed = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if listed:
        yield {"kind": "table", "head": list(head), "rows": listed}


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def texts(label: str, found: Iterable[str]) -> Iterator[Block]:
    """Paragraphs under a small heading."""
    said = [text for text in found if text.strip()]
    if said:
        yield {"kind": "label", "text": label}
        yield from ({"kind": "text", "text": text} for text in said)
