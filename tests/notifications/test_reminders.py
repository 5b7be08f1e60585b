"""Dates beside reviews and conditions: whoever can act is reminded, nobody else hears of it, and it stops when done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import time_machine

from innovation import reminders
from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.after_models import Reconsideration, WithheldDecision
from innovation.gates.models import Decision, Review
from innovation.meetings import commands as meetings
from innovation.notifications.models import Notice
from innovation.permission import SYSTEM
from innovation.pipeline import work
from innovation.pipeline.due import DueFilters, list_due
from tests import make
from tests.gates.deciding import chair_of, decide, owed
from tests.meetings.sitting import Sitting

pytestmark = pytest.mark.usefixtures("app")
MONDAY = dt.datetime(2026, 11, 2, 6, tzinfo=dt.UTC)  # nothing is closed in South Africa for weeks


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def signs_in(person: Person, name: str) -> Person:
    person.name = name
    make.account(person)
    db.session.commit()
    return person


def told_on(day: dt.date, *work: Callable[[], None]) -> list[str]:
    """Who is told for the first time on a day, in which words."""
    known = db.session.scalar(sa.select(sa.func.max(Notice.id))) or 0
    with time_machine.travel(dt.datetime.combine(day, dt.time(6), dt.UTC), tick=False):
        for each in (*work, *work):
            each()
    fresh = sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id)
    rows = db.session.execute(fresh.where(Notice.id > known).order_by(Person.name, Notice.id))
    return [f"{name}: {subject}" for name, subject in rows]


def due_for(person: Person) -> list[tuple[str, dt.date]]:
    page = list_due(make.actor(person), DueFilters(), today=MONDAY.date())
    return [(item.kind, item.due_on) for item in page.items]


def tasks_of(person: Person) -> list[tuple[str, dt.date | None]]:
    from flask import current_app

    with current_app.test_request_context():
        return [(task.text, task.due_on) for task in work.list_tasks(make.actor(person), MONDAY.date())]


def withheld() -> tuple[Review, WithheldDecision]:
    review = make.scored_review(size=3, of=make.idea(place="at_screening", title="Reading clubs"))
    signs_in(review.leading[0].person, "Chair")
    signs_in(make.staff("coordinator"), "Coordinator")
    make.account(review.idea.owner)
    decide(review, "go", announce="later")
    found = queries.withheld_decision(review)
    assert found is not None
    return review, found


ANNOUNCING = (reminders.remind_announcements, reminders.escalate_announcements)


def test_chair_and_coordinator_are_reminded_to_announce_and_the_team_hears_nothing() -> None:
    _review, found = withheld()
    tell_by = found.tell_by
    days = [tell_by - dt.timedelta(days=n) for n in (8, 7, 2, -1, -2, -3)]

    told = [told_on(day, *ANNOUNCING) for day in days]

    due = f"Due on {tell_by.day} {tell_by:%b %Y}: tell what the panel decided about “Reading clubs”"
    late = "Overdue: tell what the panel decided about “Reading clubs”"
    both = [[f"{who}: {text}" for who in ("Chair", "Coordinator")] for text in (due, due, late)]
    assert told == [[], *both, [], ["Coordinator: Late: nobody has told the team of “Reading clubs”"]]


def test_nobody_is_reminded_once_the_team_has_been_told_at_last() -> None:
    review, found = withheld()
    commands.move_silently(chair_of(review), review, reason="The owner is on leave.")
    still = told_on(found.tell_by - dt.timedelta(days=2), *ANNOUNCING)
    commands.tell_team(chair_of(review), review)

    assert len(still) == 2  # the coordinator and the chair: the idea moved in silence
    assert told_on(found.tell_by + dt.timedelta(days=4), *ANNOUNCING) == []


def test_a_decision_to_announce_or_to_tell_stands_where_dates_stand_and_in_no_list_of_the_team() -> None:
    review, found = withheld()
    chair, owner = review.leading[0].person, review.idea.owner
    coordinator = signs_in(make.staff("coordinator"), "Coordinator")
    before = [due_for(chair), due_for(coordinator), due_for(owner)]
    to_do = [tasks_of(chair), tasks_of(coordinator)]

    commands.move_silently(chair_of(review), review, reason="The owner is on leave.")

    assert before == [[("announcement", found.tell_by)], [("announcement", found.tell_by)], []]
    assert to_do == [[("Announce what the panel has decided", found.tell_by)]] * 2
    assert ("Tell the team what was decided", found.tell_by) in tasks_of(coordinator)


def asked() -> tuple[Reconsideration, Person]:
    """A request about a decision that a panel has made, and the chair of another panel, who is asked."""
    idea = make.idea(make.person("Owner"), place="at_screening", standing="stopped", title="Reading clubs")
    panel = make.panel("screening")
    about = {"idea_id": idea.id, "panel_id": panel.id, "gate_key": "screening", "revision_id": 1, "quorum": 3}
    review = make.add(Review(**about, round=1, state="decided"))
    make.add(Decision(review_id=review.id, idea_id=idea.id, outcome="stop", rationale="No.", announced_at=MONDAY))
    other = next(member.person for member in panel.members if member.role == "chair")
    signs_in(other, "Other chair")
    signs_in(make.staff("coordinator"), "Coordinator")
    found = commands.ask_reconsideration(make.actor(review.idea.owner), review, grounds="An old budget.")
    return found, other


ANSWERING = (reminders.remind_reconsiderations, reminders.escalate_reconsiderations)


def test_whoever_is_to_answer_an_owner_is_reminded_and_the_coordinator_told_when_it_is_late() -> None:
    found, _other = asked()
    by = found.answer_by

    told = [told_on(by - dt.timedelta(days=n), *ANSWERING) for n in (7, 2, -3)]

    due = f"Other chair: Due on {by.day} {by:%b %Y}: an answer about “Reading clubs”"
    assert told[:2] == [[due], [due]]
    assert told[2] == [
        "Coordinator: Late: the owner of “Reading clubs” has no answer",
        "Other chair: Overdue: your answer about “Reading clubs”",
    ]


def test_an_answer_ends_the_reminders_and_the_dates() -> None:
    found, other = asked()
    listed = [due_for(other), due_for(found.idea.owner)]
    commands.take_reconsideration(make.actor(other), found)
    commands.uphold_decision(make.actor(other), found, answer="It was read well.")

    told = told_on(found.answer_by + dt.timedelta(days=3), *ANSWERING)

    assert (listed, told) == ([[("reconsideration", found.answer_by)]] * 2, [])
    assert due_for(other) == []


def test_who_is_named_to_waive_is_reminded_before_the_idea_is_to_be_presented() -> None:
    due = MONDAY.date() + dt.timedelta(days=9)
    idea = make.idea(make.person("Owner"), place="concept", due_on=due, place_since=MONDAY, title="Reading clubs")
    chair = signs_in(next(m.person for m in make.panel("pilot", 5).members if m.role == "chair"), "Chair")
    signs_in(make.staff("coordinator"), "Coordinator")
    waiver = commands.ask_waiver(make.actor(idea.owner), idea, what="pilot/budget", grounds="The district pays.")
    both = (reminders.remind_waivers, reminders.escalate_waivers)

    told = [told_on(due - dt.timedelta(days=n), *both) for n in (7, -5)]
    listed = due_for(chair)
    commands.answer_waiver(make.actor(chair), queries.as_asked(waiver), answer="refused", reason="It is needed.")

    late = "Overdue: a request for a waiver for “Reading clubs”"
    assert told == [
        ["Chair: A waiver for “Reading clubs” waits for an answer"],
        [f"Chair: {late}", f"Coordinator: {late}"],
    ]
    assert (listed, due_for(chair)) == ([("waiver", due)], [])


def test_a_waiver_that_nobody_can_answer_any_more_reminds_nobody() -> None:
    due = MONDAY.date() + dt.timedelta(days=2)
    idea = make.idea(make.person("Owner"), place="concept", due_on=due, place_since=MONDAY)
    chair = signs_in(next(m.person for m in make.panel("pilot", 5).members if m.role == "chair"), "Chair")
    commands.ask_waiver(make.actor(idea.owner), idea, what="pilot/budget", grounds="The district pays.")
    idea.place, idea.place_since = "at_pilot", MONDAY + dt.timedelta(hours=1)
    db.session.commit()

    assert (told_on(due, reminders.remind_waivers), due_for(chair)) == ([], [])


def test_evidence_that_was_handed_in_reminds_those_who_check_it_and_no_longer_who_owed_it() -> None:
    condition = owed()
    condition.idea.title = "Reading clubs"
    signs_in(make.staff("coordinator"), "Coordinator")
    commands.offer_evidence(make.actor(condition.idea.owner), condition, text="Here is the list.")

    told = told_on(condition.due_on + dt.timedelta(days=1), reminders.remind_conditions)

    assert told == ["Coordinator: Overdue: evidence to check for “Reading clubs”"]


def meeting(days: int = 9) -> Sitting:
    table = Sitting(ideas=1, starts_at=MONDAY + dt.timedelta(days=days, hours=3))
    table.coordinator.name = "Coordinator"
    db.session.commit()
    return table


def test_who_is_asked_to_a_meeting_is_reminded_of_it_but_not_who_sent_apologies() -> None:
    table = meeting()
    meetings.say_presence(table.act("deputy"), table.meeting, what="apologies")

    told = told_on(table.meeting.day - dt.timedelta(days=7), reminders.remind_meetings)

    assert [line.split(":")[0] for line in told] == ["Chair", "Government", "Practitioner", "Secretary"]


def test_who_prepares_a_meeting_that_nobody_opened_is_asked_what_became_of_it() -> None:
    table = meeting()

    told = told_on(table.meeting.day + dt.timedelta(days=1), reminders.remind_meetings)

    assert told == ["Chair: Was it held? Screening meeting", "Coordinator: Was it held? Screening meeting"]


def test_a_meeting_stands_in_the_dates_and_the_work_of_whoever_is_asked_and_of_nobody_else() -> None:
    table = meeting()
    day = table.meeting.day

    listed = [
        [item for item in due_for(who) if item[0] == "meeting"] for who in (*table.people.values(), make.person())
    ]

    assert listed == [[("meeting", day)]] * len(table.people) + [[]]
    assert ("Take part in a meeting of the panel", day) in tasks_of(table.people["chair"])


def test_a_meeting_that_was_cancelled_is_due_for_nobody() -> None:
    table = meeting()
    meetings.cancel_meeting(table.act("coordinator"), table.meeting)

    assert [item for item in due_for(table.people["chair"]) if item[0] == "meeting"] == []
    assert told_on(table.meeting.day, reminders.remind_meetings) == []


def test_seats_to_fill_and_panels_that_became_too_small_are_work_for_the_coordinator() -> None:
    coordinator = make.staff("coordinator")
    idea, panel = make.idea(place="at_screening", title="Reading clubs"), make.panel(size=3)
    db.session.commit()
    review = commands.convene_panel(make.actor(coordinator), idea, panel_id=panel.id)
    leaver = review.seats[1].person
    make.account(leaver).disabled_at = MONDAY
    db.session.commit()
    to_fill = tasks_of(coordinator)

    commands.excuse_seat(SYSTEM, review.seats[1])

    assert to_fill == [("Fill the seats of somebody who can sit no longer", review.due_on)]
    assert tasks_of(coordinator) == [("Complete a panel that cannot decide as it is", review.due_on)]
