"""Who is told of the days on which pilots depend, and of lessons that are owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Idea
from innovation.notifications import messages, pilot_messages, recipients
from innovation.notifications.days import LONG_PAST
from innovation.pilots.incident_models import IS_OPEN, Incident
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotPermission
from innovation.pilots.queries import list_open
from innovation.pilots.readiness import OVER, days_left
from innovation.pipeline.pilot_dates import open_warnings
from innovation.reminders import around, dated, is_late, reminder, tell, today, who_runs
from workflows import UNDER_WAY

RUNS_OUT_IN = (30, 7)  # days before a permission or clearance runs out


def remind_stop_warnings() -> None:
    """Those who answer, around the day by which the first open stop warning of a pilot is to be answered."""

    def remind(number: int, day: dt.date) -> None:
        pilot = db.session.get_one(Pilot, number, options=[joinedload(Pilot.idea)])
        first = min((each.warning for each in list_open(pilot)), key=lambda each: each.answer_by)
        due = reminder(first.answer_by, first.raised_at, day, pilot.idea.programme)
        if due is not None:
            letter = messages.stop_warning(pilot.idea, [first], "stop_warning_due")
            tell(who_runs(pilot.idea), letter, f"stop:{pilot.id}:{first.id}:{due.isoformat()}")

    asked = open_warnings()
    pilots = sa.select(Pilot.id).join(asked, asked.c.pilot_id == Pilot.id).join(Pilot.idea)
    around(pilots.where(Idea.standing.in_(UNDER_WAY)), asked.c.answer_by, remind)


def remind_incidents() -> None:
    """Those who settle, around the day by which an incident of a pilot is to be settled."""

    def remind(number: int, day: dt.date) -> None:
        load = [joinedload(Incident.pilot).joinedload(Pilot.idea)]
        found = db.session.get_one(Incident, number, options=load)
        due = reminder(found.settle_by, found.reported_at, day, found.idea.programme)
        if due is not None:
            letter = pilot_messages.incident(found, "incident_due")
            tell(who_runs(found.idea), letter, f"incident:{found.id}:{due.isoformat()}")

    owed = sa.select(Incident.id).join(Incident.pilot).join(Pilot.idea).where(IS_OPEN)
    around(owed.where(Idea.standing.in_(UNDER_WAY)), Incident.settle_by, remind)


def remind_lessons() -> None:
    """Owners of ideas that have ended, around the day by which their lesson is due; coordinators once it is late."""

    def remind(number: int, day: dt.date) -> None:
        lesson = db.session.get_one(Lesson, number, options=[joinedload(Lesson.idea)])
        due = reminder(lesson.due_on, lesson.ended_at, day, lesson.idea.programme)
        if due is not None and lesson.due_on is not None:
            letter = messages.lesson_owed(lesson, overdue=lesson.due_on < day)
            tell(recipients.owner(lesson.idea), letter, f"lesson:{lesson.id}:{due.isoformat()}")
            if is_late(lesson.due_on, lesson.idea, day):
                tell(who_runs(lesson.idea), letter, f"late:lesson:{lesson.id}")

    around(sa.select(Lesson.id).where(Lesson.given_at.is_(None), Lesson.void_at.is_(None)), Lesson.due_on, remind)


def remind_permissions() -> None:
    """Owners, a month and a week before a permission or clearance runs out; when it has, the coordinators as well."""

    def remind(number: int, day: dt.date) -> None:
        loads = joinedload(PilotPermission.pilot).joinedload(Pilot.idea)
        found = db.session.get_one(PilotPermission, number, options=[loads])
        idea, left = found.pilot.idea, days_left(found, day)
        step = min((each for each in (*RUNS_OUT_IN, OVER) if left <= each), default=None)
        if step is not None:
            people = {person.id: person for person in recipients.owner(idea)}
            people |= {person.id: person for person in who_runs(idea)} if step == OVER else {}
            letter = pilot_messages.permission_due(idea, found, today=day)
            tell(people.values(), letter, f"permission:{found.id}:{found.expires_on}:{step}")

    day = today()
    granted = sa.select(PilotPermission.id).join(PilotPermission.pilot).join(Pilot.idea)
    granted = granted.where(PilotPermission.status == "granted", Pilot.state != "ended", Idea.standing.in_(UNDER_WAY))
    first, last = day - dt.timedelta(days=LONG_PAST), day + dt.timedelta(days=max(RUNS_OUT_IN))
    dated(granted, PilotPermission.expires_on, first, last, remind)


PILOT_REMINDERS: tuple[Callable[[], None], ...] = (
    remind_stop_warnings,
    remind_incidents,
    remind_lessons,
    remind_permissions,
)
