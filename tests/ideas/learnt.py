"""Lessons for tests: one as the owner of an idea that has lapsed wrote it, and what somebody finds in the list."""

from __future__ import annotations

from innovation.ideas import commands, queries
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Idea
from innovation.ideas.queries import LessonFilters
from innovation.permission import SYSTEM, Actor
from tests import make

SAID = {
    "cause": "too_dear",
    "tried": "Reading clubs run by matric leavers in two halls.",
    "happened": "Nobody paid the transport after the second term.",
    "otherwise": "Ask the taxi association before the first club meets.",
}


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def taught(idea: Idea | None = None, **more: str) -> Lesson:
    """The lesson of an idea that has lapsed, as its owner wrote it."""
    found = idea or make.idea(place="concept", standing="stopped")
    return commands.write_lesson(make.actor(found.owner), commands.owe_lesson(SYSTEM, found), **{**SAID, **more})


def listed(actor: Actor, **by: object) -> list[str]:
    filters = LessonFilters(**by)  # type: ignore[arg-type]
    return [row.lesson.otherwise for row in queries.list_lessons(actor, filters).items]
