"""The part of the map about lessons."""

from __future__ import annotations

from innovation.ideas.lesson_models import Lesson
from tests.architecture.sights import IDEAS, SEATED, Case, Cases, Page, get, only
from tests.architecture.world import World

# The programme's people: whoever has a role there, an idea, or a seat, now or before.
PROGRAMME = set(IDEAS["held"]) | SEATED | {"other_owner", "other_facilitator", "other_region"}


def lessons(*, to_write: bool = False) -> Cases:
    """A lesson is read by the programme's people; to write it, or while it is owed, by those who see its idea."""

    def cases(world: World) -> list[Case]:
        found = world.things["lesson"]
        seen = {"stopped": IDEAS["stopped"] if to_write else PROGRAMME, "held": IDEAS["held"]}
        made = [
            Case(name, {"lesson_id": found[name]}, get(Lesson, found[name]), frozenset(who))
            for name, who in seen.items()
        ]
        return [*made, Case("no such lesson", {"lesson_id": 999_999}, lambda: None, frozenset())]

    return cases


LESSONS = {
    "ideas.open_lessons": Page(public=True),
    "ideas.open_lesson": Page(only(lesson_id=999_999), public=True, absent="nothing is released in this world"),
    "ideas.lessons": Page(),
    "ideas.lesson": Page(lessons()),
    "ideas.lesson_text": Page(lessons(to_write=True), sees="write_lesson", writes="write_lesson"),
    "ideas.offer_lesson": Page(lessons(to_write=True), writes="offer_lesson"),
    "ideas.release_lesson": Page(lessons(to_write=True), writes="release_lesson"),
    "ideas.close_lesson": Page(lessons(to_write=True), writes="close_lesson"),
}
