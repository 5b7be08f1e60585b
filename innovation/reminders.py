"""Who is told of a date before it comes and after it has passed: one notice for each person, thing and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Person
from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.gates import commands as gate_commands
from innovation.gates import queries as gates
from innovation.gates.after_models import Reconsideration, Waiver, WithheldDecision
from innovation.gates.models import Condition, Review
from innovation.gates.queries.standing import OPEN_STATES, OWED_STATES
from innovation.ideas.models import Idea
from innovation.meetings.models import Attendee, Meeting
from innovation.notifications import messages, post, recipients
from innovation.notifications.days import ESCALATED_AFTER, FURTHEST, LONG_PAST, escalation_day, reminder_day
from innovation.notifications.post import Letter
from innovation.notifications.recipients import who_runs as who_runs
from innovation.notifications.recipients import who_runs_money as who_runs_money
from innovation.programmes.models import Programme
from workflows import UNDER_WAY, Refused

logger = structlog.get_logger()


def today() -> dt.date:
    """The date where the programme is."""
    return local(now())


def here() -> dt.datetime:
    """This moment where the programme is."""
    return now().astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone))


def local(at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone)).date()


# At gates


def remind_seats() -> None:
    """Members who still have to declare or score, around the date that their review is due."""

    def remind(review_id: int, day: dt.date) -> None:
        review = db.session.get_one(Review, review_id, options=[joinedload(Review.idea)])
        due = reminder(review.due_on, review.convened_at, day, review.idea.programme)
        if due is None or review.due_on is None or review.idea.standing != "active":
            return
        letter = messages.seat_due(review, overdue=review.due_on < day)
        for seat in gates.list_owing_seats(review):
            post.notify(seat.person, letter, why=f"seat:{seat.id}:{due.isoformat()}")

    around(sa.select(Review.id).where(Review.state.in_(OPEN_STATES)), Review.due_on, remind)


def escalate_reviews() -> None:
    """Coordinators, once, when a panel is late, with who still has to declare or score."""

    def escalate(review_id: int, day: dt.date) -> None:
        review = db.session.get_one(Review, review_id, options=[joinedload(Review.idea)])
        if review.idea.standing != "active" or review.settled_at is not None:
            return
        if is_late(review.due_on, review.idea, day):  # who sits for one's own idea is not one's own to chase
            letter = messages.panel_late(review, gates.list_owing_seats(review))
            tell(who_runs(review.idea), letter, f"late:review:{review.id}:{review.due_on}")

    past(sa.select(Review.id).where(Review.state.in_(OPEN_STATES)), Review.due_on, escalate)


def remind_ideas() -> None:
    """Owners of the date by which the work at their stage is due; coordinators where no panel has been convened."""

    def remind(idea_id: int, day: dt.date) -> None:
        idea = db.session.get_one(Idea, idea_id)
        due = reminder(idea.due_on, idea.place_since, day, idea.programme)
        if due is None or idea.due_on is None:
            return
        at_gate = idea.definition.gate_at(idea.place) is not None
        people = recipients.coordinators(idea) if at_gate else recipients.owner(idea)
        tell(people, messages.idea_due(idea, today=day), f"idea:{idea.id}:{due.isoformat()}")

    waiting = sa.select(Idea.id).where(Idea.standing == "active", ~gates.has_open_review())
    around(waiting, Idea.due_on, remind)


def remind_meetings() -> None:
    """Whoever is asked to a meeting, before it; who planned and who chairs it, where nobody opened it on its day."""

    def remind(meeting_id: int, day: dt.date) -> None:
        load = (joinedload(Meeting.programme), selectinload(Meeting.attendees).joinedload(Attendee.person))
        meeting = db.session.get_one(Meeting, meeting_id, options=load)
        due = reminder(meeting.day, meeting.planned_at, day, meeting.programme)
        if due is None:
            return
        over = meeting.day < day
        asked = [each.person for each in (meeting.leading if over else meeting.attendees) if each.comes]
        planner = db.session.get(Person, meeting.planned_by_id) if over and meeting.planned_by_id else None
        letter = messages.meeting(meeting, "meeting_not_held" if over else "meeting_soon")
        tell([*asked, *([planner] if planner else [])], letter, f"meeting:{meeting.id}:{due.isoformat()}")

    around(sa.select(Meeting.id).where(Meeting.state == "planned"), Meeting.starts_at, remind)


# After a decision


def remind_conditions() -> None:
    """Whoever owes a condition, around the date that it is due; where evidence is in, those who check it."""

    def remind(condition_id: int, day: dt.date) -> None:
        load = [joinedload(Condition.idea), joinedload(Condition.decision)]
        found = db.session.get_one(Condition, condition_id, options=load)
        offered = gates.offered_at(found) if found.state == "offered" else None
        due = reminder(found.due_on, offered or found.decision.decided_at, day, found.idea.programme)
        if due is not None and found.state == "offered":
            letter = messages.evidence_due(found, today=day)
            tell(who_runs(found.idea), letter, f"evidence:{found.id}:{due.isoformat()}")
        elif due is not None:
            tell(
                recipients.owing(found),
                messages.condition_due(found, today=day),
                f"condition:{found.id}:{due.isoformat()}",
            )

    owed = sa.select(Condition.id).join(Condition.idea)
    owed = owed.where(Condition.state.in_(OWED_STATES), Idea.standing.in_(UNDER_WAY))
    around(owed, Condition.due_on, remind)


def escalate_conditions() -> None:
    """Coordinators, once, when what a decision asked for is late."""

    def escalate(condition_id: int, day: dt.date) -> None:
        load = [joinedload(Condition.idea), joinedload(Condition.owner)]
        found = db.session.get_one(Condition, condition_id, options=load)
        if found.idea.standing in UNDER_WAY and is_late(found.due_on, found.idea, day):
            letter = messages.condition_late(found)
            tell(recipients.coordinators(found.idea), letter, f"late:condition:{found.id}:{found.due_on}")

    past(sa.select(Condition.id).where(Condition.state == "open"), Condition.due_on, escalate)


def remind_announcements() -> None:
    """Who chairs, and the coordinators, of the day by which a team is to be told what its panel has decided."""

    def remind(withheld_id: int, day: dt.date) -> None:
        found, idea = _withheld(withheld_id)
        due = reminder(found.tell_by, found.decided_at, day, idea.programme)
        if due is not None:
            letter = messages.announcement_due(found, today=day)
            tell(_announcing(found), letter, f"announcement:{found.id}:{due.isoformat()}")

    around(gates.owed_announcements(), WithheldDecision.tell_by, remind)


def escalate_announcements() -> None:
    """Coordinators, once, when a team should have been told and was not."""

    def escalate(withheld_id: int, day: dt.date) -> None:
        found, idea = _withheld(withheld_id)
        if is_late(found.tell_by, idea, day):
            tell(who_runs(idea), messages.announcement_late(found), f"late:announcement:{found.id}:{found.tell_by}")

    past(gates.owed_announcements(), WithheldDecision.tell_by, escalate)


def remind_reconsiderations() -> None:
    """Whoever has taken it on to look at a decision again; else all who are asked."""

    def remind(number: int, day: dt.date) -> None:
        asked = _reconsideration(number)
        due = reminder(asked.answer_by, asked.asked_at, day, asked.idea.programme)
        if due is not None:
            letter = messages.reconsideration_due(asked, today=day)
            tell(recipients.answering(asked), letter, f"reconsideration:{asked.id}:{due.isoformat()}")

    around(gates.open_reconsiderations(), Reconsideration.answer_by, remind)


def escalate_reconsiderations() -> None:
    """Coordinators, once, when an owner has got no answer; at once where nobody is there who could give one."""

    def escalate(number: int, day: dt.date) -> None:
        asked = _reconsideration(number)
        if not recipients.answering(asked):
            letter = messages.reconsideration(asked, "reconsideration_unanswered")
            tell(who_runs(asked.idea), letter, f"unanswered:reconsideration:{asked.id}:{asked.version}")
        elif is_late(asked.answer_by, asked.idea, day):
            letter = messages.reconsideration(asked, "reconsideration_late")
            tell(who_runs(asked.idea), letter, f"late:reconsideration:{asked.id}:{asked.answer_by}")

    _each(read_ids(gates.open_reconsiderations()), escalate)


# Before a gate


def remind_waivers() -> None:
    """Whom the process names, of a request that waits, around the day by which its idea is to be presented."""

    def remind(number: int, day: dt.date) -> None:
        waiver, due = _waiver(number, day)
        if due is not None:
            asked = gates.as_asked(waiver)
            people = recipients.to_waive(asked) or who_runs(waiver.idea)
            tell(people, messages.waiver_due(asked, today=day), f"waiver:{waiver.id}:{due.isoformat()}")

    around(_asked_waivers(), Idea.due_on, remind)


def escalate_waivers() -> None:
    """Coordinators, once, when a request has got no answer and the day has passed."""

    def escalate(number: int, day: dt.date) -> None:
        waiver, _due = _waiver(number, day)
        if gate_commands.still_ahead(waiver) and is_late(waiver.idea.due_on, waiver.idea, day):
            letter = messages.waiver_due(gates.as_asked(waiver), today=day)
            tell(who_runs(waiver.idea), letter, f"late:waiver:{waiver.id}:{waiver.idea.due_on}")

    past(_asked_waivers(), Idea.due_on, escalate)


# Money


def _asked_waivers() -> sa.Select[int]:
    return sa.select(Waiver.id).join(Waiver.idea).where(Waiver.state == "asked", Idea.standing == "active")


def _waiver(number: int, day: dt.date) -> tuple[Waiver, dt.date | None]:
    """A request with the day on which it is to be reminded of; none where nobody can answer it any more."""
    waiver = db.session.get_one(Waiver, number, options=[joinedload(Waiver.idea)])
    due = reminder(waiver.idea.due_on, waiver.asked_at, day, waiver.idea.programme)
    return waiver, due if gate_commands.still_ahead(waiver) else None


def _withheld(number: int) -> tuple[WithheldDecision, Idea]:
    load = [joinedload(WithheldDecision.review), joinedload(WithheldDecision.idea)]
    found = db.session.get_one(WithheldDecision, number, options=load)
    return found, found.idea


def _reconsideration(number: int) -> Reconsideration:
    load = [joinedload(Reconsideration.idea), selectinload(Reconsideration.answerers)]
    return db.session.get_one(Reconsideration, number, options=load)


# Who, and when


def _announcing(withheld: WithheldDecision) -> list[Person]:
    """Who chairs the panel that has decided, and the coordinators; nobody of the team, which does not know."""
    review, team = withheld.review, {person.id for person in recipients.team(withheld.idea)}
    chairs = recipients.seated(review, [seat.id for seat in review.leading if seat.cleared])
    return [person for person in chairs if person.id not in team] + who_runs(withheld.idea)


def tell(people: Iterable[Person], letter: Letter, why: str) -> None:
    for person in people:
        post.notify(person, letter, why=why)


def reminder(
    due: dt.date | None, began: dt.datetime, day: dt.date, programme: Programme, **days: tuple[int, ...]
) -> dt.date | None:
    """The reminder day that has come for something that began at an instant; days before that are not made up for.

    ``days`` are other days ``before`` and ``after`` than the usual ones.
    """
    found = reminder_day(due, day, programme.country, **days) if due else None
    return found if found and found >= local(began) else None


def is_late(due: dt.date | None, idea: Idea, day: dt.date) -> bool:
    return due is not None and escalation_day(due, idea.programme.country) <= day


Act = Callable[[int, dt.date], None]


def around(query: sa.Select[int], when: Any, act: Act) -> None:
    """Do it for what is due soon, or was due not long ago."""
    day = today()
    dated(query, when, day - dt.timedelta(days=LONG_PAST), day + dt.timedelta(days=FURTHEST), act)


def past(query: sa.Select[int], when: Any, act: Act) -> None:
    """Do it for what has been due for some days, but not for long."""
    last = today() - dt.timedelta(days=ESCALATED_AFTER)
    dated(query, when, last - dt.timedelta(days=LONG_PAST), last, act)


def dated(query: sa.Select[int], when: Any, first: dt.date, last: dt.date, act: Act) -> None:
    if isinstance(when.type, sa.Date):
        _each(read_ids(query.where(when.between(first, last)).order_by(when)), act)
        return
    begins, ends = (dt.datetime.combine(each, dt.time(), dt.UTC) for each in (first, last + dt.timedelta(days=1)))
    _each(read_ids(query.where(when.between(begins, ends)).order_by(when)), act)


def _each(ids: list[int], act: Act) -> None:
    day = today()
    for_each(ids, lambda found: act(found, day), name=act.__qualname__)


def for_each(ids: list[int], act: Callable[[int], None], *, name: str = "") -> None:
    """Do it for each in a transaction of its own; one that fails holds up none of the others."""
    for found in ids:
        try:
            with transaction():
                act(found)
        except Refused as refused:  # somebody was quicker
            logger.info("not_done", what=name or act.__qualname__, id=found, reasons=refused.reasons)
        except Exception:
            db.session.rollback()
            logger.exception("clock_item_failed", what=name or act.__qualname__, id=found)


def read_ids(query: sa.Select[int]) -> list[int]:
    """The ids a query finds, read without a write lock; each is then worked on in a transaction of its own."""
    db.session.rollback()
    begin_reading()
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


REMINDERS: tuple[Callable[[], None], ...] = (
    remind_seats,
    remind_ideas,
    remind_meetings,
    remind_conditions,
    remind_announcements,
    remind_reconsiderations,
    remind_waivers,
    escalate_reviews,
    escalate_conditions,
    escalate_announcements,
    escalate_reconsiderations,
    escalate_waivers,
)
