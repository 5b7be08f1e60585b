"""Who is told of the days on which money depends: interest, milestones, tranches, mandates, agreements, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.funders import commands, freshness
from innovation.funders.commitment_models import Commitment, Tranche
from innovation.funders.models import Interest, Mandate
from innovation.funders.queries import is_open, newest_running
from innovation.funders.report_models import FundingReport
from innovation.ideas.models import Idea
from innovation.notifications import messages, recipients
from innovation.permission import SYSTEM
from innovation.pilots.models import Milestone
from innovation.reminders import (
    around,
    dated,
    for_each,
    is_late,
    local,
    past,
    read_ids,
    reminder,
    tell,
    today,
    who_runs,
    who_runs_money,
)
from workflows import UNDER_WAY


def remind_interests() -> None:
    """Owners, before an interest ends that they have not answered and can answer."""

    def remind(number: int, day: dt.date) -> None:
        found = _interest(number)
        ends = freshness.ends_on(found.shown_at)
        due = freshness.reminder_day(ends, day, freshness.ANSWER_BEFORE)
        if due is not None and day < ends and is_open(found.idea):
            letter = messages.interest_of(found, "interest_waits", day=ends)
            tell(recipients.owner(found.idea), letter, f"interest:{found.id}:{due.isoformat()}")

    _each_waiting(max(freshness.ANSWER_BEFORE), remind)


def expire_interests() -> None:
    """Interest ends that the owner has not answered in time."""

    def expire(number: int, day: dt.date) -> None:
        found = _interest(number)
        if freshness.ends_on(found.shown_at) <= day:
            commands.expire_interest(SYSTEM, found)

    _each_waiting(0, expire)


def _each_waiting(left: int, act: Callable[[int, dt.date], None]) -> None:
    day = today()
    early = Interest.shown_at < freshness.waits_since(day, left)
    waiting = sa.select(Interest.id).where(Interest.state == "shown", early).order_by(Interest.id)
    for_each(read_ids(waiting), lambda number: act(number, day), name=act.__qualname__)


def _interest(number: int) -> Interest:
    return db.session.get_one(Interest, number, options=[joinedload(Interest.idea), joinedload(Interest.funder)])


def remind_milestones() -> None:
    """Owners, around the date of a milestone that is not reached; where the team says it is, those who look at it."""

    def remind(number: int, day: dt.date) -> None:
        found = db.session.get_one(Milestone, number, options=[joinedload(Milestone.idea)])
        due = reminder(found.due_on, found.shown_at or found.planned_at, day, found.idea.programme)
        if due is not None:
            people = who_runs(found.idea) if found.state == "shown" else recipients.owner(found.idea)
            letter = messages.milestone_news(found, "milestone_due")
            tell(people, letter, f"milestone:{found.id}:{found.state}:{due.isoformat()}")

    open_ones = sa.select(Milestone.id).join(Milestone.idea)
    open_ones = open_ones.where(Milestone.state != "accepted", Idea.standing.in_(UNDER_WAY))
    around(open_ones, Milestone.due_on, remind)


def remind_tranches() -> None:
    """A funder's people, around the date of a tranche of an agreement that is not released."""

    def remind(number: int, day: dt.date) -> None:
        load = joinedload(Tranche.commitment)
        found = db.session.get_one(Tranche, number, options=[load.joinedload(Commitment.idea)])
        about = found.commitment
        due = reminder(found.due_on, about.answered_at or about.offered_at, day, about.idea.programme)
        if due is not None:
            letter = messages.money_for_funder(about.funder, about.idea, "tranche_due")
            tell(recipients.of_funder(about.funder_id, about.idea), letter, f"tranche:{found.id}:{due.isoformat()}")

    planned = sa.select(Tranche.id).join(Tranche.commitment)
    around(planned.where(Tranche.state == "planned", Commitment.state == "agreed"), Tranche.due_on, remind)


