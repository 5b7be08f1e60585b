"""One report for all funders of an idea: begun, written, handed in, released once and frozen, corrected by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.commitment_models import Commitment
from innovation.funders.events import (
    CommitmentArranged,
    ReportBegun,
    ReportHandedIn,
    ReportReleased,
    ReportReturned,
)
from innovation.funders.queries.reports import day_at, figures_of, funders_of, report_facts, reports_of
from innovation.funders.report_models import FundingReport
from innovation.ideas.models import Idea
from innovation.permission import Actor
from workflows import REPORT, Refused

MOST_REPORTS, MOST_EDITIONS = 40, 9
TEXTS = ("progress", "changes", "lessons", "outlook")


@command(policy.may_write_report)
def begin_report(actor: Actor, idea: Idea, *, starts_on: dt.date, ends_on: dt.date, due_on: dt.date) -> FundingReport:
    """Begin the next report on a time; its figures fill themselves, and one is written after the other."""
    hold_row(idea)
    found = reports_of(idea)
    if not funders_of(idea):
        raise Refused(("No funder has committed anything to this idea that still stands.",))
    if any(each.state != "released" for each in found):
        raise Refused(("Another report is being written. Release it first.",))
    number = max((each.number for each in found), default=0) + 1
    if number > MOST_REPORTS:
        raise Refused((f"An idea can have {MOST_REPORTS} reports.",))
    times = {"starts_on": starts_on, "ends_on": ends_on, "due_on": due_on}
    return _begun(actor, FundingReport(idea=idea, number=number, edition=1, **times))


@command(policy.may_write_report)
def write_report(actor: Actor, report: FundingReport, **written: Any) -> FundingReport:
    """Keep what was written so far: the time it is about, when it is due, and its texts."""
    return _keep(report, **written)


@command(policy.may_write_report)
def hand_in_report(actor: Actor, report: FundingReport, **written: Any) -> FundingReport:
    """Keep what was written, and ask the programme to release it."""
    _keep(report, **written)
    report.state = REPORT.fire(report.state, "hand_in", report_facts(report, _today(report)))
    report.handed_in_by_id, report.handed_in_at, report.returned = actor.person_id, now(), ""
    record(actor, ReportHandedIn(*_about(report)))
    return report


def _keep(
    report: FundingReport, *, starts_on: dt.date, ends_on: dt.date, due_on: dt.date, **texts: str
) -> FundingReport:
    if report.state != "draft":
        raise Refused(("The report is handed in, or released: nothing of it changes any more.",))
    report.starts_on, report.ends_on, report.due_on = starts_on, ends_on, due_on
    for name in TEXTS:
        setattr(report, name, texts.get(name, ""))
    return report


@command(policy.may_release_report)
def return_report(actor: Actor, report: FundingReport, *, reason: str = "") -> FundingReport:
    """Give it back to those who write it, with what is to be changed."""
    if not reason:
        raise Refused(("Say what is to be changed.",))
    report.state = REPORT.fire(report.state, "return", report_facts(report, _today(report)))
    report.returned = reason
    record(actor, ReportReturned(*_about(report)))
    return report


@command(policy.may_release_report)
def release_report(actor: Actor, report: FundingReport, *, reason: str = "") -> FundingReport:
    """Give it to every funder as it stands now; its figures and texts never change after that."""
    day = _today(report)
    facts = report_facts(report, day)
    report.state = REPORT.fire(report.state, "release", facts)
    report.released_by_id, report.released_at = actor.person_id, now()
    report.released_as = "coordinator" if actor.holds("coordinator", report) else "manager"
    report.figures, report.revision_number = figures_of(report, day), report.idea.revision_number
    record(actor, ReportReleased(*_about(report), facts.funders, report.revision_number))
    return report


@command(policy.may_write_report)
def correct_report(actor: Actor, report: FundingReport, *, why: str) -> FundingReport:
    """Begin the next edition of what was released, with its texts; the old one stays as it is."""
    hold_row(report.idea)
    found = reports_of(report.idea)
    if report.state != "released" or any(each.state != "released" for each in found):
        raise Refused(("Another report is being written. Release it first.",))
    edition = max(each.edition for each in found if each.number == report.number) + 1
    if edition > MOST_EDITIONS:
        raise Refused((f"A report can have {MOST_EDITIONS} editions.",))
    kept = {name: getattr(report, name) for name in (*TEXTS, "starts_on", "ends_on", "due_on")}
    return _begun(actor, FundingReport(idea=report.idea, number=report.number, edition=edition, why=why, **kept))


@command(policy.may_change_commitment)
def arrange_commitment(
    actor: Actor, commitment: Commitment, *, agree_by: dt.date | None = None, named: bool = False
) -> Commitment:
    """Say until when the agreement is to be signed, and whether the other funders of the idea may read one's name."""
    commitment.agree_by, commitment.named = agree_by, named
    about = (commitment.idea_id, commitment.talk.interest_id, commitment.funder_id, commitment.id)
    record(actor, CommitmentArranged(*about, agree_by.isoformat() if agree_by else "", named))
    return commitment


def _begun(actor: Actor, report: FundingReport) -> FundingReport:
    report.begun_by_id, report.begun_at = actor.person_id, now()
    db.session.add(report)
    db.session.flush()
    record(actor, ReportBegun(*_about(report)))
    return report


def _today(report: FundingReport) -> dt.date:
    return day_at(now(), report.idea)


def _about(report: FundingReport) -> tuple[int, int, int, int]:
    return report.idea_id, report.id, report.number, report.edition
