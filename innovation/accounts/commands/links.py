"""One-time links, and opening a sign-in through one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from innovation.accounts import events, passwords, policy, queries, tokens
from innovation.accounts.models import Account, Person, Token
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.permission import Actor
from innovation.rows import insert_all
from workflows import Refused

SPENT = "This link has been used already, or is out of date. Ask for a new one."


def make_token(kind: str, person: Person, hours: int, subject_id: int | None = None) -> Token:
    """A new one-time secret, in the current transaction; earlier ones for the same thing stop working."""
    spend_tokens(kind, person, subject_id)
    return make_first_tokens(kind, [(person, subject_id)], hours)[0]


def make_first_tokens(kind: str, whose: Iterable[tuple[Person, int | None]], hours: int) -> list[Token]:
    """New one-time secrets for people and things that had none before, in the current transaction."""
    return list(insert_all([_token(kind, person, hours, subject_id) for person, subject_id in whose]))


def _token(kind: str, person: Person, hours: int, subject_id: int | None) -> Token:
    nonce = tokens.make_nonce()
    return Token(
        kind=kind,
        nonce=nonce,
        digest=tokens.digest(tokens.derive(kind, person.id, nonce)),
        person_id=person.id,
        subject_id=subject_id,
        expires_at=now() + dt.timedelta(hours=hours),
    )


def issue_token(kind: str, person: Person, hours: int, subject_id: int | None = None) -> str:
    """The secret of a new token, in the current transaction."""
    return queries.secret_of(make_token(kind, person, hours, subject_id))


def spend_tokens(kind: str, person: Person, subject_id: int | None = None) -> int:
    """Make every open token of that kind, for that subject, stop working; how many there were."""
    open_ones = db.session.scalars(
        sa.select(Token).where(
            Token.kind == kind,
            Token.person_id == person.id,
            Token.subject_id == subject_id if subject_id is not None else Token.subject_id.is_(None),
            Token.used_at.is_(None),
        )
    ).all()
    for token in open_ones:
        token.used_at = now()
    return len(open_ones)


def spend_mailed(person: Person) -> None:
    """Make every link that was mailed to the person stop working, whatever it was for."""
    mailed = sa.select(Token).where(Token.person_id == person.id, Token.used_at.is_(None))
    for token in db.session.scalars(mailed):
        token.used_at = now()


def use_token(token: Token) -> None:
    """Spend the token, in the current transaction; ``Refused`` when somebody was faster."""
    db.session.refresh(token, ["used_at", "expires_at"], with_for_update=True)
    if token.used_at is not None or token.expires_at <= now():
        raise Refused((SPENT,))
    token.used_at = now()


# Opening an account


@command(policy.may_open_account)
def open_account(actor: Actor, person: Person, *, password: str, email: str | None = None) -> Account:
    """Give a person, known until now without one, a sign-in by their e-mail and a password."""
    require_good(password, address_for(person, email))
    return open_for(actor, person, email=email, password_hash=passwords.hash_password(password))


def address_for(person: Person, email: str | None = None) -> str:
    """The e-mail that a new sign-in of the person would have; ``Refused`` where there can be none."""
    address = queries.as_kept(email or person.email or "")
    if not address:
        raise Refused(("An e-mail address is needed to sign in with.",))
    if person.account is not None:
        raise Refused(("There is a sign-in already. Use it, or ask for a new password.",))
    if queries.find_account(address) is not None:
        raise Refused(("This e-mail has a sign-in already. Sign in with it instead.",))
    return address


def open_for(actor: Actor, person: Person, *, email: str | None = None, password_hash: str | None = None) -> Account:
    """A sign-in of the person, in the current transaction; without a password something else must open it."""
    address = address_for(person, email)
    person.email = person.email or address
    account = Account(person=person, email=address, password_hash=password_hash)
    db.session.add(account)
    db.session.flush()
    record(actor, events.AccountOpened(person.id))
    return account


def require_good(password: str, email: str) -> None:
    fault = passwords.fault_of(password, email)
    if fault:
        raise Refused((fault,))


@command(policy.may_use_token)
def accept_invitation(actor: Actor, token: Token, *, password: str) -> Account:
    """Open the account to which the invitation leads."""
    use_token(token)
    return open_account(actor, token.person, password=password)
