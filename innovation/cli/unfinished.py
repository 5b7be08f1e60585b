"""A restore that was cut off, as where the power went: what it leaves is half of one site and half of another.

A file in the instance says so from before its first step until after its last. In a database on a server a comment says
it as well, for other machines use that one.
"""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from innovation.db import db
from innovation.health import reading
from workflows import Refused

FILE = "restoring"
COMMENT = "a backup of Gatehouse is being put back"
BEGUN = f"COMMENT ON SCHEMA public IS '{COMMENT}'"
ENDED = "COMMENT ON SCHEMA public IS NULL"
ASKED = sa.text("SELECT obj_description(to_regnamespace('public'), 'pg_namespace')")
NOT_WHOLE = "A restore has begun here and not ended, so the site is not whole."
AGAIN = "Unless one is at work, run it again: gatehouse restore --replace FILE."


def note(instance: Path, told: str) -> None:
    """Keep, on the disk, that a restore has begun, with what its keeper was told of it."""
    with (instance / FILE).open("w", encoding="utf-8") as file:
        file.write(told)
        file.flush()
        os.fsync(file.fileno())


def forget(instance: Path) -> None:
    (instance / FILE).unlink(missing_ok=True)


def is_noted(instance: Path) -> bool:
    return (instance / FILE).exists()


def trace(instance: Path) -> tuple[str, ...]:
    """What is to be said of one that was cut off, in sentences; nothing where none was."""
    in_database = False
    if db.engine.dialect.name == "postgresql":
        with reading() as connection:
            in_database = connection.scalar(ASKED) == COMMENT
    if is_noted(instance):
        return tuple(filter(None, (NOT_WHOLE, AGAIN, (instance / FILE).read_text("utf-8"))))
    return (NOT_WHOLE, AGAIN) if in_database else ()


def require_none(instance: Path) -> None:
    """Refuse to go to work in a site that is not whole."""
    if found := trace(instance):
        raise Refused(found)
