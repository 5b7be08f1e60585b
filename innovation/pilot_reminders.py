"""Who is told of the days on which pilots depend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.gates.queries.standing import UNDER_WAY
from innovation.ideas.models import Idea
from innovation.notifications import messages, recipients
from innovation.notifications.days import LONG_PAST
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotPermission
from innovation.pilots.queries import list_open
from innovation.pilots.readiness import OVER, days_left
from innovation.pipeline.pilot_dates import open_warnings
from innovation.reminders import around, dated, reminder, tell, today, who_runs


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


RUNS_OUT_IN = (30, 7)  # days before a permission or clearance runs out


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
            letter = messages.permission_due(idea, found, today=day)
            tell(people.values(), letter, f"permission:{found.id}:{found.expires_on}:{step}")

    day = today()
    granted = sa.select(PilotPermission.id).join(PilotPermission.pilot).join(Pilot.idea)
    granted = granted.where(PilotPermission.status == "granted", Pilot.state != "ended", Idea.standing.in_(UNDER_WAY))
    first, last = day - dt.timedelta(days=LONG_PAST), day + dt.timedelta(days=max(RUNS_OUT_IN))
    dated(granted, PilotPermission.expires_on, first, last, remind)


PILOT_REMINDERS: tuple[Callable[[], None], ...] = (remind_stop_warnings, remind_permissions)
