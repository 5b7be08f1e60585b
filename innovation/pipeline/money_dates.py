"""The dates between funders and ideas, as the list of what is due has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from innovation.funders.commitment_models import Commitment, Tranche
from innovation.funders.report_models import FundingReport
from innovation.gates.queries.standing import not_walled
from innovation.ideas.models import Idea
from innovation.ideas.queries import unindexed
from innovation.permission import Actor
from innovation.pilots.models import Milestone
from workflows import UNDER_WAY

KINDS = ("milestone", "report", "agreement", "tranche")
FUND = "a fund"
"""Stands for the place of an idea where a funder's people read the row: they are told no place."""
Kind = tuple[str, sa.Select[Any], Any]
Select = Callable[[str, Any, Any], sa.Select[Any]]


def dated(actor: Actor, own: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """What is due for one's own ideas, and for the funds that one works for."""
    yield from of_ideas(actor, own)
    yield from of_funders(actor, own)
    if actor.funder_ids:
        yield from _of_commitments(actor, Commitment.funder_id.in_(sorted(actor.funder_ids)), _for_fund)


def of_ideas(actor: Actor, which: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """Milestones that are not accepted."""
    free = sa.and_(which, unindexed(Idea.standing).in_(UNDER_WAY), not_walled(actor))
    reached = _select("milestone", Milestone.due_on, Milestone.id).join(Milestone, Milestone.idea_id == Idea.id)
    yield "milestone", reached.where(Milestone.state != "accepted", free), Milestone.due_on


def in_care(actor: Actor, which: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """The same for whoever runs the programme, who reads what funds do with an idea unless they work for one."""
    yield from of_ideas(actor, which)
    if not actor.funder_ids:
        yield from of_funders(actor, which)


def of_funders(actor: Actor, which: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """Reports that are not released, agreements to be signed, and tranches of those that are."""
    free = sa.and_(which, unindexed(Idea.standing).in_(UNDER_WAY), not_walled(actor))
    owed = _select("report", FundingReport.due_on, FundingReport.id)
    owed = owed.join(FundingReport, FundingReport.idea_id == Idea.id)
    yield "report", owed.where(FundingReport.state != "released", free), FundingReport.due_on
    yield from _of_commitments(actor, which)


def _of_commitments(actor: Actor, which: sa.ColumnElement[bool], select: Select | None = None) -> Iterator[Kind]:
    free, select = sa.and_(which, not_walled(actor)), select or _select
    signed = select("agreement", Commitment.agree_by, Commitment.id).join(Commitment, Commitment.idea_id == Idea.id)
    yield "agreement", signed.where(Commitment.state == "committed", free), Commitment.agree_by
    paid = select("tranche", Tranche.due_on, Commitment.id).join(Commitment, Commitment.idea_id == Idea.id)
    paid = paid.join(Tranche, Tranche.commitment_id == Commitment.id)
    yield "tranche", paid.where(Tranche.state == "planned", Commitment.state == "agreed", free), Tranche.due_on


def _select(kind: str, when: Any, thing: Any) -> sa.Select[Any]:
    return _row(kind, when, thing, Idea.title, Idea.place)


def _for_fund(kind: str, when: Any, thing: Any) -> sa.Select[Any]:
    """Whoever reads for a fund is told no title of an idea that is not shared at the moment."""
    shared = sa.and_(Idea.listed_at.is_not(None), Idea.standing == "active")
    return _row(kind, when, thing, sa.case((shared, Idea.title), else_=""), sa.literal(FUND))


def _row(kind: str, when: Any, thing: Any, title: Any, place: Any) -> sa.Select[Any]:
    said = (when.label("due_on"), thing.label("thing"), Idea.reference, title.label("title"), place.label("place"))
    return sa.select(sa.literal(kind).label("kind"), *said).select_from(Idea)
