"""When files are read that people send: a command has the turn to write, and others wait for it."""

from __future__ import annotations

import pytest

from innovation import tables
from innovation.db import db


def turns_while_reading(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each table that is read from now on, whether a command was at work meanwhile."""
    found: list[bool] = []
    as_ever = tables._numbered

    def look(text: str, room: tables.Room) -> object:
        found.append(bool(db.session.info.get("in_command")))
        return as_ever(text, room)

    monkeypatch.setattr(tables, "_numbered", look)
    return found
