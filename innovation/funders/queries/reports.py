"""Reading the reports of an idea to its funders, and the figures that one of them is filled with."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.db import db
from innovation.funders import policy
from innovation.funders.commitment_models import Commitment
from innovation.funders.counting import Line
from innovation.funders.models import Funder
from innovation.funders.queries.browsing import evidence_of
from innovation.funders.queries.funding import NOT_COUNTED
from innovation.funders.report_models import FundingReport
from innovation.funders.reporting import Given, Reached, frozen
from innovation.ideas.models import Idea
from innovation.ideas.queries import latest_ask
from innovation.permission import Actor, NotThere
from innovation.pilots.models import Milestone
from workflows import ReportFacts

MOST = 200
STANDS = sa.and_(
    Commitment.state.not_in(NOT_COUNTED),
    sa.or_(Commitment.amount_minor > Commitment.withdrawn_minor, Commitment.released_minor > 0),
)


# The idea's side


def reports_of(idea: Idea) -> list[FundingReport]:
    """Every edition of every report, the newest first."""
    newest = (FundingReport.number.desc(), FundingReport.edition.desc())
    query = sa.select(FundingReport).where(FundingReport.idea_id == idea.id).order_by(*newest).limit(MOST)
    return list(db.session.scalars(query.options(joinedload(FundingReport.idea))))


def find_report(actor: Actor, idea: Idea, number: int, edition: int | None = None) -> FundingReport:
    """An edition of a report, the newest without one named, for the idea's people and the programme's."""
    if not policy.may_see_funding.allows(actor, idea):
        raise NotThere
    return _edition(reports_of(idea), number, edition)


def _edition(reports: list[FundingReport], number: int, edition: int | None) -> FundingReport:
    found = (each for each in reports if each.number == number and edition in (None, each.edition))
    report = next(found, None)
    if report is None:
        raise NotThere
    return report


def funders_of(idea: Idea) -> list[Funder]:
    """Every funder with a commitment that stands, or of which something was released: those who get the reports."""
    ids = sa.select(Commitment.funder_id).where(Commitment.idea_id == idea.id, STANDS)
    return list(db.session.scalars(sa.select(Funder).where(Funder.id.in_(ids)).order_by(Funder.name, Funder.id)))


def report_facts(report: FundingReport, today: dt.date) -> ReportFacts:
    missing = tuple(name for name in ("progress", "outlook") if not getattr(report, name).strip())
    return ReportFacts(missing, len(funders_of(report.idea)), report.ends_on <= today)


# A funder's side


def released_to(funder: Funder, idea: Idea) -> list[FundingReport]:
    """The reports that this funder gets, the newest first; every edition that was released."""
    gets = sa.exists().where(Commitment.idea_id == idea.id, Commitment.funder_id == funder.id, STANDS)
    if not db.session.scalar(sa.select(gets)):
        return []
    return [each for each in reports_of(idea) if each.state == "released"]


def find_released(funder: Funder, idea: Idea, number: int, edition: int | None = None) -> FundingReport:
    return _edition(released_to(funder, idea), number, edition)


def names_of(idea: Idea) -> dict[int, str]:
    """The funders of the idea by their id."""
    return {funder.id: funder.name for funder in funders_of(idea)}


def named_beside(idea: Idea) -> dict[int, str]:
    """Those of them that agreed to be named to the others; what one says of a commitment of its own counts for it."""
    rows = db.session.execute(
        sa.select(Funder.id, Funder.name)
        .join(Commitment, Commitment.funder_id == Funder.id)
        .where(Commitment.idea_id == idea.id, Commitment.named, STANDS)
    )
    return {row.id: row.name for row in rows}


# The figures


def day_at(instant: dt.datetime, idea: Idea) -> dt.date:
    """The date of an instant where the idea's programme is."""
    return instant.astimezone(ZoneInfo(idea.programme.timezone)).date()


def figures_of(report: FundingReport, today: dt.date) -> dict[str, Any]:
    """What the report says in figures as things stand now; kept with it once it is released."""
    idea, ask = report.idea, latest_ask(report.idea)
    return frozen(
        as_of=today,
        place=idea.where.name,
        target=ask.amount_cents if ask else None,
        given=_given(report),
        milestones=_milestones(report),
        evidence=evidence_of(idea, ask) if ask else idea.evidence_level,
        evidence_accepted=idea.evidence_accepted_by_id is not None,
        sites=len(idea.pilot_plan.get("sites") or []),
        schools=ask.schools if ask else None,
        learners=ask.learners if ask else None,
        cost_per_learner=ask.cost_per_learner_cents if ask else None,
        share_q1_3=ask.share_q1_3 if ask else None,
    )


def _given(report: FundingReport) -> list[Given]:
    query = sa.select(Commitment).where(Commitment.idea_id == report.idea_id, STANDS).order_by(Commitment.id)
    found = db.session.scalars(query.options(selectinload(Commitment.tranches)).limit(MOST))
    return [Given(_line(each), _released_within(each, report)) for each in found]


def _line(each: Commitment) -> Line:
    return Line(each.funder_id, each.currency, each.in_kind, each.standing_minor, each.released_minor)


def _released_within(each: Commitment, report: FundingReport) -> int:
    return sum(
        tranche.amount_minor
        for tranche in each.tranches
        if tranche.state == "released"
        and tranche.released_on is not None
        and report.starts_on <= tranche.released_on <= report.ends_on
    )


def _milestones(report: FundingReport) -> list[Reached]:
    query = sa.select(Milestone).where(Milestone.idea_id == report.idea_id).options(selectinload(Milestone.files))
    found = db.session.scalars(query.order_by(Milestone.due_on, Milestone.id).limit(MOST))
    return [_reached(each, report) for each in found]


def _reached(each: Milestone, report: FundingReport) -> Reached:
    accepted = day_at(each.judged_at, report.idea) if each.state == "accepted" and each.judged_at else None
    lately = accepted is not None and report.starts_on <= accepted <= report.ends_on
    shown = each.evidence if each.state in ("shown", "accepted") else ""
    return Reached(each.title, each.due_on, each.state, accepted, lately, shown, len(each.files) if shown else 0)
