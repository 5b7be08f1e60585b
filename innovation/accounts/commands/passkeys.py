"""Passkeys: adding, naming and removing them, and signing in with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from innovation.accounts import factors, passkeys, policy, queries, throttling
from innovation.accounts.commands.second_factor import settle_added, settle_removed
from innovation.accounts.commands.signing_in import TOO_LATE, spend_once, start_session
from innovation.accounts.models import Account, Passkey
from innovation.accounts.passkeys import Challenge
from innovation.accounts.secondfactor import HalfWay
from innovation.command import command, transaction
from innovation.db import db, hold_row, now
from innovation.permission import Actor
from workflows import Refused

PASSKEY = "passkey"
MOST = 20
NOT_GENUINE = "This passkey was not accepted. Try again, or sign in another way."


@command(policy.may_keep_second_factor)
def add_passkey(actor: Actor, account: Account, *, name: str, answer: str, challenge: Challenge | None) -> list[str]:
    """Keep the passkey that the browser has just made; other sessions end.

    The recovery codes that go with a first factor are returned once.
    """
    _spend(challenge)
    made = passkeys.made(answer, challenge) if challenge else None
    if made is None:
        raise Refused(("The browser's answer was not accepted. Please try again.",))
    if len(factors.list_passkeys(account.id)) >= MOST:
        raise Refused(("There are 20 passkeys already. Remove one that you no longer use.",))
    db.session.add(
        Passkey(
            account_id=account.id,
            name=name,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
        )
    )
    db.session.flush()
    return settle_added(actor, account, PASSKEY)


@command(policy.may_keep_second_factor)
def rename_passkey(actor: Actor, passkey: Passkey, *, name: str) -> Passkey:
    """Call it something by which its owner knows it again."""
    passkey.name = name
    return passkey


@command(policy.may_keep_second_factor)
def remove_passkey(actor: Actor, passkey: Passkey) -> Account:
    """Accept the passkey no more; other sessions end."""
    account = passkey.account
    db.session.delete(passkey)
    settle_removed(actor, account, PASSKEY)
    return account


# Signing in


def sign_in_with_passkey(
    actor: Actor,
    _nothing: None = None,
    *,
    answer: str,
    challenge: Challenge | None,
    address: str,
    browser: str,
    days: int,
) -> str:
    """Start the session of whoever the passkey belongs to; no name and no password are asked for."""
    policy.may_sign_in.require(actor)
    with _counting(address):
        return _sign_in(answer, challenge, None, address=address, browser=browser, days=days)


def finish_with_passkey(
    actor: Actor,
    account: Account,
    *,
    half: HalfWay,
    answer: str,
    challenge: Challenge | None,
    address: str,
    browser: str,
    days: int,
) -> str:
    """Start the session that the password alone did not, by a passkey of the same account."""
    policy.may_start_session.require(actor, account)
    with _counting(address):
        return _sign_in(answer, challenge, half, address=address, browser=browser, days=days)


@contextmanager
def _counting(address: str) -> Iterator[None]:
    """Thirty answers that are not genuine in a quarter of an hour from one address, then a pause.

    One that is genuine never has to wait: nobody can guess it, and others stand behind the same address.
    """
    limit = throttling.Limit(throttling.key_of("passkey", throttling.network(address)), 30, 15)
    try:
        yield
    except Exception:  # whatever it was that an answer brought about
        throttling.require_calm([limit])
        throttling.count(limit.key)
        raise


def _sign_in(
    answer: str, challenge: Challenge | None, half: HalfWay | None, *, address: str, browser: str, days: int
) -> str:
    with transaction():
        _spend(challenge)  # kept even when the answer is refused: each challenge is tried once
    with transaction():
        passkey = factors.find_passkey(passkeys.credential_of(answer))
        if passkey is not None:
            hold_row(passkey.account)
        if passkey is None or challenge is None or not _fits(passkey, half):
            raise Refused((NOT_GENUINE,))
        count = passkeys.count_signed(answer, passkey, challenge, alone=half is None)
        if count is None:
            raise Refused((NOT_GENUINE,))
        passkey.sign_count, passkey.used_at = count, now()
        account = passkey.account
        return start_session(queries.actor_of(account.person), account, address=address, browser=browser, days=days)


def _fits(passkey: Passkey, half: HalfWay | None) -> bool:
    """After a password, only a passkey of the same account will do, as long as the account is as it was."""
    return half is None or factors.find_half_way(half.account_id, half.version) is passkey.account


def _spend(challenge: Challenge | None) -> None:
    """Let a challenge count once; of two answers at once, one is refused."""
    if challenge is None:
        raise Refused((TOO_LATE,))
    spend_once(challenge.value)
