"""The lessons of the world of the tests: one that was given, and one that is owed."""

from __future__ import annotations

from typing import Any

from innovation.db import db
from innovation.ideas import commands
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM


def build(things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The ids of the lessons, by the name of the idea."""
    stopped, held = (db.session.get_one(Idea, things["idea_id"][name]) for name in ("stopped", "held"))
    said = {"stop_reason": "no-owner", "lesson": "Ask who will do it."}
    given = commands.keep_stop_lesson(SYSTEM, stopped, said)
    given.agreed_at = given.given_at
    return {"lesson": {"stopped": given.id, "held": commands.owe_lesson(SYSTEM, held).id}}
