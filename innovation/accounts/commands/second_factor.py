"""The second factor: adding and removing an app, recovery codes, and the second step of signing in."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.accounts import events, factors, policy, queries, secondfactor, throttling
from innovation.accounts.commands.signing_in import TOO_LATE, end_sessions, start_session
from innovation.accounts.knownbrowser import STRANGE, KnownBrowser
from innovation.accounts.models import Account, AppFactor, Passkey, Person, RecoveryCode
from innovation.accounts.secondfactor import HalfWay
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused

WRONG = "This code is not right, or was used before. Wait for the next one, or use a recovery code."
APP = "app"


# Adding and removing


@command(policy.may_keep_second_factor)
def begin_app(actor: Actor, account: Account) -> AppFactor:
    """Make a secret for an app; it counts once a code of it was given. Beginning again makes a new one."""
    if factors.find_factors(account.id).app is not None:
        raise Refused(("An app is set up already. Remove it first.",))
    db.session.execute(sa.delete(AppFactor).where(AppFactor.account_id == account.id))
    app = AppFactor(account_id=account.id, sealed_secret=secondfactor.seal(secondfactor.make_secret()))
    db.session.add(app)
    db.session.flush()
    return app


@command(policy.may_keep_second_factor)
def confirm_app(actor: Actor, account: Account, *, code: str) -> list[str]:
    """Let the app count from now on, since it gave the right code; other sessions end.

    The recovery codes that go with a first factor are returned once, and kept only as digests.
    """
    app = factors.find_begun_app(account)
    if not _accepts(app, secondfactor.plain(code)):
        raise Refused(("This code is not right. Check the clock of your phone, and type the code that shows now.",))
    app.confirmed_at = now()
    return settle_added(actor, account, APP)


def settle_added(actor: Actor, account: Account, method: str) -> list[str]:
    """What follows when a factor was added; the recovery codes, when these are the first."""
    end_sessions(actor, account.person, but=actor.session_id)
    record(actor, events.SecondFactorAdded(account.person_id, method))
    return [] if factors.count_codes(account.id) else _make_codes(account)


@command(policy.may_keep_second_factor)
def remove_app(actor: Actor, account: Account) -> Account:
    """Ask for the app no more; other sessions end."""
    app = factors.find_factors(account.id).app
    if app is not None:
        db.session.delete(app)
        settle_removed(actor, account, APP)
    return account


def settle_removed(actor: Actor, account: Account, method: str) -> None:
    """What follows when a factor was removed: without any, recovery codes stand in for nothing."""
    db.session.flush()
    if not factors.has_factor(account.id):
        _forget_codes(account)
    end_sessions(actor, account.person, but=actor.session_id)
    record(actor, events.SecondFactorRemoved(account.person_id, method))


@command(policy.may_reset_second_factor)
def reset_second_factor(actor: Actor, person: Person) -> Person:
    """Take every second factor from somebody who has lost theirs; their sessions end, and they are told."""
    account = person.account
    if account is None or not factors.has_factor(account.id):
        raise Refused(("This person has no second factor.",))
    for kind in (AppFactor, Passkey):
        db.session.execute(sa.delete(kind).where(kind.account_id == account.id))
    _forget_codes(account)
    end_sessions(actor, person)
    record(actor, events.SecondFactorsReset(person.id))
    return person


# Recovery codes


@command(policy.may_keep_second_factor)
@repeatable
def renew_codes(actor: Actor, account: Account) -> list[str]:
    """Ten new recovery codes; the old ones stop working."""
    if not factors.has_factor(account.id):
        raise Refused(("Recovery codes come with a second factor. Add one first.",))
    codes = _make_codes(account)
    record(actor, events.RecoveryCodesRenewed(account.person_id))
    return codes


def _make_codes(account: Account) -> list[str]:
    _forget_codes(account)
    codes = secondfactor.make_codes()
    db.session.add_all(
        RecoveryCode(account_id=account.id, digest=secondfactor.digests(account.id, code)[0]) for code in codes
    )
    return codes


def _forget_codes(account: Account) -> None:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


# Signing in


def finish_sign_in(
    actor: Actor,
    account: Account,
    *,
    half: HalfWay,
    code: str,
    address: str,
    browser: str,
    days: int,
    known: KnownBrowser = STRANGE,
) -> str:
    """Start the session that the password alone did not; wrong codes are throttled as wrong passwords are."""
    limits = _limits(account, address, known)
    own = limits[0].key
    tries = throttling.admit(limits, own, throttling.second_step_key(account.id))
    return _finish(
        actor, account, half=half, code=code, tries=tries, own=own, address=address, browser=browser, days=days
    )


def _limits(account: Account, address: str, known: KnownBrowser) -> tuple[throttling.Limit, ...]:
    """First the one that counts for this way of coming, then the one that all share, as for passwords."""
    if own := known.own_limits(account, throttling.second_browser_limit(account.id, known.name)):
        return own
    is_known = queries.knows_address(account.email, address)
    return throttling.second_step_limits(account.id, address, is_known=is_known)


@command(policy.may_start_session)
def _finish(
    actor: Actor,
    account: Account,
    *,
    half: HalfWay,
    code: str,
    tries: throttling.Tries,
    own: str,
    address: str,
    browser: str,
    days: int,
) -> str:
    hold_row(account)
    if factors.find_half_way(half.account_id, half.version) is not account:
        raise Refused((TOO_LATE,))
    _spend(actor, account, secondfactor.plain(code))
    throttling.take_back(tries)
    throttling.forget(own)
    return start_session(actor, account, address=address, browser=browser, days=days)


def _spend(actor: Actor, account: Account, code: str) -> None:
    app = factors.find_factors(account.id).app
    if secondfactor.is_of_app(code):
        if app is None or not _accepts(app, code):
            raise Refused((WRONG,))
    elif not _spend_recovery(account, code):
        raise Refused((WRONG,))
    else:
        record(actor, events.RecoveryCodeUsed(account.person_id, factors.count_codes(account.id)))


def _accepts(app: AppFactor, code: str) -> bool:
    """Is it a code of now that was not accepted before? Of two who send it at once, one succeeds."""
    secret = secondfactor.unseal(app.sealed_secret)
    counter = secondfactor.counter_of(secret, code, now()) if secret else None
    if counter is None:
        return False
    later = sa.update(AppFactor).where(AppFactor.id == app.id, AppFactor.last_counter < counter)
    return _changed_one(later.values(last_counter=counter))


def _spend_recovery(account: Account, code: str) -> bool:
    fits = RecoveryCode.digest.in_(secondfactor.digests(account.id, code))
    unused = sa.update(RecoveryCode).where(RecoveryCode.account_id == account.id, fits, RecoveryCode.used_at.is_(None))
    return _changed_one(unused.values(used_at=now()))


def _changed_one(statement: sa.Update) -> bool:
    return db.session.connection().execute(statement).rowcount == 1
