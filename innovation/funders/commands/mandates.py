"""What keepers of a funder do with its grant programmes and with what each of them looks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.funders import freshness, policy
from innovation.funders.codes import FIRST_PROGRAMME
from innovation.funders.commands.profiles import slug_of
from innovation.funders.events import GrantProgrammeChanged, GrantProgrammeMade, MandateChanged, MandateConfirmed
from innovation.funders.models import Funder, GrantBudget, GrantProgramme, Mandate
from innovation.permission import Actor
from workflows import Refused

RESERVED = {"new"}
Budgets = Sequence[tuple[int, int, str]]  # year, amount in minor units, currency


@command(policy.may_make_grant)
def make_grant(actor: Actor, funder: Funder, *, name: str, budgets: Budgets = (), **profile: Any) -> GrantProgramme:
    """Add a way in which the funder gives; ``profile`` are the columns of ``GrantProgramme``."""
    _require_other_name(funder.id, name)
    grant = GrantProgramme(funder_id=funder.id, key=_free_key(funder.id, name), name=name, **profile)
    db.session.add(grant)
    db.session.flush()
    _set_budgets(grant, budgets)
    record(actor, GrantProgrammeMade(funder.id, grant.id))
    return grant


@command(policy.may_change_grant)
def change_grant(actor: Actor, grant: GrantProgramme, *, name: str, budgets: Budgets = (), **profile: Any) -> Any:
    """Change the programme; ``budgets`` are those of all years."""
    _require_other_name(grant.funder_id, name, but=grant.id)
    for field, value in {"name": name, **profile}.items():
        setattr(grant, field, value)
    flag_modified(grant, "name")
    _set_budgets(grant, budgets)
    record(actor, GrantProgrammeChanged(grant.funder_id, grant.id))
    return grant


def _require_other_name(funder_id: int, name: str, but: int = 0) -> None:
    same = sa.exists().where(
        GrantProgramme.funder_id == funder_id,
        sa.func.lower(GrantProgramme.name) == name.lower(),
        GrantProgramme.id != but,
    )
    if db.session.scalar(sa.select(same)):
        raise Refused(("There is a programme of this name already.",))


def _free_key(funder_id: int, name: str) -> str:
    """A key for addresses, made from a name, that no other programme of the funder has."""
    base = slug_of(name) or "programme"
    taken = {*db.session.scalars(sa.select(GrantProgramme.key).where(GrantProgramme.funder_id == funder_id)), *RESERVED}
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken)


def _set_budgets(grant: GrantProgramme, budgets: Budgets) -> None:
    """Those that are named are written, the others are gone."""
    there = {(each.year, each.currency): each for each in grant.budgets}
    for year, amount, currency in budgets:
        kept = there.pop((year, currency), None)
        if kept is None:
            grant.budgets.append(GrantBudget(year=year, amount_minor=amount, currency=currency))
        else:
            kept.amount_minor = amount
    for each in there.values():
        grant.budgets.remove(each)
        db.session.delete(each)
    db.session.flush()


# What they look for


@command(policy.may_change_mandate)
def change_mandate(actor: Actor, of: Funder | GrantProgramme, **details: Any) -> Mandate:
    """Say what a programme looks for: the next version of its mandate. ``details`` are the columns of ``Mandate``.

    Of a funder, it is that of its only programme, which is made where there is none yet.
    """
    grant = of if isinstance(of, GrantProgramme) else _only_programme(actor, of)
    hold_row(grant)
    flag_modified(grant, "name")  # two who change it at once: the programme's version tells the second
    db.session.flush()
    newest = db.session.scalar(sa.select(sa.func.max(Mandate.number)).where(Mandate.programme_id == grant.id))
    at = now()
    mandate = Mandate(
        funder_id=grant.funder_id,
        programme=grant,
        number=(newest or 0) + 1,
        made_by_id=actor.person_id,
        made_at=at,
        confirmed_by_id=actor.person_id,
        confirmed_at=at,
        stale_on=freshness.stale_on(at),
        **details,
    )
    db.session.add(mandate)
    db.session.flush()
    record(actor, MandateChanged(grant.funder_id, mandate.id, mandate.number))
    return mandate


def _only_programme(actor: Actor, funder: Funder) -> GrantProgramme:
    hold_row(funder)
    found = list(db.session.scalars(sa.select(GrantProgramme).where(GrantProgramme.funder_id == funder.id).limit(2)))
    if len(found) > 1:
        raise Refused(("This funder has several programmes. Say which one it is about.",))
    return found[0] if found else make_grant(actor, funder, name=FIRST_PROGRAMME)


@command(policy.may_confirm_mandate)
def confirm_mandate(actor: Actor, mandate: Mandate) -> Mandate:
    """Say that it is still true: it counts anew from today on."""
    newer = sa.exists().where(Mandate.programme_id == mandate.programme_id, Mandate.number > mandate.number)
    if db.session.scalar(sa.select(newer)):
        raise Refused(("There is a newer version of it. Look at that one.",))
    at = now()
    if freshness.stale_on(at) != mandate.stale_on:
        mandate.confirmed_by_id, mandate.confirmed_at, mandate.stale_on = actor.person_id, at, freshness.stale_on(at)
        record(actor, MandateConfirmed(mandate.funder_id, mandate.id, mandate.number))
    return mandate
