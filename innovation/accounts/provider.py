"""Signing in by another site: whether one is named, what is kept while somebody is there, and what it tells."""

from __future__ import annotations

import importlib.util
import ipaddress
import secrets
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from flask import current_app

from innovation.accounts.queries import as_kept
from innovation.config import BadSettings, Settings
from innovation.db import now
from innovation.values import dataclass

MINUTES = 10
INSTALLED = all(importlib.util.find_spec(name) for name in ("authlib", "requests"))


class ProviderAway(Exception):
    """The provider does not answer, or not in time, or with something that is no answer."""


class NotGenuine(Exception):
    """What came back is not what the provider said to us, for this browser, now."""


# The settings


def check(settings: Settings) -> None:
    """Refuse settings of a provider that cannot work, or would not be safe."""
    if not settings.oidc_issuer and not settings.oidc_client_id:
        return
    faults = []
    if not settings.oidc_issuer or not settings.oidc_client_id:
        faults.append("GATEHOUSE_OIDC_ISSUER and GATEHOUSE_OIDC_CLIENT_ID go together: set both, or neither.")
    parts = urlsplit(settings.oidc_issuer)
    if settings.oidc_issuer and (not is_safe(parts) or parts.query or parts.fragment):
        faults.append("GATEHOUSE_OIDC_ISSUER: write the provider's https address, without a query.")
    if "openid" not in settings.oidc_scopes:
        faults.append('GATEHOUSE_OIDC_SCOPES: "openid" must be among them.')
    if faults:
        raise BadSettings("\n".join(faults))


def is_safe(parts: SplitResult) -> bool:
    """Encrypted, or on this very machine; with no name or password in it."""
    if not parts.hostname or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_offered() -> bool:
    """A provider is named, and what it takes is installed."""
    return INSTALLED and bool(current_app.config["SETTINGS"].oidc_issuer)


# On the way there and back


@dataclass(frozen=True)
class Errand:
    """Why somebody was sent to the provider; kept in the signed cookie, for one answer within ten minutes."""

    purpose: str
    subject: str
    going: str
    state: str
    nonce: str
    verifier: str
    at: float

    @classmethod
    def make(cls, purpose: str, subject: str = "", going: str = "") -> Self:
        state, nonce, verifier = (secrets.token_urlsafe(32) for _i in range(3))
        return cls(purpose, subject, going, state, nonce, verifier, now().timestamp())

    @classmethod
    def read(cls, kept: Any) -> Self | None:
        if not isinstance(kept, list) or len(kept) != 7:
            return None
        found = cls(*kept)
        return found if now().timestamp() - found.at <= MINUTES * 60 else None

    def kept(self) -> list[str | float]:
        return [self.purpose, self.subject, self.going, self.state, self.nonce, self.verifier, self.at]


@dataclass(frozen=True)
class Told:
    """What the provider says of a person: who they are to it, their e-mail once it has checked that, and when
    they last gave it their password."""

    issuer: str
    subject: str
    email: str
    asked_at: float

    @classmethod
    def of(cls, issuer: str, claims: dict[str, Any]) -> Self:
        email = claims.get("email")
        checked = claims.get("email_verified") is True and isinstance(email, str)
        asked = claims.get("auth_time")
        when = float(asked) if isinstance(asked, (int, float)) and not isinstance(asked, bool) else 0.0
        return cls(issuer, claims["sub"], as_kept(str(email))[:254] if checked else "", when)


@dataclass(frozen=True)
class Pending:
    """Somebody whom the provider knows by the e-mail of an account, and who has yet to sign in to it once."""

    account_id: int
    issuer: str
    subject: str
    email: str
    at: float

    @classmethod
    def of(cls, account_id: int, told: Told) -> Self:
        return cls(account_id, told.issuer, told.subject, told.email, now().timestamp())

    @classmethod
    def read(cls, kept: Any) -> Self | None:
        if not isinstance(kept, list) or len(kept) != 5:
            return None
        found = cls(*kept)
        return found if now().timestamp() - found.at <= MINUTES * 60 else None

    def kept(self) -> list[str | int | float]:
        return [self.account_id, self.issuer, self.subject, self.email, self.at]

    @property
    def told(self) -> Told:
        return Told(self.issuer, self.subject, self.email, 0.0)
