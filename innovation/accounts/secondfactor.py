"""The pure parts of a second factor: the codes of an app, recovery codes, and how each is kept."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import secrets
from typing import TYPE_CHECKING, Any, Self

import pyotp
from flask import current_app

from innovation.accounts.models import Account
from innovation.db import now
from innovation.values import dataclass

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

PERIOD = 30
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letters that look alike
CODES = 10
MINUTES = 10


# Between the two steps


@dataclass(frozen=True)
class HalfWay:
    """The password was given and a second factor is owed; good for ten minutes and this state of the account."""

    account_id: int
    version: int
    at: float

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(account.id, account.version, now().timestamp())

    @classmethod
    def read(cls, kept: Any) -> Self | None:
        """From what a signed cookie holds; None when there is nothing, or it is out of date."""
        if not isinstance(kept, list) or len(kept) != 3:
            return None
        half = cls(*kept)
        return None if now().timestamp() - half.at > MINUTES * 60 else half

    def kept(self) -> list[int | float]:
        return [self.account_id, self.version, self.at]


# Keys: each use has its own, all made from the key of the site


def _keys(use: str) -> list[bytes]:
    """The key in force, then those that are still accepted."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    config = current_app.config
    given = [config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]]
    return [HKDF(SHA256(), 32, salt=None, info=f"gatehouse {use}".encode()).derive(key.encode()) for key in given]


def _box() -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # 7 MB that only second factors need

    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in _keys("app secrets")])


def seal(secret: str) -> str:
    """The secret, encrypted."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The secret again; None when it was sealed under a key that is gone."""
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


# The codes of an app (RFC 6238: six digits, thirty seconds)


def make_secret() -> str:
    return pyotp.random_base32()


def provisioning(secret: str, email: str, site: str) -> str:
    """The address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def counter_of(secret: str, code: str, at: dt.datetime) -> int | None:
    """The time step that the code belongs to, when it is this one or a neighbour; None for any other code."""
    present = int(at.timestamp()) // PERIOD
    return next((n for n in (present, present - 1, present + 1) if pyotp.HOTP(secret).verify(code, n)), None)


# Recovery codes


def plain(code: str) -> str:
    """A code as it is compared, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def is_of_app(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdigit()


def make_codes() -> list[str]:
    """Fresh recovery codes, 58 bits each, in groups that people can read."""
    return ["-".join("".join(secrets.choice(SIGNS) for _j in range(4)) for _i in range(3)) for _n in range(CODES)]


def digests(account_id: int, code: str) -> list[str]:
    """How the code may be kept: under the key in force first, then under older ones."""
    content = f"{account_id}:{plain(code)}".encode()
    return [hmac.digest(key, content, "sha256").hex() for key in _keys("recovery codes")]
