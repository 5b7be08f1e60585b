"""When files are read that people send: a command has the turn to write, and others wait for it."""

from __future__ import annotations

import pytest

from innovation import tables
from innovation.db import db
from innovation.ideas import filecheck


def turns_while_reading(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each table that is read from now on, whether a command was at work meanwhile."""
    found: list[bool] = []
    as_ever = tables._numbered

    def look(text: str, room: tables.Room) -> object:
        found.append(bool(db.session.info.get("in_command")))
        return as_ever(text, room)

    monkeypatch.setattr(tables, "_numbered", look)
    return found


def turns_while_drawing(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each picture that is drawn anew from now on, whether a command was at work meanwhile."""
    found: list[bool] = []
    as_ever = filecheck._drawn_anew

    def look(content: bytes, kind: str) -> bytes:
        found.append(bool(db.session.info.get("in_command")))
        return as_ever(content, kind)

    monkeypatch.setattr(filecheck, "_drawn_anew", look)
    return found
