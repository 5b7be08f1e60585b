"""Signing in by the provider: whom it speaks for, and linking an account to that and taking the link away."""

from __future__ import annotations

from collections.abc import Mapping

from innovation.accounts import events, factors, policy, queries, throttling
from innovation.accounts.commands.links import open_for, use_token
from innovation.accounts.commands.signing_in import end_sessions, spend_once, start_session
from innovation.accounts.knownbrowser import STRANGE, KnownBrowser
from innovation.accounts.models import Account, Identity, Token
from innovation.accounts.provider import Errand, NotGenuine, Pending, Told
from innovation.accounts.secondfactor import HalfWay
from innovation.command import command, transaction
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.permission import Actor
from workflows import Refused

TAKEN = "This sign-in of the provider is linked to somebody else here."
OTHER_THERE = "Your account is linked to another sign-in of the provider. Remove that link first."
OTHER_EMAIL = "The provider knows you by another e-mail than the one that was invited. Choose a password instead."


def hear_provider(
    actor: Actor, errand: Errand, *, answer: Mapping[str, str], back: str, address: str, known: KnownBrowser = STRANGE
) -> Told:
    """Who came back from the provider. Each errand is answered once; thirty answers that are not genuine in a
    quarter of an hour from one address, or from a browser that is known, then a pause.

    Raises ``NotGenuine`` or ``ProviderAway``.
    """
    from innovation.accounts import oidc  # only there with the extra

    policy.may_sign_in.require(actor)
    limit = known.limit("provider", address, most=30, minutes=15)
    throttling.require_calm([limit])
    db.session.rollback()  # asking the provider takes a while: nobody should wait for the database meanwhile
    try:
        with transaction():
            spend_once(errand.state)
        return oidc.redeem(errand, answer, back)
    except (Refused, NotGenuine) as error:
        throttling.count(limit.key)
        raise NotGenuine(str(error)) from error


def sign_in_with_identity(actor: Actor, identity: Identity, *, address: str, browser: str, days: int) -> str | HalfWay:
    """Start the session of whoever the identity belongs to; a second factor, where there is one, is still asked for."""
    policy.may_sign_in.require(actor)
    with transaction():
        identity.used_at = now()
        account = identity.account
        if factors.has_factor(account.id):
            return HalfWay.of(account)
        return start_session(queries.actor_of(account.person), account, address=address, browser=browser, days=days)


@command(policy.may_keep_identity)
def link_identity(actor: Actor, account: Account, *, told: Told) -> Identity:
    """Let the provider's sign-in open this account from now on; other sessions end."""
    hold_row(account)  # as whoever signs in does, before the record
    identity = _link(actor, account, told)
    end_sessions(actor, account.person, but=actor.session_id)
    return identity


@command(policy.may_keep_identity)
def link_pending(actor: Actor, account: Account, *, pending: Pending) -> Identity | None:
    """Link whom the provider named to the account that has signed in since; None when it was somebody else's."""
    if pending.account_id != account.id or pending.email != account.email:
        return None
    return _link(actor, account, pending.told)


def _link(actor: Actor, account: Account, told: Told) -> Identity:
    there = queries.find_identity(told.issuer, told.subject)
    if there is not None and there.account_id != account.id:
        raise Refused((TAKEN,))
    if there is not None:
        return there
    if any(identity.issuer == told.issuer for identity in queries.list_identities(account)):
        raise Refused((OTHER_THERE,))
    identity = Identity(account_id=account.id, issuer=told.issuer, subject=told.subject, email=told.email)
    db.session.add(identity)
    db.session.flush()
    record(actor, events.IdentityLinked(account.person_id, identity.id))
    return identity


@command(policy.may_keep_identity)
def unlink_identity(actor: Actor, identity: Identity) -> Account:
    """Let the provider's sign-in open this account no more; other sessions end."""
    account = identity.account
    hold_row(account)
    record(actor, events.IdentityUnlinked(account.person_id, identity.id))
    db.session.delete(identity)
    end_sessions(actor, account.person, but=actor.session_id)
    return account


@command(policy.may_use_token)
def accept_by_identity(actor: Actor, token: Token, *, told: Told) -> Account:
    """Open the account to which the invitation leads, for whom the provider knows by the e-mail that was invited."""
    if not told.email or told.email != queries.as_kept(token.person.email or ""):
        raise Refused((OTHER_EMAIL,))
    use_token(token)
    account = open_for(actor, token.person)
    _link(actor, account, told)
    return account
