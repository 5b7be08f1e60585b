"""Published definitions, read once per checksum and kept for the life of the process."""

from __future__ import annotations

from workflows import Definition, read_definition

_read: dict[str, Definition] = {}
MOST = 64


def known(checksum: str) -> Definition | None:
    """The definition with this checksum, where this process has read it."""
    return _read.get(checksum)


def definition_of(checksum: str, text: str) -> Definition:
    """The definition in ``text``; ``checksum`` must be its own."""
    definition = read_definition(text)
    if definition.checksum != checksum:
        raise RuntimeError(f"The published definition {definition.key} was altered after it was published.")
    if len(_read) >= MOST:
        _read.clear()
    _read[checksum] = definition
    return definition
