"""The people of an idea: contributors come and go, and ownership is handed over."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.accounts import commands as accounts
from innovation.accounts.models import Account, Person
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import claims, policy, queries
from innovation.ideas.commands.canvas import require_alive
from innovation.ideas.events import ContributorAdded, ContributorEnded, OwnershipHandedOver
from innovation.ideas.listing import relist
from innovation.ideas.models import Contributor, Idea, Wall
from innovation.permission import Actor
from workflows import Refused

WALLED = "This person has declared an interest in this idea and cannot take part in it."
SITS = "This person sits on the panel that looks at this idea now, so they cannot join its team."


@command(policy.may_add_contributor)
def add_contributor(actor: Actor, idea: Idea, *, name: str, email: str | None = None, role: str = "") -> Contributor:
    """Name a contributor: the person known by the e-mail address, else a new one."""
    require_alive(idea)
    person = known_person(name, email)
    _refuse_barred(idea, person)
    if person.id == idea.owner_id:
        raise Refused(("This person owns the idea already.",))
    row = db.session.scalar(sa.select(Contributor).filter_by(idea_id=idea.id, person_id=person.id))
    if row is not None and row.ended_at is None:
        raise Refused(("This person is a contributor already.",))
    row = _join(idea, person, role)
    record(actor, ContributorAdded(idea.id, person.id))
    return row


@command(policy.may_end_contributor)
def end_contributor(actor: Actor, contributor: Contributor) -> Contributor:
    """The person contributes no longer, and no longer sees the idea for it; what they did stays."""
    hold_row(contributor)
    if contributor.ended_at is None:
        contributor.ended_at = now()
        record(actor, ContributorEnded(contributor.idea_id, contributor.person_id))
    return contributor


@command(policy.may_hand_over_idea)
def hand_over_idea(
    actor: Actor, idea: Idea, *, contributor_id: int | None = None, name: str = "", email: str | None = None
) -> Idea:
    """Give the idea to a contributor, or to somebody new; who owned it stays a contributor.

    Sharing with funders ends until the new owner agrees to it. Without a sign-in they are sent the link to one.
    """
    require_alive(idea)
    if contributor_id is not None:
        person = queries.find_contributor(idea, contributor_id).person
    else:
        person = known_person(name, email)
    if person.id == idea.owner_id:
        raise Refused(("This person owns the idea already.",))
    _refuse_barred(idea, person)
    former = idea.owner
    _join(idea, former, "Former owner")
    stays = db.session.scalar(sa.select(Contributor).filter_by(idea_id=idea.id, person_id=person.id, ended_at=None))
    if stays is not None:
        stays.ended_at = now()
    idea.owner = person
    idea.owner_id = person.id
    has_account = db.session.scalar(sa.select(sa.exists().where(Account.person_id == person.id)))
    idea.claimed_at = now() if has_account else None
    relist(idea)
    record(actor, OwnershipHandedOver(idea.id, former.id, person.id))
    if not has_account and person.email:
        claims.offer_claim(actor, idea)
    return idea


def known_person(name: str, email: str | None) -> Person:
    """The person with this e-mail address, or a new one with this name; part of a command."""
    address = (email or "").strip().lower()
    if address:
        accounts.hold_address(address)
        found = db.session.scalar(
            sa.select(Person).join(Account, Account.person_id == Person.id).where(Account.email == address)
        ) or db.session.scalar(
            sa.select(Person).where(Person.email.in_({address, (email or "").strip()})).order_by(Person.id).limit(1)
        )
        if found is not None:
            return found
    person = Person(name=name.strip(), email=address or None)
    db.session.add(person)
    db.session.flush()
    return person


def _join(idea: Idea, person: Person, role: str) -> Contributor:
    row = db.session.scalar(sa.select(Contributor).filter_by(idea_id=idea.id, person_id=person.id))
    if row is None:
        row = Contributor(idea=idea, person=person, role=role)
        db.session.add(row)
    elif row.ended_at is not None:
        row.ended_at, row.added_at, row.role = None, now(), role or row.role
    db.session.flush()
    return row


def _refuse_barred(idea: Idea, person: Person) -> None:
    """Nobody is on both sides of a gate."""
    if db.session.scalar(sa.select(sa.exists().where(Wall.idea_id == idea.id, Wall.person_id == person.id))):
        raise Refused((WALLED,))
    if queries.sits_for(idea, person.id):
        raise Refused((SITS,))
