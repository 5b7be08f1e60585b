"""The tag by which screens follow a wall is another one for other ideas, however much has happened to each."""

from __future__ import annotations

from typing import Any

from innovation.db import db
from innovation.ideas.models import Idea
from tests.clinics.test_vote_with_dots import a_room


def test_an_idea_that_comes_makes_up_for_none_that_has_gone(app: Any) -> None:
    room = a_room()

    def withdraw(gone: Idea) -> str:
        for idea in room.ideas:
            idea.standing = "withdrawn" if idea is gone else "active"
        db.session.flush()
        return room.tag()

    assert withdraw(room.ideas[0]) != withdraw(room.ideas[1])
