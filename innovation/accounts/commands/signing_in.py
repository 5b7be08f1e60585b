"""Signing in and out, and the password."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from typing import Self

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import OperationalError

from innovation.accounts import events, factors, passwords, policy, queries, throttling, tokens
from innovation.accounts.commands.links import SPENT, make_token, require_good, spend_tokens, use_token
from innovation.accounts.knownbrowser import STRANGE, KnownBrowser
from innovation.accounts.models import Account, Person, SpentChallenge, Token, UserSession
from innovation.accounts.secondfactor import HalfWay
from innovation.command import command, transaction
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.permission import Actor
from innovation.values import dataclass
from workflows import Refused

RESET_HOURS = 1
RESET_SECONDS = 0.2  # more than writing down a link takes: how long an answer takes tells nothing
SPENT_FOR = dt.timedelta(minutes=15)  # longer than anything that was asked for may be answered
SEEN_EVERY = dt.timedelta(minutes=5)
logger = structlog.get_logger()

TOO_LATE = "This took too long, or the sign-in has changed meanwhile. Please sign in again."
NO_MATCH = "The e-mail and the password do not match. Check both, or ask for a new password below."


def sign_in(
    actor: Actor,
    _nothing: None = None,
    *,
    email: str,
    password: str,
    address: str,
    browser: str,
    days: int,
    known: KnownBrowser = STRANGE,
) -> str | HalfWay:
    """Start a session and return its token; with a second factor, only the first half of the way is done.

    Unknown, closed and wrong take the same time and answer alike.

    Raises ``throttling.Throttled`` after too many wrong tries.
    """
    policy.may_sign_in.require(actor)
    email = queries.as_kept(email)
    account = queries.find_account(email)
    before = _Compared.of(account)
    limits = _limits(account, email, address, known)
    tries = throttling.admit(limits, limits[0].key, throttling.account_key(email))
    if not passwords.is_right(before.stored, password):
        throttling.count(throttling.address_key(address))
        raise Refused((NO_MATCH,))
    renewed = passwords.hash_password(password) if passwords.is_outdated(before.stored or "") else None
    with transaction():
        account = before.require_same()
        if renewed:
            account.password_hash = renewed
        throttling.take_back(tries)
        throttling.forget(limits[0].key)
        db.session.flush()
        if factors.has_factor(account.id):
            return HalfWay.of(account)
        return start_session(queries.actor_of(account.person), account, address=address, browser=browser, days=days)


def _limits(account: Account | None, email: str, address: str, known: KnownBrowser) -> tuple[throttling.Limit, ...]:
    """First the one that counts for this way of coming, then those that others share."""
    own = known.own_limits(account, throttling.browser_limit(account.person_id, known.name)) if account else ()
    return own or throttling.sign_in_limits(email, address, is_known=queries.knows_address(email, address))


@dataclass(frozen=True)
class _Compared:
    """The account whose password is compared while nothing keeps it from changing, as it was then."""

    account_id: int | None
    stored: str | None

    @classmethod
    def of(cls, account: Account | None) -> Self:
        if account is None:
            return cls(None, None)
        return cls(account.id, None if account.disabled_at else account.password_hash)

    def require_same(self) -> Account:
        """The account, kept from others until the transaction ends; refused when it has changed meanwhile."""
        account = db.session.get_one(Account, self.account_id)
        hold_row(account)
        if self != self.of(account):
            raise Refused((TOO_LATE,))
        return account


def prove(actor: Actor, account: Account, *, current_password: str, address: str) -> None:
    """Refuse unless this is the person's present password; after some wrong ones they have to wait."""
    policy.may_change_password.require(actor, account)
    _prove(actor, account, current_password, address)


def _prove(actor: Actor, account: Account, current_password: str, address: str) -> _Compared:
    before, email = _Compared.of(account), account.email
    limits = throttling.proof_limits(account.id, actor.session_id)
    tries = throttling.admit(limits, *(limit.key for limit in limits), throttling.account_key(email))
    if not passwords.is_right(before.stored, current_password):
        throttling.count(throttling.address_key(address))
        raise Refused(("The present password is not right.",))
    with transaction():
        throttling.take_back(tries)
        throttling.forget(limits[0].key)
    return before


@command(policy.may_start_session)
def start_session(actor: Actor, account: Account, *, address: str, browser: str, days: int) -> str:
    """A new session of the account; the token is returned once and kept only as its digest."""
    hold_row(account)
    if account.disabled_at is not None:
        raise Refused((TOO_LATE,))
    token = secrets.token_urlsafe(32)
    session = UserSession(
        account_id=account.id,
        token_digest=tokens.digest(token),
        expires_at=now() + dt.timedelta(days=days),
        address=address[:45],
        browser=browser[:120],
    )
    db.session.add(session)
    db.session.flush()
    record(actor, events.SessionStarted(account.person_id, session.id))
    return token


def spend_once(challenge: str) -> None:
    """Let something that was asked for count once, in the current transaction; of two answers one is refused."""
    db.session.execute(sa.delete(SpentChallenge).where(SpentChallenge.at < now() - SPENT_FOR))
    digest = tokens.digest(challenge)
    if db.session.get(SpentChallenge, digest) is not None:
        raise Refused((TOO_LATE,))
    db.session.add(SpentChallenge(digest=digest))
    db.session.flush()


