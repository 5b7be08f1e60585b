"""Who is told of a report to the funders of an idea: its writers, those who release it, and the people of each fund."""

from __future__ import annotations

from innovation.events import Event
from innovation.funders.queries.reports import funders_of
from innovation.funders.report_models import FundingReport
from innovation.notifications import messages, recipients
from innovation.notifications.telling.parts import tell, thing_of


def ask_to_release_report(event: Event) -> None:
    report = _report(event)
    tell(event, "release", recipients.who_runs_money(report.idea), messages.report_news(report, event.kind))


def tell_report_writers(event: Event) -> None:
    report = _report(event)
    tell(event, "writers", recipients.team(report.idea), messages.report_news(report, event.kind))


def send_report(event: Event) -> None:
    """The people of every funder that gets it; none of them learns here of another."""
    report = _report(event)
    for funder in funders_of(report.idea):
        people = recipients.of_funder(funder.id, report.idea)
        tell(event, f"report:{funder.id}", people, messages.report_for_funder(funder, report))


def _report(event: Event) -> FundingReport:
    found: FundingReport = thing_of(event, FundingReport, "report_id", FundingReport.idea)
    return found
