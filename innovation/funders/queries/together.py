"""What a programme manager plans several budgets with: the funders to be found, and the ideas that they could fund."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.funders import policy
from innovation.funders.models import Funder, Mandate
from innovation.funders.queries.browsing import Browsing, listed
from innovation.ideas.models import Idea
from innovation.ideas.queries import in_scope
from innovation.permission import Actor, NotThere

MOST_OFFERED = 200


@dataclass(frozen=True)
class Payer:
    """A funder that agreed to be found, with what it looks for now."""

    funder: Funder
    mandate: Mandate


def list_payers(actor: Actor, keys: Collection[str] | None = None) -> list[Payer]:
    """The funders that agreed to be found and have a mandate, by name; only those with certain keys, where given."""
    if not policy.may_plan_together.allows(actor):
        raise NotThere
    later = sa.orm.aliased(Mandate)
    newest = ~sa.exists().where(later.funder_id == Mandate.funder_id, later.number > Mandate.number)
    query = sa.select(Funder, Mandate).join(Mandate, Mandate.funder_id == Funder.id).where(Funder.visible, newest)
    if keys is not None:
        query = query.where(Funder.key.in_(list(keys)))
    rows = db.session.execute(query.order_by(sa.func.lower(Funder.name), Funder.id).limit(MOST_OFFERED))
    return [Payer(funder, mandate) for funder, mandate in rows]


def plannable(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` for those that this manager plans with: shared with funders, and in their charge."""
    charge = [in_scope(grant) for grant in actor.scopes("manager")]
    return sa.and_(listed(actor), sa.or_(sa.false(), *charge))


class InCharge(Browsing):
    """A funder's look at the ideas in a manager's charge."""

    def _query(self, *columns: Any) -> sa.Select[Any]:
        return super()._query(*columns).where(self._charge)

    @cached_property
    def _charge(self) -> sa.ColumnElement[bool]:
        return plannable(self.actor)


def names_of(actor: Actor, idea_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Reference and title of each idea that the manager still plans with."""
    query = sa.select(Idea.id, Idea.reference, Idea.title).where(Idea.id.in_(list(idea_ids)), plannable(actor))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
