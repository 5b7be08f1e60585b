"""Requests to look at a decision again: where they stand, and who answers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.db import db
from innovation.gates.after_models import Answerer, Reconsideration
from innovation.gates.deadlines import today_of, working_days_after
from innovation.gates.models import CHAIRING_ROLES, Decision, Panel, PanelMember, Review, Scorecard, Seat
from innovation.gates.queries.announcing import announceable, withheld_of
from innovation.gates.queries.finding import unseatable
from innovation.gates.queries.standing import MOST_LISTED, STAFF, WaitingItem, contributes, covered, not_walled
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere

OPEN = Reconsideration.state.in_(("asked", "taken"))
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
    idea, review, made_it = decision.idea, decision.review, _made_it(decision)
    seated = {seat.person_id for seat in review.seats if seat.role in CHAIRING_ROLES and seat.counts and seat.cleared}
    chairs = (seated | _chairing_panels(idea, Panel.gate_key == review.gate_key)) - made_it
    barred = unseatable(idea, dict.fromkeys(chairs, "chair")) if chairs else {}
    found = _who_sign_in(chairs - set(barred))
    if found:
        return found
    managers = _managing(idea) - made_it
    barred = unseatable(idea, dict.fromkeys(managers, "observer")) if managers else {}
    return _who_sign_in(managers - set(barred))


def list_nameable(asked: Reconsideration) -> dict[int, str]:
    """Who else may be asked, with their names: chairs and deputies of any panel of the programme, and its managers."""
    idea = asked.idea
    chairs, managers = _chairing_panels(idea), _managing(idea)
    barred = unseatable(idea, dict.fromkeys(managers, "observer") | dict.fromkeys(chairs, "chair"))
    known = {each.person_id for each in asked.answerers} - ({asked.taken_by_id} if asked.state == "taken" else set())
    found = _who_sign_in((chairs | managers) - set(barred) - _made_it(asked.decision) - known)
    people = sa.select(Person.id, Person.name).where(Person.id.in_(found)).order_by(Person.name)
    return {number: name for number, name in db.session.execute(people) if number != asked.taken_by_id}


def may_take_away(asked: Reconsideration, today: dt.date) -> bool:
    """Whether somebody who has taken it on has had their time, or cannot sign in any more."""
    return asked.answer_by < today or not _who_sign_in({asked.taken_by_id or 0})


def _made_it(decision: Decision) -> set[int | None]:
    return {decision.decided_by_id, *decision.details.get("signed_by", ())}


def _chairing_panels(idea: Idea, *narrowed: sa.ColumnElement[bool]) -> set[int]:
    """Chairs and deputies of the programme's panels who are in office."""
    day = today_of(idea.programme)
    in_office = sa.or_(PanelMember.term_until.is_(None), PanelMember.term_until >= day)
    query = (
        sa.select(PanelMember.person_id)
        .join(PanelMember.panel)
        .where(Panel.programme_id == idea.programme_id, Panel.retired_at.is_(None), *narrowed)
        .where(PanelMember.until.is_(None), PanelMember.role.in_(CHAIRING_ROLES), in_office)
    )
    return set(db.session.scalars(query))


def _managing(idea: Idea) -> set[int]:
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.role == "manager",
        RoleGrant.ended_at.is_(None),
        sa.or_(RoleGrant.programme_id.is_(None), RoleGrant.programme_id == idea.programme_id),
        sa.or_(RoleGrant.region_id.is_(None), RoleGrant.region_id == idea.region_id),
    )
    return set(db.session.scalars(query))


def _who_sign_in(people: Collection[int]) -> list[int]:
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


def to_name(actor: Actor) -> list[WaitingItem]:
    """Requests in a coordinator's care that nobody who is asked can answer: somebody else has to be named."""
    if not actor.has("coordinator"):
        return []
    able = sa.exists().where(
        Answerer.reconsideration_id == Reconsideration.id,
        Account.person_id == Answerer.person_id,
        Account.disabled_at.is_(None),
        sa.or_(Reconsideration.state == "asked", Answerer.person_id == Reconsideration.taken_by_id),
    )
    query = _as_waiting().where(OPEN, ~able, *announceable(actor, "coordinator"))
    return [WaitingItem("name", *row[1:], reconsideration_id=row[0]) for row in db.session.execute(query)]


def _as_waiting() -> sa.Select[int, dt.date, str, str, str]:
    query = sa.select(Reconsideration.id, Reconsideration.answer_by, Idea.reference, Idea.title, Review.gate_key)
    query = query.join(Reconsideration.idea).join(Reconsideration.decision).join(Decision.review)
    return query.order_by(Reconsideration.answer_by).limit(MOST_LISTED)


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
    query = _as_waiting().where(Reconsideration.id.in_(to_look_at(actor)))
    return [WaitingItem("reconsider", *row[1:], reconsideration_id=row[0]) for row in db.session.execute(query)]