def is_due(seen_at: dt.datetime) -> bool:
    """Has it been long enough to note a visit again?"""
    return now() - seen_at >= SEEN_EVERY


def note_visit(actor: Actor, seen_at: dt.datetime) -> None:
    """Remember, every few minutes, that the session is in use; a busy database is no reason to fail."""
    if not is_due(seen_at):
        return
    try:
        with transaction():
            visited = sa.update(UserSession).where(UserSession.id == actor.session_id)
            db.session.execute(visited.values(seen_at=now()))
    except OperationalError as error:
        logger.warning("visit_not_noted", error=type(error.orig).__name__)


@command(policy.may_end_session)
def end_session(actor: Actor, session: UserSession) -> UserSession:
    """Sign this browser out; ending it twice changes nothing."""
    if session.ended_at is None:
        session.ended_at = now()
        record(actor, events.SessionEnded(session.person_id, session.id))
    return session


@command(policy.may_change_own_details)
def end_other_sessions(actor: Actor, person: Person) -> int:
    """Sign out every browser but this one; how many there were."""
    return end_sessions(actor, person, but=actor.session_id)


def end_sessions(actor: Actor, person: Person, *, but: int | None = None) -> int:
    """End them all ``but`` one; whoever signs in at this moment has done so before, or sees what has changed."""
    if person.account is not None:
        hold_row(person.account)
    open_ones = db.session.scalars(
        sa.select(UserSession).join(Account).where(Account.person_id == person.id, queries.in_use())
    ).all()
    ended = [session for session in open_ones if session.id != but]
    for session in ended:
        session.ended_at = now()
        record(actor, events.SessionEnded(person.id, session.id))
    return len(ended)


# The password, and one's own details


def ask_reset(actor: Actor, _nothing: None = None, *, email: str, address: str, known: KnownBrowser = STRANGE) -> None:
    """Owe a reset link to the account, if there is one; nobody learns whether there is.

    Ten times an hour from one address, or from a browser that is known, else ``throttling.Throttled``; for one account
    three links an hour. Every answer takes the same while, for writing a link down takes longer than finding nobody.
    """
    ends = time.monotonic() + RESET_SECONDS
    try:
        _ask_reset(actor, email, known.limit("ask", address, most=10, minutes=60))
    finally:
        db.session.rollback()  # nobody should wait for the database while we let the time pass
        time.sleep(max(0.0, ends - time.monotonic()))


def _ask_reset(actor: Actor, email: str, place: throttling.Limit) -> None:
    policy.may_ask_reset.require(actor)
    email = queries.as_kept(email)
    whose = throttling.key_of("ask-for", email)
    throttling.admit([place], place.key)
    try:
        throttling.admit([throttling.Limit(whose, 3, 60)], whose)
    except throttling.Throttled:
        return
    account = queries.find_account(email)
    if account is not None and account.disabled_at is None:
        send_reset(queries.actor_of(account.person), account)


@command(policy.may_change_password)
def send_reset(actor: Actor, account: Account) -> Token:
    """Owe the account a link for a new password, good for one hour."""
    token = make_token(queries.RESET, account.person, RESET_HOURS)
    record(actor, events.PasswordResetAsked(account.person_id, token.id))
    return token


@command(policy.may_use_token)
def reset_password(actor: Actor, token: Token, *, password: str) -> Account:
    """Set a new password by a mailed link; every session of the account ends."""
    account = token.person.account
    if account is None or account.disabled_at is not None:
        raise Refused((SPENT,))
    require_good(password, account.email)
    use_token(token)
    account.password_hash = passwords.hash_password(password)
    end_sessions(actor, token.person)
    record(actor, events.PasswordChanged(account.person_id))
    return account


def change_password(
    actor: Actor, account: Account, *, current_password: str, new_password: str, address: str
) -> Account:
    """Set a new password after asking for the present one; the person's other sessions end."""
    email, account_id = account.email, account.id
    policy.may_change_password.require(actor, account)
    before = _prove(actor, account, current_password, address)
    require_good(new_password, email)
    made = passwords.hash_password(new_password)
    return _store_password(actor, db.session.get_one(Account, account_id), before=before, password_hash=made)


@command(policy.may_change_password)
def _store_password(actor: Actor, account: Account, *, before: _Compared, password_hash: str) -> Account:
    before.require_same()
    if actor.session_id is not None and not queries.is_open(actor.session_id):
        raise Refused((TOO_LATE,))
    account.password_hash = password_hash
    end_sessions(actor, account.person, but=actor.session_id)
    spend_tokens(queries.RESET, account.person)
    record(actor, events.PasswordChanged(account.person_id))
    return account


@command(policy.may_change_own_details)
def change_own_details(actor: Actor, person: Person, *, name: str, position: str, phone: str) -> Person:
    """Correct one's own name, position and telephone number."""
    person.name, person.position, person.phone = name, position, phone or None
    record(actor, events.PersonCorrected(person.id))
    return person