def remind_mandates() -> None:
    """Whoever keeps a funder, before what it looks for goes stale, and on the day from which it counts no more."""

    def remind(number: int, day: dt.date) -> None:
        found = db.session.get_one(Mandate, number, options=[joinedload(Mandate.programme)])
        due = freshness.reminder_day(found.stale_on, day)
        if due is not None and due >= local(found.confirmed_at):
            why = f"mandate:{found.id}:{due.isoformat()}"
            tell(recipients.keepers(found.funder_id), messages.mandate_due(found, today=day), why)

    dated(newest_running(), Mandate.stale_on, *freshness.reminded_of(today()), remind)


def remind_agreements() -> None:
    """A funder's people, around the day by which an agreement is to be signed that is not recorded."""

    def remind(number: int, day: dt.date) -> None:
        found = db.session.get_one(Commitment, number, options=[joinedload(Commitment.idea)])
        due = reminder(found.agree_by, found.answered_at or found.offered_at, day, found.idea.programme)
        if due is not None:
            letter = messages.money_for_funder(found.funder, found.idea, "agreement_due")
            tell(recipients.of_funder(found.funder_id, found.idea), letter, f"agreement:{found.id}:{due.isoformat()}")

    around(sa.select(Commitment.id).where(Commitment.state == "committed"), Commitment.agree_by, remind)


def escalate_agreements() -> None:
    """Owners and coordinators, once, when an agreement should have been signed and none is recorded."""

    def escalate(number: int, day: dt.date) -> None:
        load = [joinedload(Commitment.idea), joinedload(Commitment.funder)]
        found = db.session.get_one(Commitment, number, options=load)
        if is_late(found.agree_by, found.idea, day):
            letter = messages.agreement_late(found)
            people = {person.id: person for person in (*recipients.owner(found.idea), *who_runs_money(found.idea))}
            tell(people.values(), letter, f"late:agreement:{found.id}:{found.agree_by}")

    past(_unsigned(), Commitment.agree_by, escalate)


def _unsigned() -> sa.Select[int]:
    owed = sa.select(Commitment.id).join(Commitment.idea)
    return owed.where(Commitment.state == "committed", Idea.standing.in_(UNDER_WAY))


def remind_reports() -> None:
    """Owners of the day of a report to their funders; where it is handed in, those who release it."""

    def remind(number: int, day: dt.date) -> None:
        found = _report(number)
        due = reminder(found.due_on, found.handed_in_at or found.begun_at, day, found.idea.programme)
        if due is not None:
            people = who_runs_money(found.idea) if found.state == "ready" else recipients.owner(found.idea)
            letter = messages.report_news(found, "report_due")
            tell(people, letter, f"report:{found.id}:{found.state}:{due.isoformat()}")

    around(_owed_reports(), FundingReport.due_on, remind)


def escalate_reports() -> None:
    """Coordinators, once, when funders should have had a report and have none."""

    def escalate(number: int, day: dt.date) -> None:
        found = _report(number)
        if is_late(found.due_on, found.idea, day):
            letter = messages.report_news(found, "report_due")
            tell(who_runs_money(found.idea), letter, f"late:report:{found.id}:{found.due_on}")

    past(_owed_reports(), FundingReport.due_on, escalate)


def _owed_reports() -> sa.Select[int]:
    owed = sa.select(FundingReport.id).join(FundingReport.idea)
    return owed.where(FundingReport.state != "released", Idea.standing.in_(UNDER_WAY))


def _report(number: int) -> FundingReport:
    return db.session.get_one(FundingReport, number, options=[joinedload(FundingReport.idea)])


MONEY_REMINDERS: tuple[Callable[[], None], ...] = (
    remind_interests,
    expire_interests,
    remind_milestones,
    remind_tranches,
    remind_mandates,
    remind_agreements,
    escalate_agreements,
    remind_reports,
    escalate_reports,
)
