"""What ideas owe from conditional decisions, over all ideas that somebody coordinates or manages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, raiseload

from innovation.db import Page, db, paginate
from innovation.gates.after_models import ConditionMove
from innovation.gates.models import Condition
from innovation.gates.queries.standing import OWED_STATES, STAFF, covered, not_walled
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.values import dataclass
from workflows import UNDER_WAY


@dataclass(frozen=True)
class ConditionFilters:
    """What a list of conditions is narrowed to; without a state, those that are still owed."""

    q: str = ""
    gate: str = ""
    state: str = ""
    due: str = ""


def list_conditions_in_sight(
    actor: Actor, filters: ConditionFilters, *, page: int = 1, size: int = 20, today: dt.date
) -> Page[Condition]:
    """What is due first on top; settled ones by when they were due."""
    return paginate(_conditions(actor, filters, today), page=page, size=size)


def list_condition_rows(
    actor: Actor, filters: ConditionFilters, *, today: dt.date, limit: int = 5000
) -> list[Condition]:
    """The same conditions in the same order, for an export of exactly what is listed."""
    return list(db.session.scalars(_conditions(actor, filters, today).limit(limit)))


def _conditions(actor: Actor, filters: ConditionFilters, today: dt.date) -> sa.Select[Any]:
    states = (filters.state,) if filters.state else OWED_STATES
    query = (
        sa.select(Condition)
        .join(Condition.idea)
        .where(Condition.state.in_(states), covered(actor, *STAFF), not_walled(actor))
        .options(
            raiseload("*"),
            contains_eager(Condition.idea).joinedload(Idea.workflow_version),
            joinedload(Condition.owner),
            joinedload(Condition.settled_by),
        )
        .order_by(Condition.due_on, Condition.id)
    )
    if not filters.state:
        query = query.where(Idea.standing.in_(UNDER_WAY))
    if filters.gate:
        query = query.where(Condition.gate_key == filters.gate)
    if filters.q:
        columns = (Condition.text, Idea.title, Idea.reference)
        query = query.where(sa.or_(*(column.icontains(filters.q, autoescape=True) for column in columns)))
    return query.where(*_due(filters.due, today))


def _due(due: str, today: dt.date) -> list[sa.ColumnElement[bool]]:
    if due == "week":
        return [Condition.due_on.between(today, today + dt.timedelta(days=7))]
    if due in ("overdue", "blocking"):
        return [Condition.due_on < today, sa.true() if due == "overdue" else Condition.blocking.is_(True)]
    return []


def list_moves(idea: Idea) -> dict[int, list[ConditionMove]]:
    """How the days of an idea's conditions were moved, by condition, first move first: one query."""
    query = (
        sa.select(ConditionMove)
        .join(Condition, Condition.id == ConditionMove.condition_id)
        .where(Condition.idea_id == idea.id)
        .options(joinedload(ConditionMove.moved_by))
        .order_by(ConditionMove.id)
    )
    found: dict[int, list[ConditionMove]] = {}
    for move in db.session.scalars(query):
        found.setdefault(move.condition_id, []).append(move)
    return found
