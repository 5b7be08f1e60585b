"""Lessons are found by their words and what they are about, and hinted at whoever writes something alike."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.clinics.packet import _lessons
from innovation.db import db
from innovation.ideas import commands, queries
from innovation.permission import SYSTEM
from tests import make
from tests.ideas.learnt import SAID, coordinator, listed, taught

pytestmark = pytest.mark.usefixtures("app")


# Finding it


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ({"q": "taxi associat"}, 1),
        ({"q": "TRANSPORT second"}, 1),
        ({"q": "taxi elephants"}, 0),
        ({"q": '" OR ('}, 0),
        ({"cause": "too_dear"}, 1),
        ({"cause": "harm"}, 0),
        ({"place": "concept"}, 1),
        ({"place": "piloting"}, 0),
        ({"phase": "foundation"}, 1),
        ({"phase": "found"}, 0),
        ({"state": "owed"}, 0),
        ({"state": "released"}, 0),
    ],
)
def test_lessons_are_found_by_words_and_narrowed(by: dict[str, str], found: int) -> None:
    idea = make.idea(place="concept", standing="stopped", phases=["foundation", "senior"])
    lesson = commands.owe_lesson(SYSTEM, idea)
    commands.write_lesson(make.actor(idea.owner), lesson, **SAID, phases=["foundation", "senior"])

    assert len(listed(coordinator(), **by)) == found


def test_a_correction_is_found_by_its_new_words_only() -> None:
    lesson = taught()

    commands.write_lesson(make.actor(lesson.idea.owner), lesson, **{**SAID, "otherwise": "Ask the bus company."})

    assert (len(listed(coordinator(), q="bus company")), listed(coordinator(), q="taxi")) == (1, [])


def test_the_list_says_what_to_do_when_there_is_nothing_and_is_exported_as_it_is_shown(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("coordinator"))
    empty = client.get("/lessons").text
    taught()
    db.session.commit()

    table = client.get("/lessons?cause=too_dear&export=csv").text
    other = client.get("/lessons?cause=harm").text

    assert ("No lessons yet" in empty, "No lesson like this" in other) == (True, True)
    assert (SAID["otherwise"] in table, "Cost" in table or "cost" in table) == (True, True)


# Hinting at it


def test_somebody_who_writes_something_alike_reads_what_was_learnt(client: FlaskClient) -> None:
    lesson = taught()
    make.sign_in(client, make.idea().owner)

    page = client.get("/ideas/alike?title=Reading clubs by matric leavers&problem=Transport to two halls").text

    assert ("Somebody tried something alike" in page, SAID["otherwise"] in page) == (True, True)
    assert (lesson.idea.reference in page, lesson.idea.title in page) == (False, False)


def test_an_idea_that_one_may_not_see_is_alike_by_the_words_of_its_lesson_alone() -> None:
    taught(make.idea(title="Zebra crossings painted by parents", place="concept", standing="stopped"))
    stranger_to_it = make.actor(make.idea().owner)

    by_title = queries.find_alike_and_learnt(stranger_to_it, "Zebra crossings painted by parents")

    assert by_title.learnt == []


def test_no_word_of_an_idea_that_one_may_not_see_brings_its_lesson_or_keeps_it_away() -> None:
    title = "Zebra crossings painted by parents"
    lesson = taught(make.idea(title=title, place="concept", standing="stopped"))
    stranger_to_it = make.actor(make.idea().owner)
    typed = "Transport nobody paid, taxi association asked before the term"

    found = [
        [each.id for each in queries.find_alike_and_learnt(stranger_to_it, text).learnt]
        for text in (typed, f"{typed} zebra", f"{typed} giraffe")
    ]

    assert found == [[lesson.id]] * 3


def test_the_room_is_told_released_lessons_only(client: FlaskClient) -> None:
    lesson, clinic = taught(), make.clinic()
    before = _lessons(clinic)
    commands.offer_lesson(make.actor(lesson.idea.owner), lesson)

    commands.release_lesson(coordinator(), lesson)

    assert (before, _lessons(clinic)) == ([], [[SAID["tried"], SAID["otherwise"]]])
