"""Definitions that this process has opened: each is read once for its checksum, and kept while the process lives."""

from __future__ import annotations

from workflows import Definition, reopen_definition

_opened: dict[str, Definition] = {}
MOST = 64


def known(checksum: str) -> Definition | None:
    """The definition with this checksum, where this process has read it."""
    return _opened.get(checksum)


def definition_of(checksum: str, text: str) -> Definition:
    """The definition in ``text``, which was checked when it was published; ``checksum`` must be its own."""
    definition = reopen_definition(text)
    if definition.checksum != checksum:
        raise RuntimeError(f"The published definition {definition.key} was altered after it was published.")
    if len(_opened) >= MOST:
        _opened.clear()
    _opened[checksum] = definition
    return definition
