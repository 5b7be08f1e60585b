"""Inviting people, giving and ending roles, and keeping what is known of people right."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.accounts import events, policy, queries, scopes
from innovation.accounts.commands.links import make_token, open_account, spend_mailed, spend_tokens
from innovation.accounts.commands.signing_in import end_sessions
from innovation.accounts.models import Account, Affiliation, Person, RoleGrant, Token
from innovation.accounts.scopes import SITE, WHERE, Scope
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.permission import Actor, Policy
from innovation.turns import take_turn
from workflows import Refused

INVITATION_HOURS = 14 * 24


# Inviting people


@command(policy.may_invite_person)
def invite_person(
    actor: Actor, _nothing: None = None, *, name: str, email: str, role: str, where: str, position: str = ""
) -> Person:
    """Give somebody a role, and a link to open their sign-in when they have none."""
    email = queries.as_kept(email)
    hold_address(email)
    person = _person_to_invite(email)
    if person is None:
        person = Person(name=name, email=email, position=position)
        db.session.add(person)
        db.session.flush()
    scope = _scope(actor, role, where)
    _require_to_give(actor, policy.may_grant_role, person, role, scope)
    add_role(actor, person, role, scope)
    if person.account is None:
        _invite(actor, person)
    return person


def hold_address(email: str) -> None:
    """Until the transaction ends nobody else makes a person of this address: who is invited by two at once is one."""
    take_turn(f"address {queries.as_kept(email)}")


def _person_to_invite(email: str) -> Person | None:
    account = queries.find_account(email)
    if account is not None:
        return account.person
    known = sa.select(Person).where(Person.id.in_(queries.addressed(email)))
    return db.session.scalar(known.order_by(Person.id).limit(1))


def _invite(actor: Actor, person: Person) -> Token:
    token = make_token(queries.INVITATION, person, INVITATION_HOURS)
    record(actor, events.PersonInvited(person.id, token.id))
    return token


@command(policy.may_send_invitation)
def send_invitation(actor: Actor, person: Person) -> Token:
    """Send a fresh link; the earlier one stops working."""
    if person.account is not None:
        raise Refused(("There is a sign-in already.",))
    if not person.email:
        raise Refused(("There is no e-mail address to send the invitation to.",))
    return _invite(actor, person)


@command(policy.may_withdraw_invitation)
def withdraw_invitation(actor: Actor, person: Person) -> Person:
    """Make the link stop working, and end the roles that were waiting for it."""
    if person.account is not None:
        raise Refused(("The invitation was accepted already. End the roles, or close the sign-in.",))
    if spend_tokens(queries.INVITATION, person) == 0:
        raise Refused(("There is no open invitation.",))
    record(actor, events.InvitationWithdrawn(person.id))
    for grant in person.grants:
        _end_grant(actor, grant)
    return person


# Roles


@command(policy.may_see_person)
def grant_role(actor: Actor, person: Person, *, role: str, where: str) -> RoleGrant:
    """Give a person a role at a place; giving it twice changes nothing."""
    scope = _scope(actor, role, where)
    _require_to_give(actor, policy.may_grant_role, person, role, scope)
    return add_role(actor, person, role, scope)


def _scope(actor: Actor, role: str, where: str) -> Scope:
    scope = SITE if where == SITE.key else scopes.find_scope(actor, where)
    if role not in WHERE or scope is None or scope.kind not in WHERE[role]:
        raise Refused(("This role does not fit that place. Choose another place.",))
    return scope


def _require_to_give(actor: Actor, may: Policy, person: Person, role: str, scope: Scope) -> None:
    """Ask the policy about the role as it would be, before it is."""
    may.require(actor, RoleGrant(person_id=person.id, role=role, **scope.columns()))


def add_role(actor: Actor, person: Person, role: str, scope: Scope) -> RoleGrant:
    """Write the role, in the current transaction; areas above use it under policies of their own."""
    take_turn(f"roles of {person.id}")  # held twice, it would go on being held once it was ended
    held = db.session.scalar(
        sa.select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.ended_at.is_(None),
            *(
                getattr(RoleGrant, column).is_(None) if value is None else getattr(RoleGrant, column) == value
                for column, value in scope.columns().items()
            ),
        )
    )
    if held is not None:
        return held
    grant = RoleGrant(role=role, granted_by_id=actor.person_id, **scope.columns())
    person.grants.append(grant)
    db.session.flush()
    record(actor, events.RoleGranted(person.id, grant.id, role))
    return grant


@command(policy.may_end_role)
def end_role(actor: Actor, grant: RoleGrant) -> RoleGrant:
    """End a role from now on; the last administrator stays."""
    if grant.role == "administrator":
        _require_another_administrator(grant.person)
    return _end_grant(actor, grant)


def _end_grant(actor: Actor, grant: RoleGrant) -> RoleGrant:
    if grant.ended_at is None:
        grant.ended_at = now()
        record(actor, events.RoleEnded(grant.person_id, grant.id, grant.role))
    return grant


def _require_another_administrator(person: Person) -> None:
    queries.hold_administrators()
    if queries.count_administrators(without=person) == 0:
        raise Refused(("This is the last administrator. Make somebody else an administrator first.",))


# Administering people


@command(policy.may_correct_person)
def correct_person(actor: Actor, person: Person, *, name: str, email: str, position: str, phone: str) -> Person:
    """Correct what is known of a person; a sign-in follows its e-mail."""
    email = queries.as_kept(email)
    other = queries.find_account(email) if email else None
    if other is not None and other.person_id != person.id:
        raise Refused(("Somebody else signs in with this e-mail.",))
    if person.account is not None:
        if not email:
            raise Refused(("An e-mail address is needed to sign in with.",))
        _move_sign_in(actor, person.account, email)
    if person.email != email:  # a link mailed to the old address must not open the new one
        spend_mailed(person)
    person.name, person.email, person.position, person.phone = name, email or None, position, phone or None
    record(actor, events.PersonCorrected(person.id))
    return person


def _move_sign_in(actor: Actor, account: Account, email: str) -> None:
    """Let the sign-in follow its e-mail. The one before is told of it, also of two changes at once."""
    if account.email != email:
        account.former_email = account.former_email or account.email
        account.email = email
        record(actor, events.EmailChanged(account.person_id))


@command(policy.may_close_sign_in)
def close_sign_in(actor: Actor, person: Person) -> Person:
    """Let the person sign in no more, and end their sessions; roles and history stay."""
    account = _account_of(person)
    if any(grant.role == "administrator" and grant.ended_at is None for grant in person.grants):
        _require_another_administrator(person)
    if account.disabled_at is None:
        account.disabled_at = now()
        end_sessions(actor, person)
        spend_tokens(queries.RESET, person)
        record(actor, events.SignInClosed(person.id))
    return person


@command(policy.may_close_sign_in)
def reopen_sign_in(actor: Actor, person: Person) -> Person:
    """Let the person sign in again."""
    account = _account_of(person)
    if account.disabled_at is not None:
        account.disabled_at = None
        record(actor, events.SignInReopened(person.id))
    return person


def _account_of(person: Person) -> Account:
    if person.account is None:
        raise Refused(("This person has no sign-in.",))
    return person.account


@command(policy.may_record_affiliation)
def record_affiliation(actor: Actor, person: Person, *, organisation: str, school_emis: str, kind: str) -> Affiliation:
    """Note where a person works or belongs: an organisation by name, or a school by its number."""
    if school_emis and not queries.is_school(school_emis):
        raise Refused(("The register has no such number. Check it, or write the name instead.",))
    affiliation = Affiliation(
        person_id=person.id, organisation=organisation, school_emis=school_emis or None, kind=kind
    )
    db.session.add(affiliation)
    db.session.flush()
    record(actor, events.AffiliationRecorded(person.id, affiliation.id))
    return affiliation


@command(policy.may_record_affiliation)
def end_affiliation(actor: Actor, person: Person, *, affiliation: Affiliation) -> Affiliation:
    """Note that a person no longer works or belongs there."""
    if affiliation.ended_on is None:
        affiliation.ended_on = now().date()
        record(actor, events.AffiliationEnded(person.id, affiliation.id))
    return affiliation


# The first administrator


@command(policy.may_create_administrator)
def create_administrator(actor: Actor, _nothing: None = None, *, name: str, email: str, password: str) -> Person:
    """Make somebody, new or known, an administrator who can sign in with this password."""
    email = queries.as_kept(email)
    person = _person_to_invite(email)
    if person is None:
        person = Person(name=name, email=email)
        db.session.add(person)
        db.session.flush()
    if person.account is not None:
        raise Refused(("This e-mail has a sign-in already. Give that person the role on the people page.",))
    open_account(actor, person, password=password)
    add_role(actor, person, "administrator", SITE)
    return person
