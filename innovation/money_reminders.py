"""Who is told of the day of an agreement with a funder, and of that of a report to all funders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.funders.commitment_models import Commitment
from innovation.funders.report_models import FundingReport
from innovation.gates.queries.standing import UNDER_WAY
from innovation.ideas.models import Idea
from innovation.notifications import messages, recipients
from innovation.reminders import _around, _is_late, _past, _reminder, _running, _tell


def remind_agreements() -> None:
    """A funder's people, around the day by which an agreement is to be signed that is not recorded."""

    def remind(number: int, day: dt.date) -> None:
        found = db.session.get_one(Commitment, number, options=[joinedload(Commitment.idea)])
        due = _reminder(found.agree_by, found.answered_at or found.offered_at, day, found.idea.programme)
        if due is not None:
            letter = messages.money_for_funder(found.funder, found.idea, "agreement_due")
            _tell(recipients.of_funder(found.funder_id, found.idea), letter, f"agreement:{found.id}:{due.isoformat()}")

    _around(sa.select(Commitment.id).where(Commitment.state == "committed"), Commitment.agree_by, remind)


def remind_reports() -> None:
    """Owners of the day of a report to their funders; where it is handed in, those who release it."""

    def remind(number: int, day: dt.date) -> None:
        found = _report(number)
        due = _reminder(found.due_on, found.handed_in_at or found.begun_at, day, found.idea.programme)
        if due is not None:
            people = _running(found.idea) if found.state == "ready" else recipients.owner(found.idea)
            letter = messages.report_news(found, "report_due")
            _tell(people, letter, f"report:{found.id}:{found.state}:{due.isoformat()}")

    _around(_owed_reports(), FundingReport.due_on, remind)


def escalate_reports() -> None:
    """Coordinators, once, when funders should have had a report and have none."""

    def escalate(number: int, day: dt.date) -> None:
        found = _report(number)
        if _is_late(found.due_on, found.idea, day):
            letter = messages.report_news(found, "report_due")
            _tell(_running(found.idea), letter, f"late:report:{found.id}:{found.due_on}")

    _past(_owed_reports(), FundingReport.due_on, escalate)


def _owed_reports() -> sa.Select[int]:
    owed = sa.select(FundingReport.id).join(FundingReport.idea)
    return owed.where(FundingReport.state != "released", Idea.standing.in_(UNDER_WAY))


def _report(number: int) -> FundingReport:
    return db.session.get_one(FundingReport, number, options=[joinedload(FundingReport.idea)])


MONEY_REMINDERS: tuple[Callable[[], None], ...] = (remind_agreements, remind_reports, escalate_reports)
