"""How many tries are let through: counted in the database, so that every process sees the same number."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import math
from collections.abc import Iterable

import sqlalchemy as sa

from innovation.accounts.models import Attempt
from innovation.command import transaction
from innovation.db import db, now
from innovation.turns import take_turn
from innovation.values import dataclass

KEPT = dt.timedelta(days=1)
Tries = tuple[int, ...]
"""Tries that were counted ahead, by the numbers of their rows."""


class Throttled(Exception):
    """Too many tries; ``retry_after`` is the number of seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tries. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most so many tries by a key within so many minutes."""

    key: str
    most: int
    minutes: int


def key_of(*parts: str) -> str:
    """A key by what it counts; the parts after the first are not readable in it."""
    return f"{parts[0]}:{hashlib.sha256('|'.join(parts[1:]).encode()).hexdigest()}"


def network(address: str) -> str:
    """The address as one household has it: an IPv6 address without its last 64 bits."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    given = getattr(given, "ipv4_mapped", None) or given  # how a socket of both kinds writes an IPv4 address
    return str(given) if given.version == 4 else str(ipaddress.ip_network((given, 64), strict=False))


def sign_in_limits(email: str, address: str, *, is_known: bool) -> tuple[Limit, ...]:
    """The rule of signing in, over 15 minutes that slide along, so nothing is ever locked for good.

    Five wrong tries for one account from one address; thirty from one address for any accounts; and
    twenty for one account from anywhere, which does not bind an address that this account has signed in
    from before. So others who guess cannot keep the owner out, and a new address still gets in with the
    right password until the twentieth wrong try. A try that had to wait is not counted. None of them binds
    a browser from which this person has signed in before: see ``browser_limit``.
    """
    limits = (
        Limit(key_of("pair", email, network(address)), 5, 15),
        Limit(address_key(address), 30, 15),
    )
    return limits if is_known else (*limits, Limit(account_key(email), 20, 15))


def address_key(address: str) -> str:
    """Wrong tries from one address, for whatever accounts."""
    return key_of("address", network(address))


def account_key(email: str) -> str:
    """Wrong tries for one account, from wherever."""
    return key_of("account", email)


def browser_limit(person_id: int, browser: str) -> Limit:
    """Five wrong tries for somebody from a browser that knows them, whatever others try from the same address."""
    return Limit(key_of("browser", str(person_id), browser), 5, 15)


def proof_limits(account_id: int, session_id: int | None) -> tuple[Limit, ...]:
    """To show, once signed in, that one knows the password: five wrong tries of a session, and ten of all together.

    No stranger can use them up.
    """
    return Limit(key_of("session", str(session_id)), 5, 15), Limit(key_of("proof", str(account_id)), 10, 15)


def second_step_limits(account_id: int, address: str, *, is_known: bool) -> tuple[Limit, ...]:
    """The same rule for the second step, which only who knows the password reaches."""
    limits = (Limit(key_of("second-pair", str(account_id), network(address)), 5, 15),)
    return limits if is_known else (*limits, Limit(second_step_key(account_id), 20, 15))


def second_step_key(account_id: int) -> str:
    """Wrong codes for one account, from wherever."""
    return key_of("second", str(account_id))


def second_browser_limit(account_id: int, browser: str) -> Limit:
    """Five wrong codes for an account from a browser that knows it, whatever others try."""
    return Limit(key_of("second-browser", str(account_id), browser), 5, 15)


def require_calm(limits: Iterable[Limit]) -> None:
    """Raise ``Throttled`` when one of the limits has been reached."""
    waits = [wait for limit in limits if (wait := _wait(limit)) > 0]
    if waits:
        raise Throttled(math.ceil(max(waits)))


def admit(limits: Iterable[Limit], *keys: str) -> Tries:
    """Count a try for these keys before it is looked at, for of those that come at once no more may pass than later.

    Call it outside a command, and ``take_back`` what turns out to be right. Raises ``Throttled``, and then counts
    nothing, when one of the limits has been reached.
    """
    with transaction():
        for key in sorted(keys):
            take_turn(key)
        require_calm(limits)
        tries = _add(keys)
        return tuple(each.id for each in tries)


def take_back(tries: Tries) -> None:
    """Count these tries no more (in the current transaction)."""
    db.session.execute(sa.delete(Attempt).where(Attempt.id.in_(tries)))


def let_go(tries: Tries) -> None:
    """Count these tries no more, outside a command."""
    with transaction():
        take_back(tries)


def is_reached(limit: Limit) -> bool:
    return _wait(limit) > 0


def _wait(limit: Limit) -> float:
    window = dt.timedelta(minutes=limit.minutes)
    tries = list(
        db.session.scalars(
            sa.select(Attempt.at)
            .where(Attempt.key == limit.key, Attempt.at > now() - window)
            .order_by(Attempt.at.desc())
            .limit(limit.most)
        )
    )
    return (tries[-1] + window - now()).total_seconds() if len(tries) >= limit.most else 0


def count(*keys: str) -> None:
    """Count one try for each key. Call it outside a command: a refusal would undo the counting."""
    with transaction():
        _add(keys)


def _add(keys: Iterable[str]) -> list[Attempt]:
    kept = list(keys)
    db.session.execute(sa.delete(Attempt).where(Attempt.key.in_(kept), Attempt.at < now() - KEPT))
    tries = [Attempt(key=key) for key in kept]
    db.session.add_all(tries)
    db.session.flush()
    return tries


def forget(*keys: str) -> None:
    """Let the keys start afresh (in the current transaction)."""
    db.session.execute(sa.delete(Attempt).where(Attempt.key.in_(keys)))


def forget_old() -> None:
    """Drop what no limit looks at any more."""
    with transaction():
        db.session.execute(sa.delete(Attempt).where(Attempt.at < now() - KEPT))
