"""Reading who is signed in, their sessions and identities, and one-time secrets."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload, selectinload

from innovation.accounts import tokens
from innovation.accounts.models import Account, Identity, Person, RoleGrant, Token, UserSession
from innovation.accounts.throttling import network
from innovation.accounts.tokens import digest as digest
from innovation.db import db, now
from innovation.permission import Actor, Grant, NotThere
from innovation.statements import ask, keep

MOST_ADDRESSES = 500
HELD = (RoleGrant.role, RoleGrant.programme_id, RoleGrant.region_id, RoleGrant.clinic_id, RoleGrant.funder_id)
INVITATION, RESET, CLAIM, CALENDAR = "invitation", "reset", "claim", "calendar"


# Who is signed in

# Asked with every request, so put together once.
WHO = keep(
    sa.select(UserSession.id, UserSession.seen_at, Account.id, Person.id, Person.name, Person.is_demo, Person.language)
    .add_columns(*HELD)
    .join(Account, UserSession.account_id == Account.id)
    .join(Person, Account.person_id == Person.id)
    .outerjoin(RoleGrant, sa.and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
    .where(
        UserSession.token_digest == sa.bindparam("digest"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > sa.bindparam("now"),
        Account.disabled_at.is_(None),
    )
)


def find_actor(token: str) -> Actor | None:
    """Who is signed in with this session token; None when the session has ended or the account is closed."""
    found = find_session(token)
    return found[0] if found else None


def find_session(token: str) -> tuple[Actor, dt.datetime] | None:
    """Who is signed in with this session token, with their roles, and when they were last seen; one query."""
    rows = ask(WHO, {"digest": digest(token), "now": now()})
    if not rows:
        return None
    session_id, seen_at, account_id, person_id, name, is_demo, language = rows[0][:7]
    actor = Actor(
        person_id,
        name,
        frozenset(Grant(*row[7:]) for row in rows if row[7]),
        account_id=account_id,
        session_id=session_id,
        is_demo=is_demo,
        language=language,
    )
    return actor, seen_at


def in_use() -> sa.ColumnElement[bool]:
    """The condition on ``UserSession`` for those that have neither ended nor run out."""
    return sa.and_(UserSession.ended_at.is_(None), UserSession.expires_at > now())


def is_open(session_id: int) -> bool:
    """Is this session in use?"""
    return db.session.scalar(sa.select(UserSession.id).where(UserSession.id == session_id, in_use())) is not None


def find_grants(person_id: int) -> frozenset[Grant]:
    """The roles that a person holds now."""
    rows = db.session.execute(sa.select(*HELD).where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None)))
    return frozenset(Grant(*row) for row in rows)


def actor_of(person: Person) -> Actor:
    """The person as an actor, for commands run without a browser (imports, the demo, tests)."""
    return Actor(person.id, person.name, find_grants(person.id), is_demo=person.is_demo, language=person.language)


def as_kept(email: str) -> str:
    """An e-mail as accounts keep it. Letters outside ASCII stay as they are: some turn into somebody else's, such as
    U+212A, whose lower case is an ordinary k."""
    email = email.strip()
    return email.lower() if email.isascii() else email


def find_account(email: str) -> Account | None:
    """The account that signs in with this e-mail, in whatever case it is written."""
    return db.session.scalar(sa.select(Account).where(Account.email == as_kept(email)))


def find_identity(issuer: str, subject: str) -> Identity | None:
    """Who this is, once linked; also when the account is closed."""
    return db.session.scalar(
        sa.select(Identity)
        .where(Identity.issuer == issuer, Identity.subject == subject)
        .options(joinedload(Identity.account).joinedload(Account.person))
    )


def list_identities(account: Account) -> Sequence[Identity]:
    return db.session.scalars(sa.select(Identity).where(Identity.account_id == account.id).order_by(Identity.id)).all()


def find_own_identity(actor: Actor, identity_id: int) -> Identity:
    found = db.session.scalar(
        sa.select(Identity).where(Identity.id == identity_id, Identity.account_id == actor.account_id)
    )
    if found is None:
        raise NotThere
    return found


def knows_address(email: str, address: str) -> bool:
    """Has the account with this e-mail signed in from this network before (an address, or a household's IPv6 ones)?

    It is asked about nobody, too, so that both take as long.
    """
    whose = sa.select(UserSession.address).join(Account).where(Account.email == as_kept(email))
    addresses = db.session.scalars(whose.distinct().limit(MOST_ADDRESSES))
    here = network(address)
    return any(network(known) == here for known in addresses)


# One's own


def find_self(actor: Actor) -> Person:
    """The person who asks, with their account."""
    person = db.session.scalar(
        sa.select(Person)
        .where(Person.id == actor.person_id)
        .options(joinedload(Person.account), selectinload(Person.grants))
    )
    if person is None:
        raise NotThere
    return person


def list_sessions(actor: Actor) -> Sequence[UserSession]:
    """The person's own sessions that still work, the newest first."""
    return db.session.scalars(
        sa.select(UserSession)
        .where(_is_own(actor), in_use())
        .options(raiseload("*"))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(100)
    ).all()


def find_own_session(actor: Actor, session_id: int) -> UserSession:
    found = db.session.scalar(
        sa.select(UserSession)
        .where(UserSession.id == session_id, _is_own(actor))
        .options(joinedload(UserSession.account))
    )
    if found is None:
        raise NotThere
    return found


def _is_own(actor: Actor) -> sa.ColumnElement[bool]:
    return UserSession.account_id.in_(sa.select(Account.id).where(Account.person_id == actor.person_id))


# One-time secrets


def secret_of(token: Token) -> str:
    """The secret of a token, made again; a link is this after its address."""
    return tokens.derive(token.kind, token.person_id, token.nonce)


def find_token(kind: str, secret: str) -> Token | None:
    """The token of that kind with this secret; None when unknown, used, withdrawn or out of date."""
    wanted = digest(secret)
    token = db.session.scalar(
        sa.select(Token)
        .where(Token.digest == wanted, Token.kind == kind, is_valid())
        .options(joinedload(Token.person).joinedload(Person.account))
    )
    return token if token is not None and hmac.compare_digest(token.digest, wanted) else None


def find_invitation(person: Person) -> Token | None:
    """The person's newest invitation, whether or not it still works."""
    return db.session.scalar(
        sa.select(Token)
        .where(Token.person_id == person.id, Token.kind == INVITATION)
        .order_by(Token.id.desc())
        .limit(1)
    )


def find_calendar(person: Person) -> Token | None:
    """The address of the person's calendar, where they have one."""
    of_person = sa.select(Token).where(Token.person_id == person.id, Token.kind == CALENDAR, is_valid())
    return db.session.scalar(of_person.order_by(Token.id.desc()).limit(1))


def find_calendar_reader(secret: str) -> tuple[Actor, str] | None:
    """Whose calendar has this address, while their sign-in is open, and the language they read."""
    token = find_token(CALENDAR, secret)
    if token is None or token.person.account is None or token.person.account.disabled_at is not None:
        return None
    return actor_of(token.person), token.person.language


def is_valid() -> sa.ColumnElement[bool]:
    return sa.and_(Token.used_at.is_(None), Token.expires_at > now())
