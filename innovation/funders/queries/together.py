"""What a programme manager plans several budgets with: the funders to be found, and the ideas that they could fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.funders import policy
from innovation.funders.facets import Filters
from innovation.funders.models import Funder, GrantBudget, GrantProgramme, Mandate
from innovation.funders.queries.browsing import Browsing, listed
from innovation.funders.queries.mandates import counts_on, live_mandates
from innovation.ideas.models import Idea
from innovation.ideas.queries import in_scope
from innovation.permission import Actor, NotThere
from innovation.values import dataclass

MOST_OFFERED = 200
OWN_CURRENCY = "ZAR"  # in which ideas ask


@dataclass(frozen=True)
class Payer:
    """A funder that agreed to be found, with what it looks for now in each of its programmes."""

    funder: Funder
    mandates: tuple[Mandate, ...]
    budget_cents: int | None = None  # of this year, by all its programmes

    @property
    def most_cents(self) -> int | None:
        """The most that it gives to one idea; None where one of its programmes names no limit."""
        most = [each.ticket_max_cents for each in self.mandates]
        return None if None in most else max(each for each in most if each is not None)

    @property
    def least_cents(self) -> int | None:
        """The least that it gives to one idea; None where one of its programmes names no limit."""
        least = [each.ticket_min_cents for each in self.mandates]
        return None if None in least else min(each for each in least if each is not None)

    @property
    def co_funds(self) -> bool:
        return any(each.co_fund for each in self.mandates)


def list_payers(
    actor: Actor, today: dt.date, keys: Collection[str] | None = None, ids: Collection[int] | None = None
) -> list[Payer]:
    """The funders that agreed to be found and look for something now, by name; only those of keys or ids, if given."""
    if not policy.may_plan_together.allows(actor):
        raise NotThere
    counts = sa.exists().where(
        Mandate.funder_id == Funder.id,
        Mandate.programme_id == GrantProgramme.id,
        GrantProgramme.listed,
        counts_on(today),
    )
    query = sa.select(Funder).where(Funder.visibility != "hidden", counts)
    if keys is not None:
        query = query.where(Funder.key.in_(list(keys)))
    if ids is not None:
        query = query.where(Funder.id.in_(list(ids)))
    query = query.order_by(sa.func.lower(Funder.name), Funder.id).limit(MOST_OFFERED)
    funders = list(db.session.scalars(query))
    ids = [funder.id for funder in funders]
    live, budgets = live_mandates(ids, today), _budgets(ids, today.year)
    return [
        Payer(
            funder,
            tuple(each for each in live.get(funder.id, ()) if each.programme.listed),
            budgets.get(funder.id),
        )
        for funder in funders
    ]


def _budgets(funder_ids: Collection[int], year: int) -> dict[int, int]:
    """What the listed programmes of each funder can give in rand in a year, where they say so."""
    total = sa.func.sum(GrantBudget.amount_minor)
    query = sa.select(GrantProgramme.funder_id, total).join(GrantBudget, GrantBudget.programme_id == GrantProgramme.id)
    theirs = sa.and_(GrantProgramme.funder_id.in_(list(funder_ids)), GrantProgramme.listed, GrantProgramme.running)
    of_year = query.where(theirs, GrantBudget.year == year, GrantBudget.currency == OWN_CURRENCY)
    return {row[0]: int(row[1]) for row in db.session.execute(of_year.group_by(GrantProgramme.funder_id))}


def plannable(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` for those that this manager plans with: shared with funders, and in their charge."""
    charge = [in_scope(grant) for grant in actor.scopes("manager")]
    return sa.and_(listed(actor), sa.or_(sa.false(), *charge))


class InCharge(Browsing):
    """A funder's look at the ideas in a manager's charge, whatever its people have put aside or passed on: that is
    theirs alone, and a plan without those ideas would tell it."""

    def _query(self, *columns: Any) -> sa.Select[Any]:
        return super()._query(*columns).where(self._charge)

    def _around(self, filters: Filters) -> list[sa.ColumnElement[bool]]:
        return list(self._narrowing(filters).of_words)

    @cached_property
    def _charge(self) -> sa.ColumnElement[bool]:
        return plannable(self.actor)


def names_of(actor: Actor, idea_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Reference and title of each idea that the manager still plans with."""
    query = sa.select(Idea.id, Idea.reference, Idea.title).where(Idea.id.in_(list(idea_ids)), plannable(actor))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
