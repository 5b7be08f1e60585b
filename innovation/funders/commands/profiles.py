"""What keepers of a funder do: its profile and its people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts.events import PersonInvited, RoleEnded
from innovation.accounts.models import Person, RoleGrant
from innovation.accounts.scopes import Scope
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.funders import policy
from innovation.funders.events import FunderMade, FunderProfileChanged, FunderVerified
from innovation.funders.models import Funder
from innovation.permission import Actor
from workflows import Refused

INVITATION_HOURS = 14 * 24
ROLES = ("funder_admin", "funder_member")
CHECKED = ("name", "kind", "org_id", "website")  # by whoever says that a funder is who it says
RESERVED = {"awards", "commitments", "ideas", "interests", "mandate", "new", "open"}


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
    base = slug_of(name) or "funder"
    base = f"{base}-fund" if base in RESERVED else base
    taken = set(db.session.scalars(sa.select(Funder.key).where(Funder.key.startswith(base, autoescape=True))))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def slug_of(name: str) -> str:
    """A name as a part of addresses; empty where nothing of it can stand there."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:70]


@command(policy.may_change_funder)
def change_funder(actor: Actor, funder: Funder, *, name: str, kind: str, **profile: Any) -> Funder:
    """Put the profile right."""
    same = sa.exists().where(sa.func.lower(Funder.name) == name.lower(), Funder.id != funder.id)
    if db.session.scalar(sa.select(same)):
        raise Refused(("There is another funder of this name.",))
    write_profile(actor, funder, {"name": name, "kind": kind, **profile})
    return funder


def write_profile(actor: Actor, funder: Funder, values: Mapping[str, Any]) -> None:
    """Part of a command: with another name, kind, number or website it has to be checked again."""
    before = [getattr(funder, field) or "" for field in CHECKED]
    for field, value in values.items():
        setattr(funder, field, value)
    if before != [getattr(funder, field) or "" for field in CHECKED]:
        _note_verified(actor, funder, stands=False)
    record(actor, FunderProfileChanged(funder.id))


@command(policy.may_verify_funder)
def verify_funder(actor: Actor, funder: Funder, *, answer: str) -> Funder:
    """Say that a funder was checked and is who it says; with ``no`` that this does not hold any more."""
    _note_verified(actor, funder, stands=answer == "yes")
    return funder


def _note_verified(actor: Actor, funder: Funder, *, stands: bool) -> None:
    if stands == (funder.verified_at is not None):
        return
    funder.verified_at, funder.verified_by_id = (now(), actor.person_id) if stands else (None, None)
    record(actor, FunderVerified(funder.id, stands))


@command(policy.may_invite_to_funder)
def invite_to_funder(
    actor: Actor, funder: Funder, *, name: str, email: str, role: str = "funder_member", position: str = ""
) -> Person:
    """Let somebody act for the funder; they are sent a link when they have no sign-in yet."""
    if role not in ROLES:
        raise Refused(("This is not a role at a funder.",))
    email = email.strip().lower()
    accounts.hold_address(email)
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
