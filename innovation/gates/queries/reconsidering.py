"""Requests to look at a decision again: where they stand, and who answers them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.accounts.models import Account, RoleGrant
from innovation.db import db
from innovation.gates.after_models import Answerer, Reconsideration
from innovation.gates.deadlines import working_days_after
from innovation.gates.models import LEADING_ROLES, Decision, Panel, PanelMember, Review, Scorecard, Seat
from innovation.gates.queries.announcing import withheld_of
from innovation.gates.queries.finding import unseatable
from innovation.gates.queries.standing import MOST_LISTED, STAFF, WaitingItem, contributes, covered, not_walled
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere

OPEN = Reconsideration.state.in_(("asked", "taken"))
CHAIRING = (*LEADING_ROLES, "deputy")
MOST_ANSWERERS = 40


def find_reconsideration(actor: Actor, number: int) -> Reconsideration:
    """A request, for whoever is asked to answer it and for those who see the idea whole; ``NotThere`` for others."""
    asked = sa.exists().where(Answerer.reconsideration_id == Reconsideration.id, Answerer.person_id == actor.person_id)
    theirs = sa.or_(Idea.owner_id == actor.person_id, contributes(actor), covered(actor, *STAFF))
    found = db.session.scalar(
        sa.select(Reconsideration)
        .join(Reconsideration.idea)
        .where(Reconsideration.id == number, sa.or_(asked, theirs), not_walled(actor))
        .options(
            joinedload(Reconsideration.taken_by),
            selectinload(Reconsideration.answerers),
            contains_eager(Reconsideration.idea).options(
                joinedload(Idea.workflow_version), joinedload(Idea.owner), selectinload(Idea.contributors)
            ),
            joinedload(Reconsideration.decision).options(
                selectinload(Decision.conditions),
                joinedload(Decision.review).options(
                    selectinload(Review.decisions),
                    selectinload(Review.seats).selectinload(Seat.cards).selectinload(Scorecard.scores),
                ),
            ),
        )
    )
    if found is None:
        raise NotThere
    return found


def reconsideration_of(decision: Decision) -> Reconsideration | None:
    """The request to look at this decision again, or at the one that it took the place of for that reason."""
    numbers = [number for number in (decision.id, decision.supersedes_id) if number is not None]
    query = (
        sa.select(Reconsideration)
        .where(Reconsideration.decision_id.in_(numbers))
        .options(joinedload(Reconsideration.taken_by))
        .order_by(Reconsideration.id.desc())
        .limit(1)
    )
    found = db.session.scalar(query)
    return found if found and (found.decision_id == decision.id or found.state == "changed") else None


def asking_until(decision: Decision) -> dt.date | None:
    """The last day on which the owner may ask; None before the owner has been told at all."""
    withheld = withheld_of(decision)
    told = withheld.told_at if withheld else decision.announced_at
    if told is None:
        return None
    local = told.astimezone(ZoneInfo(decision.idea.programme.timezone)).date()
    return working_days_after(local, decision.idea.definition.after.asking_days, decision.idea.programme.country)


def answerers_for(decision: Decision) -> list[int]:
    """Who may look at a decision again: deputies and the other chairs of its gate, else programme managers.

    Nobody who made it, and nobody whom a tie to the idea keeps from chairing its panel.
    """
    idea, review = decision.idea, decision.review
    made_it = {decision.decided_by_id, *decision.details.get("signed_by", ())}
    seated = {seat.person_id for seat in review.seats if seat.role in CHAIRING and seat.counts and seat.cleared}
    on_panels = (
        sa.select(PanelMember.person_id)
        .join(PanelMember.panel)
        .where(
            Panel.programme_id == idea.programme_id,
            Panel.gate_key == review.gate_key,
            Panel.retired_at.is_(None),
            PanelMember.until.is_(None),
            PanelMember.role.in_(CHAIRING),
        )
    )
    chairs = (seated | set(db.session.scalars(on_panels))) - made_it
    barred = unseatable(idea, dict.fromkeys(chairs, "chair")) if chairs else {}
    found = _who_sign_in(chairs - set(barred))
    if found:
        return found
    grants = sa.select(RoleGrant.person_id).where(
        RoleGrant.role == "manager",
        RoleGrant.ended_at.is_(None),
        sa.or_(RoleGrant.programme_id.is_(None), RoleGrant.programme_id == idea.programme_id),
        sa.or_(RoleGrant.region_id.is_(None), RoleGrant.region_id == idea.region_id),
    )
    managers = set(db.session.scalars(grants)) - made_it
    barred = unseatable(idea, dict.fromkeys(managers, "observer")) if managers else {}
    return _who_sign_in(managers - set(barred))


def _who_sign_in(people: set[int]) -> list[int]:
    query = sa.select(Account.person_id).where(Account.person_id.in_(people))
    return list(
        db.session.scalars(query.where(Account.disabled_at.is_(None)).order_by(Account.id).limit(MOST_ANSWERERS))
    )


def list_reconsiderations(actor: Actor) -> list[Reconsideration]:
    """The open requests in the person's scope, what is due first on top."""
    query = (
        sa.select(Reconsideration)
        .join(Reconsideration.idea)
        .where(OPEN, covered(actor, *STAFF), not_walled(actor), Idea.owner_id != actor.person_id, ~contributes(actor))
        .options(
            joinedload(Reconsideration.taken_by),
            joinedload(Reconsideration.decision).joinedload(Decision.review),
            contains_eager(Reconsideration.idea).joinedload(Idea.workflow_version),
        )
        .order_by(Reconsideration.answer_by, Reconsideration.id)
        .limit(200)
    )
    return list(db.session.scalars(query))


def to_look_at(actor: Actor) -> sa.Select[int]:
    """The ids of requests that wait for this person: they are asked, or have taken it on, and are not of the team."""
    mine = sa.or_(
        Reconsideration.state == "asked",
        sa.and_(Reconsideration.state == "taken", Reconsideration.taken_by_id == actor.person_id),
    )
    return (
        sa.select(Reconsideration.id)
        .join(Answerer, Answerer.reconsideration_id == Reconsideration.id)
        .join(Reconsideration.idea)
        .where(Answerer.person_id == actor.person_id, mine, not_walled(actor))
        .where(Idea.owner_id != actor.person_id, ~contributes(actor))
    )


def to_reconsider(actor: Actor) -> list[WaitingItem]:
    """The same requests, the most urgent first."""
    query = (
        sa.select(Reconsideration.id, Reconsideration.answer_by, Review.gate_key, Idea.reference, Idea.title)
        .join(Reconsideration.idea)
        .join(Reconsideration.decision)
        .join(Decision.review)
        .where(Reconsideration.id.in_(to_look_at(actor)))
        .order_by(Reconsideration.answer_by)
        .limit(MOST_LISTED)
    )
    return [
        WaitingItem("reconsider", due, reference, title, gate_key, reconsideration_id=number)
        for number, due, gate_key, reference, title in db.session.execute(query)
    ]
