"""Reading grant programmes with what they look for: which of it counts on a day, and which has gone stale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.funders.freshness import BEFORE
from innovation.funders.models import Funder, GrantBudget, GrantProgramme, Mandate
from innovation.permission import NotThere
from innovation.values import dataclass

later = sa.orm.aliased(Mandate)
NEWEST_MANDATE = ~sa.exists().where(later.programme_id == Mandate.programme_id, later.number > Mandate.number)


@dataclass(frozen=True)
class Giving:
    """A grant programme with the newest version of its mandate; None before there is one."""

    programme: GrantProgramme
    mandate: Mandate | None

    def counts(self, today: dt.date) -> bool:
        """Whether ideas are matched with it."""
        return self.programme.running and self.mandate is not None and not self.is_stale(today)

    def is_stale(self, today: dt.date) -> bool:
        return self.mandate is not None and self.mandate.stale_on <= today

    def is_due(self, today: dt.date) -> bool:
        """Whether it is to be confirmed: stale already, or soon."""
        last = today + dt.timedelta(days=max(BEFORE))
        return self.programme.running and self.mandate is not None and self.mandate.stale_on <= last


def list_givings(funder_ids: Iterable[int]) -> dict[int, list[Giving]]:
    """The programmes of each funder that has any, oldest first; one query for all of them."""
    rows = db.session.execute(
        sa.select(GrantProgramme, Mandate)
        .outerjoin(Mandate, sa.and_(Mandate.programme_id == GrantProgramme.id, NEWEST_MANDATE))
        .where(GrantProgramme.funder_id.in_(list(funder_ids)))
        .order_by(GrantProgramme.id)
    )
    found: dict[int, list[Giving]] = {}
    for programme, mandate in rows:
        found.setdefault(programme.funder_id, []).append(Giving(programme, mandate))
    return found


def givings_of(funder: Funder) -> list[Giving]:
    return list_givings([funder.id]).get(funder.id, [])


def live_mandates(funder_ids: Iterable[int], today: dt.date) -> dict[int, list[Mandate]]:
    """What each funder looks for on a day: of every running programme the newest version, unless it is stale.

    A funder of whom nothing counts is left out. Each mandate has its ``programme`` read.
    """
    mandates = db.session.scalars(
        sa.select(Mandate)
        .join(Mandate.programme)
        .options(contains_eager(Mandate.programme))
        .where(GrantProgramme.funder_id.in_(list(funder_ids)), counts_on(today))
        .order_by(Mandate.programme_id)
    )
    found: dict[int, list[Mandate]] = {}
    for mandate in mandates:
        found.setdefault(mandate.funder_id, []).append(mandate)
    return found


def counts_on(today: dt.date) -> sa.ColumnElement[bool]:
    """The condition on ``Mandate`` and its ``GrantProgramme`` that ideas are matched with it."""
    return sa.and_(NEWEST_MANDATE, GrantProgramme.running, Mandate.stale_on > today)


def newest_running() -> sa.Select[int]:
    """The ids of the newest version of every running programme's mandate."""
    return sa.select(Mandate.id).join(Mandate.programme).where(NEWEST_MANDATE, GrantProgramme.running)


def matched(givings: Iterable[Giving], today: dt.date, only: str = "") -> tuple[Mandate, ...] | None:
    """With what ideas are matched on a day, of all programmes or the one of a key; None where nothing was ever said."""
    known = [each for each in givings if only in ("", each.programme.key)]
    if only and not known:
        raise NotThere
    said = [each for each in known if each.mandate is not None]
    return tuple(each.mandate for each in said if each.mandate and each.counts(today)) if said else None


def mandates_for(funder: Funder, today: dt.date, only: str = "") -> tuple[Mandate, ...] | None:
    """With what ideas are matched for a funder on a day: what ``Browsing`` takes."""
    return matched(givings_of(funder), today, only)


def find_grant(funder: Funder, key: str) -> GrantProgramme:
    """A funder's programme with its budgets."""
    found = db.session.scalar(
        sa.select(GrantProgramme)
        .where(GrantProgramme.funder_id == funder.id, GrantProgramme.key == key)
        .options(selectinload(GrantProgramme.budgets))
    )
    if found is None:
        raise NotThere
    return found


def list_budgets(funder: Funder) -> dict[int, list[GrantBudget]]:
    """What each programme of the funder can give, by year, and by the id of the programme."""
    rows = db.session.scalars(
        sa.select(GrantBudget)
        .join(GrantProgramme, GrantProgramme.id == GrantBudget.programme_id)
        .where(GrantProgramme.funder_id == funder.id)
        .order_by(GrantBudget.year, GrantBudget.currency)
    )
    found: dict[int, list[GrantBudget]] = {}
    for each in rows:
        found.setdefault(each.programme_id, []).append(each)
    return found


def find_mandate(funder: Funder, mandate_id: int) -> Mandate:
    found = db.session.get(Mandate, mandate_id)
    if found is None or found.funder_id != funder.id:
        raise NotThere
    return found


def list_mandates(programme: GrantProgramme, limit: int = 50) -> list[tuple[Mandate, str]]:
    """The versions of a programme's mandate, newest first, each with the name of who made it."""
    rows = db.session.execute(
        sa.select(Mandate, Person.name)
        .outerjoin(Person, Person.id == Mandate.made_by_id)
        .where(Mandate.programme_id == programme.id)
        .order_by(Mandate.number.desc())
        .limit(limit)
    )
    return [(mandate, name or "") for mandate, name in rows]


def to_confirm(funder_ids: Iterable[int], today: dt.date, limit: int = 20) -> list[Mandate]:
    """The mandates of these funders that have gone stale or soon will, the soonest first, each with its programme."""
    last = today + dt.timedelta(days=max(BEFORE))
    return list(
        db.session.scalars(
            sa.select(Mandate)
            .join(Mandate.programme)
            .options(contains_eager(Mandate.programme).joinedload(GrantProgramme.funder))
            .where(
                GrantProgramme.funder_id.in_(list(funder_ids)),
                NEWEST_MANDATE,
                GrantProgramme.running,
                Mandate.stale_on <= last,
            )
            .order_by(Mandate.stale_on, Mandate.id)
            .limit(limit)
        )
    )
