"""A wall of many ideas: its tag is another one for other ideas, and those that are voted on stay on the ballot."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.clinics import rounds, wall_reading, walls
from innovation.db import db
from innovation.ideas.models import Idea
from innovation.permission import STRANGER
from tests import make
from tests.clinics.test_vote_with_dots import a_room


def test_an_idea_that_comes_makes_up_for_none_that_has_gone(app: Any) -> None:
    room = a_room()

    def withdraw(gone: Idea) -> str:
        for idea in room.ideas:
            idea.standing = "withdrawn" if idea is gone else "active"
        db.session.flush()
        return room.tag()

    assert withdraw(room.ideas[0]) != withdraw(room.ideas[1])


def test_ideas_that_come_while_people_vote_crowd_none_off_the_ballot(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room(ideas=3)
    found = rounds.open_round(room.actor, room.clinic, dots=5, most=2)
    later = [make.idea(clinic_id=room.clinic.id).id for _n in range(5)]
    walls.release_ideas(room.actor, room.clinic, idea_ids=later)
    monkeypatch.setattr(walls, "MOST_IDEAS", 4)
    wall_reading._notes.cache_clear()

    ballot = wall_reading.ballot_notes(STRANGER, room.clinic, found, {})
    newest = [note.idea_id for note in wall_reading.list_notes(STRANGER, room.clinic, walls.find_wall(room.clinic))]

    wall_reading._notes.cache_clear()
    assert {note.idea_id for note in ballot} == {idea.id for idea in room.ideas}
    assert newest[0] == later[-1]
