"""Lessons that everybody may read, without a sign-in and without the idea; and endings that were undone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.db import db
from innovation.gates import commands as gates
from innovation.ideas import commands, queries
from innovation.ideas.lesson_models import Lesson
from innovation.permission import SYSTEM
from tests import make
from tests.gates.deciding import DETAILS, chair_of, decide
from tests.ideas.learnt import SAID, coordinator, taught

LOOKED_AGAIN = {"reason": "A wrong count.", "rationale": "It goes on.", "against_reason": "The panel knows more."}


def released(**more: str) -> Lesson:
    lesson = taught(make.idea(title="Matric leavers read aloud", place="concept", standing="stopped"), **more)
    commands.offer_lesson(make.actor(lesson.idea.owner), lesson)
    commands.release_lesson(coordinator(), lesson)
    db.session.commit()
    return lesson


def test_anybody_reads_a_released_lesson_and_not_of_which_idea_it_is(client: FlaskClient) -> None:
    lesson = released()

    pages = [client.get(address).text for address in ("/learnt", f"/learnt/{lesson.id}")]

    assert [SAID["otherwise"] in page for page in pages] == [True, True]
    hidden = (lesson.idea.reference, lesson.idea.title, lesson.idea.owner.name)
    assert [word for word in hidden for page in pages if word in page] == []


@pytest.mark.parametrize("state", ["given", "offered", "closed", "owed", "undone", "corrected"])
def test_what_is_not_released_is_nowhere_in_public(client: FlaskClient, state: str) -> None:
    lesson = taught() if state in ("given", "offered") else released()
    if state == "offered":
        commands.offer_lesson(make.actor(lesson.idea.owner), lesson)
    elif state == "closed":
        commands.close_lesson(coordinator(), lesson)
    elif state == "corrected":
        commands.write_lesson(coordinator(), lesson, **{**SAID, "happened": "The transport ended."})
    elif state == "owed":
        lesson = commands.owe_lesson(SYSTEM, make.idea(place="institutionalised"))
    elif state == "undone":
        lesson.ended = "stopped"
        commands.void_lesson(SYSTEM, lesson.idea, place=lesson.place)
    db.session.commit()

    status, listed = client.get(f"/learnt/{lesson.id}").status_code, client.get("/learnt").text

    assert (status, f"/learnt/{lesson.id}" in listed) == (404, False)


def test_it_is_found_by_its_words_and_its_cause(client: FlaskClient) -> None:
    lesson = released()

    def found(query: str) -> bool:
        return f"/learnt/{lesson.id}" in client.get(f"/learnt?{query}").text

    assert [found(query) for query in ("q=taxi", "q=tractor", "cause=too_dear", "cause=harm", "cause=nonsense")] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_nobody_asks_for_a_lesson_by_a_number_that_no_database_holds(client: FlaskClient) -> None:
    assert client.get(f"/learnt/{10**30}").status_code == 404


def test_whoever_released_it_is_led_to_it_as_anybody_reads_it(client: FlaskClient) -> None:
    lesson = released()
    make.sign_in(client, make.staff("coordinator"))

    assert f'href="/learnt/{lesson.id}"' in client.get(f"/lessons/{lesson.id}").text


@pytest.mark.usefixtures("app")
def test_a_stop_that_is_undone_leaves_the_lesson_of_an_earlier_one() -> None:
    review = make.scored_review()
    earlier = taught(review.idea)
    earlier.ended, earlier.place = "stopped", "at_screening"
    db.session.commit()
    decide(review, "stop")

    gates.supersede_decision(chair_of(review), review, outcome="go", **LOOKED_AGAIN, **DETAILS["go"])

    left = queries.lesson_of(review.idea)
    assert (left, earlier.void_at) == (earlier, None)
