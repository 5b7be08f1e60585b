"""Reading second factors: which ones an account has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from innovation.accounts.models import Account, AppFactor, Passkey, RecoveryCode, UserSession
from innovation.db import db
from innovation.permission import Actor, NotThere
from innovation.values import dataclass


@dataclass(frozen=True)
class Factors:
    """What an account can prove itself with, beside the password."""

    app: AppFactor | None
    passkeys: Sequence[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def has_factor(account_id: int) -> bool:
    """Does signing in take a second step?"""
    app = sa.exists().where(*_is_app_of(account_id))
    passkey = sa.exists().where(Passkey.account_id == account_id)
    return bool(db.session.scalar(sa.select(sa.or_(app, passkey))))


def find_factors(account_id: int) -> Factors:
    app = db.session.scalar(sa.select(AppFactor).where(*_is_app_of(account_id)))
    return Factors(app, list_passkeys(account_id), count_codes(account_id))


def list_passkeys(account_id: int) -> Sequence[Passkey]:
    return db.session.scalars(sa.select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def find_passkey(credential: str) -> Passkey | None:
    """The passkey that the browser names, of a sign-in that is open."""
    return db.session.scalar(
        sa.select(Passkey).join(Account).where(Passkey.credential == credential, Account.disabled_at.is_(None))
    )


def find_own_passkey(actor: Actor, passkey_id: int) -> Passkey:
    found = db.session.scalar(
        sa.select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == actor.account_id)
    )
    if found is None:
        raise NotThere
    return found


def find_begun_app(account: Account) -> AppFactor:
    """The app that is being set up; ``NotThere`` when none is."""
    found = db.session.scalar(
        sa.select(AppFactor).where(AppFactor.account_id == account.id, AppFactor.confirmed_at.is_(None))
    )
    if found is None:
        raise NotThere
    return found


def count_codes(account_id: int) -> int:
    """How many recovery codes are left."""
    unused = sa.select(sa.func.count()).select_from(RecoveryCode)
    return db.session.scalar(unused.where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))) or 0


def _is_app_of(account_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return AppFactor.account_id == account_id, AppFactor.confirmed_at.is_not(None)


def find_half_way(account_id: int, version: int) -> Account | None:
    """The account that somebody is signing in to, unless it has changed since the password was given."""
    found = db.session.get(Account, account_id)
    return found if found is not None and found.version == version and found.disabled_at is None else None


def started_at(actor: Actor) -> dt.datetime | None:
    """When this browser signed in."""
    return db.session.scalar(sa.select(UserSession.created_at).where(UserSession.id == actor.session_id))
