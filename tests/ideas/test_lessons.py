"""What was learnt from an idea that ended is kept, asked for where it is missing, found and hinted."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask.testing import FlaskClient

from innovation import pilot_reminders, worker
from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.gates.models import Review
from innovation.ideas import commands, queries
from innovation.ideas.models import Wall
from innovation.ideas.queries import LessonFilters
from innovation.notifications.models import Notice
from innovation.permission import SYSTEM, Actor, Forbidden, NotThere
from innovation.replication.commands import decide_post_review
from tests import make
from tests.gates.deciding import DETAILS, chair_of, decide
from tests.ideas.learnt import SAID, coordinator, listed, taught
from tests.replication import in_system
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")

# Where it comes from


def test_a_stop_keeps_its_lesson_with_the_cause_that_its_reason_tells() -> None:
    review = make.scored_review()

    decide(review, "stop", stop_reason="no-owner", tried="Nothing yet.")

    lesson = queries.lesson_of(review.idea)
    assert (lesson.otherwise, lesson.cause, lesson.tried) == (DETAILS["stop"]["lesson"], "no_owner", "Nothing yet.")
    assert (lesson.ended, lesson.place, lesson.is_given) == ("stopped", "at_screening", True)


def test_a_stop_without_its_lesson_is_refused() -> None:
    review = make.scored_review()

    with pytest.raises(Refused, match="Write down the lesson"):
        decide(review, "stop", lesson=" ")

    assert queries.lesson_of(review.idea) is None


def test_a_stop_that_is_held_back_teaches_nobody_before_it_is_told() -> None:
    review = make.scored_review()

    decide(review, "stop", announce="later")

    assert queries.lesson_of(review.idea) is None


def test_a_stop_that_is_superseded_leaves_no_lesson() -> None:
    review = make.scored_review()
    decide(review, "stop")
    again = {"reason": "A wrong count.", "rationale": "It goes on.", "against_reason": "The panel knows more."}

    gates.supersede_decision(chair_of(review), review, outcome="go", **again, **DETAILS["go"])

    assert (queries.lesson_of(review.idea), listed(coordinator())) == (None, [])


def test_before_it_was_tried_an_idea_is_withdrawn_without_a_lesson() -> None:
    idea = make.idea(place="concept")

    commands.withdraw_idea(make.actor(idea.owner), idea)

    assert (idea.standing, queries.lesson_of(idea)) == ("withdrawn", None)


def test_once_it_was_tried_its_owner_withdraws_it_with_its_lesson_only() -> None:
    idea = make.idea(place="piloting")
    owner = make.actor(idea.owner)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        commands.withdraw_idea(owner, idea, cause="too_dear")

    commands.withdraw_idea(owner, idea, **SAID)

    assert refused.value.reasons == (
        "Say what was tried.",
        "Say what happened.",
        "Say what somebody else should do otherwise.",
    )
    assert (idea.standing, queries.lesson_of(idea).ended) == ("withdrawn", "withdrawn")


def test_the_page_asks_for_the_lesson_and_keeps_what_was_typed(client: FlaskClient) -> None:
    idea = make.idea(place="piloting")
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/withdrawal"

    unfinished = client.post(address, data={"cause": "harm", "tried": "Two clubs."})
    done = client.post(address, data=SAID)

    assert (unfinished.status_code, done.status_code) == (422, 302)
    assert ("Two clubs." in unfinished.text, 'id="otherwise-error"' in unfinished.text) == (True, True)


# Where it is owed


def test_an_idea_that_lapsed_owes_its_lesson_once() -> None:
    idea = make.idea(place="institutionalised")

    first, again = commands.owe_lesson(SYSTEM, idea), commands.owe_lesson(SYSTEM, idea)

    assert (first.id, first.is_owed, first.due_on > now().date()) == (again.id, True, True)
    assert [event.kind for event in list_events(f"idea:{idea.id}")].count("lesson_owed") == 1


@pytest.mark.parametrize(("outcome", "owes"), [("lapsed", True), ("at_risk", False)])
def test_a_review_that_finds_it_lapsed_asks_its_owner_for_the_lesson(outcome: str, owes: bool) -> None:
    review = in_system.review(state="handed_in")

    decide_post_review(coordinator(), review, outcome=outcome, reasons="Nobody runs it any more.")
    db.session.commit()
    worker.deliver_owed()

    owed = queries.lesson_of(review.idea)
    assert (owed is not None and owed.is_owed and owed.ended == "lapsed") == owes


def test_nobody_but_the_clock_says_that_a_lesson_is_owed() -> None:
    with pytest.raises(Forbidden):
        commands.owe_lesson(coordinator(), make.idea())


def test_the_owner_finds_in_my_work_and_on_the_idea_what_is_owed_until_it_is_given(client: FlaskClient) -> None:
    idea = make.idea(place="institutionalised")
    lesson = commands.owe_lesson(SYSTEM, idea)
    make.sign_in(client, idea.owner)
    address = f"/lessons/{lesson.id}/text"
    work, page = client.get("/work").text, client.get(f"/ideas/{idea.reference}").text

    client.post(address, data={**SAID, "version": lesson.version})

    after = client.get("/work").text, client.get(f"/ideas/{idea.reference}").text
    assert (address in work, "Ended, lesson owed" in page) == (True, True)
    assert (address in after[0], "Ended, lesson owed" in after[1], SAID["otherwise"] in after[1]) == (
        False,
        False,
        True,
    )


def test_what_is_owed_is_due_for_its_owner_and_those_who_care_for_it(client: FlaskClient) -> None:
    lesson = commands.owe_lesson(SYSTEM, make.idea(place="institutionalised"))

    def due(person: object) -> bool:
        make.sign_in(client, person)  # type: ignore[arg-type]
        return f"/lessons/{lesson.id}" in client.get("/due?kind=lesson").text

    assert [due(lesson.idea.owner), due(make.staff("coordinator")), due(make.person())] == [True, True, False]


def test_owners_are_reminded_and_coordinators_once_it_is_late() -> None:
    who, idea = make.staff("coordinator"), make.idea(place="institutionalised")
    make.account(who)
    lesson = commands.owe_lesson(SYSTEM, idea)
    db.session.commit()

    def told(day: dt.date) -> list[tuple[bool, int]]:
        with time_machine.travel(dt.datetime.combine(day, dt.time(9), dt.UTC), tick=False):
            pilot_reminders.remind_lessons()
            pilot_reminders.remind_lessons()
        found = db.session.query(Notice).filter(Notice.why.contains("lesson:"))
        return [(person.id == who.id, found.filter_by(person_id=person.id).count()) for person in (idea.owner, who)]

    soon, late = told(lesson.due_on - dt.timedelta(days=2)), told(lesson.due_on + dt.timedelta(days=8))

    assert soon == [(False, 1), (True, 0)]
    assert late == [(False, 2), (True, 1)]


# Writing and correcting it


def test_a_lesson_says_everything_once_the_idea_was_tried() -> None:
    lesson = commands.owe_lesson(SYSTEM, make.idea(place="piloting"))

    with pytest.raises(Refused) as refused:
        commands.write_lesson(make.actor(lesson.idea.owner), lesson, cause="whim", tried="", happened=" ", otherwise="")

    assert len(refused.value.reasons) == 4


def test_a_correction_keeps_both_versions_and_the_same_again_changes_nothing() -> None:
    lesson = taught()
    owner = make.actor(lesson.idea.owner)

    commands.write_lesson(owner, lesson, **{**SAID, "cause": "harm"})
    commands.write_lesson(owner, lesson, **{**SAID, "cause": "harm"})

    assert [version.cause for version in queries.list_versions_of(lesson)] == ["harm", "too_dear"]


def test_a_lesson_names_nobody_of_the_team() -> None:
    lesson = commands.owe_lesson(SYSTEM, make.idea(make.person("Thandi Nkosi"), place="concept"))

    for text in ("Ask Thandi Nkosi first.", "Write to office@school.example first."):
        with pytest.raises(Refused, match="Leave names"):
            commands.write_lesson(make.actor(lesson.idea.owner), lesson, **{**SAID, "otherwise": text})

    assert lesson.is_owed


# Who reads it


def test_the_programmes_people_read_it_without_an_idea_that_they_may_not_see(client: FlaskClient) -> None:
    lesson = taught()
    other = make.idea().owner
    make.sign_in(client, other)

    page = client.get(f"/lessons/{lesson.id}").text

    assert (SAID["otherwise"] in page, lesson.idea.reference in page, "Earlier versions" in page) == (
        True,
        False,
        False,
    )
    assert [row.reference for row in queries.list_lessons(make.actor(other), LessonFilters()).items] == [""]


def test_people_of_other_programmes_and_strangers_do_not_read_it() -> None:
    lesson = taught()
    abroad = make.programme("others")
    make.region(in_programme=abroad)
    foreign = make.actor(make.staff("manager", programme_id=abroad.id))

    for actor in (foreign, make.actor(make.person()), Actor()):
        with pytest.raises(NotThere):
            queries.find_lesson(actor, lesson.id)

    assert listed(foreign) == []


def test_whoever_declared_a_conflict_reads_nothing_of_it() -> None:
    who, lesson = make.staff("coordinator"), taught()
    make.add(Wall(idea_id=lesson.idea_id, person_id=who.id, why="affiliation:1"))
    alike = queries.find_alike_and_learnt(make.actor(who), "Reading clubs run by matric leavers")

    with pytest.raises(NotThere):
        queries.find_lesson(make.actor(who), lesson.id)

    assert (listed(make.actor(who)), alike.learnt, alike.alike) == ([], [], [])


def test_everybody_reads_it_once_its_owner_agreed_and_somebody_released_it() -> None:
    lesson, staff = taught(), coordinator()
    db.session.commit()
    with pytest.raises(Refused, match="has not agreed"):
        commands.release_lesson(staff, lesson)
    commands.offer_lesson(make.actor(lesson.idea.owner), lesson)
    with pytest.raises(Forbidden):
        commands.release_lesson(make.actor(lesson.idea.owner), lesson)

    commands.release_lesson(staff, lesson)

    assert queries.released_lessons(lesson.programme_id, 5) == [lesson]


def test_a_correction_takes_the_release_back_and_so_does_its_owner() -> None:
    lesson, staff = taught(), coordinator()
    owner = make.actor(lesson.idea.owner)
    commands.offer_lesson(owner, lesson)
    commands.release_lesson(staff, lesson)

    commands.write_lesson(staff, lesson, **{**SAID, "happened": "The transport ended."})
    corrected = lesson.released_at, lesson.agreed_at is not None
    commands.release_lesson(staff, lesson)
    commands.close_lesson(owner, lesson)

    assert corrected == (None, True)
    assert (lesson.released_at, lesson.agreed_at) == (None, None)


def test_no_word_of_a_lesson_is_in_the_log() -> None:
    lesson = taught()

    facts = " ".join(event.facts for event in list_events(f"idea:{lesson.idea_id}"))

    assert [word for word in ("taxi", "transport", "Reading clubs") if word in facts] == []


def test_the_history_of_the_idea_says_that_a_lesson_was_written(client: FlaskClient) -> None:
    review = make.scored_review()
    decide(review, "stop")
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{db.session.get_one(Review, review.id).idea.reference}").text

    assert ("What was learnt was written down." in page, DETAILS["stop"]["lesson"] in page) == (True, True)
