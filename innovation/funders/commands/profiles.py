"""What keepers of a funder do: its profile, its mandate and its people."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts.events import PersonInvited, RoleEnded
from innovation.accounts.models import Person, RoleGrant
from innovation.accounts.scopes import Scope
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.events import FunderMade, FunderProfileChanged, MandateChanged
from innovation.funders.models import Funder, Mandate
from innovation.permission import Actor
from workflows import Refused

INVITATION_HOURS = 14 * 24
ROLES = ("funder_admin", "funder_member")
RESERVED = {"awards", "commitments", "ideas", "interests", "mandate", "new"}


@command(policy.may_make_funder)
def make_funder(actor: Actor, _nothing: None = None, *, name: str, kind: str, key: str = "", **profile: Any) -> Funder:
    """Add a funder to the directory; ``profile`` are the columns of its profile."""
    if db.session.scalar(sa.select(sa.exists().where(sa.func.lower(Funder.name) == name.lower()))):
        raise Refused(("There is a funder of this name already.",))
    funder = Funder(key=free_key(key or name), name=name, kind=kind, **profile)
    db.session.add(funder)
    db.session.flush()
    record(actor, FunderMade(funder.id))
    return funder


def free_key(name: str) -> str:
    """A key for addresses, made from a name, that no other funder has."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:70] or "funder"
    base = f"{base}-fund" if base in RESERVED else base
    taken = set(db.session.scalars(sa.select(Funder.key).where(Funder.key.startswith(base, autoescape=True))))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


@command(policy.may_change_funder)
def change_funder(actor: Actor, funder: Funder, *, name: str, kind: str, **profile: Any) -> Funder:
    """Put the profile right."""
    same = sa.exists().where(sa.func.lower(Funder.name) == name.lower(), Funder.id != funder.id)
    if db.session.scalar(sa.select(same)):
        raise Refused(("There is another funder of this name.",))
    for field, value in {"name": name, "kind": kind, **profile}.items():
        setattr(funder, field, value)
    record(actor, FunderProfileChanged(funder.id))
    return funder


@command(policy.may_change_mandate)
def change_mandate(actor: Actor, funder: Funder, **details: Any) -> Mandate:
    """Say what the funder looks for: the next version of its mandate. ``details`` are the columns of ``Mandate``."""
    db.session.refresh(funder, with_for_update=True)
    flag_modified(funder, "history")  # two who change it at once: the funder's version tells the second
    db.session.flush()
    newest = db.session.scalar(sa.select(sa.func.max(Mandate.number)).where(Mandate.funder_id == funder.id))
    mandate = Mandate(
        funder_id=funder.id, number=(newest or 0) + 1, made_by_id=actor.person_id, made_at=now(), **details
    )
    db.session.add(mandate)
    db.session.flush()
    record(actor, MandateChanged(funder.id, mandate.id, mandate.number))
    return mandate


@command(policy.may_invite_to_funder)
def invite_to_funder(
    actor: Actor, funder: Funder, *, name: str, email: str, role: str = "funder_member", position: str = ""
) -> Person:
    """Let somebody act for the funder; they are sent a link when they have no sign-in yet."""
    if role not in ROLES:
        raise Refused(("This is not a role at a funder.",))
    email = email.strip().lower()
    person = _person_with(email)
    if person is None:
        person = Person(name=name, email=email, position=position)
        db.session.add(person)
        db.session.flush()
    _end_other_roles(actor, funder, person, role)
    accounts.add_role(actor, person, role, Scope(f"funder:{funder.id}", funder.name, funder_id=funder.id))
    if person.account is None:
        token = accounts.make_token(people.INVITATION, person, INVITATION_HOURS)
        record(actor, PersonInvited(person.id, token.id))
    return person


def _person_with(email: str) -> Person | None:
    account = people.find_account(email)
    if account is not None:
        return account.person
    known = sa.select(Person).where(sa.func.lower(Person.email) == email)
    return db.session.scalar(known.order_by(Person.id).limit(1))


def _end_other_roles(actor: Actor, funder: Funder, person: Person, role: str) -> None:
    """A person holds one role at a funder."""
    held = sa.select(RoleGrant).where(
        RoleGrant.person_id == person.id,
        RoleGrant.funder_id == funder.id,
        RoleGrant.role != role,
        RoleGrant.ended_at.is_(None),
    )
    for grant in db.session.scalars(held):
        _end(actor, grant)


@command(policy.may_end_funder_role)
def end_funder_role(actor: Actor, grant: RoleGrant) -> RoleGrant:
    """The person acts for the funder no more, from now on."""
    if grant.ended_at is None:
        _end(actor, grant)
    return grant


def _end(actor: Actor, grant: RoleGrant) -> None:
    grant.ended_at = now()
    record(actor, RoleEnded(grant.person_id, grant.id, grant.role))
