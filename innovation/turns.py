"""Taking turns by a name: whoever does the same thing at the same moment waits for who was there first."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import writers_take_turns
from innovation.statements import ask, keep

WAIT = keep(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("key", type_=sa.String), 0))))


def take_turn(key: str) -> None:
    """Wait until no other transaction holds this name, and hold it until ours ends; SQLite lets one write anyway."""
    if not writers_take_turns():
        ask(WAIT, {"key": key})
