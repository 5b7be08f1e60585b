"""The pure parts of passkeys: what the browser is asked, and whether its answer is genuine."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from flask import current_app

from innovation.accounts.models import Account, Passkey
from innovation.db import now
from innovation.values import dataclass

SECONDS = 300
CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{1,1400}")  # 1 023 bytes at most, as text
NO_ANSWER = (ValueError, KeyError, TypeError, RecursionError)


def _library() -> Any:
    """What knows how passkeys speak, loaded when somebody uses one: it takes a tenth of a process's memory."""
    import webauthn

    return webauthn


@dataclass(frozen=True)
class Challenge:
    """What a passkey is asked to sign: for one purpose, for five minutes, and answered once."""

    value: str
    purpose: str
    at: float

    @classmethod
    def make(cls, purpose: str) -> Self:
        return cls(secrets.token_urlsafe(32), purpose, now().timestamp())

    @classmethod
    def read(cls, kept: Any, purpose: str) -> Self | None:
        """From what a signed cookie holds; None when it is for something else, or out of date."""
        if not isinstance(kept, list) or len(kept) != 3:
            return None
        found = cls(*kept)
        fresh = now().timestamp() - found.at <= SECONDS
        return found if fresh and found.purpose == purpose else None

    def kept(self) -> list[str | float]:
        return [self.value, self.purpose, self.at]

    @property
    def signed(self) -> bytes:
        return _as_bytes(self.value)


def _as_bytes(text: str) -> bytes:
    return bytes(_library().helpers.base64url_to_bytes(text))


def _site() -> tuple[str, str]:
    """The name that passkeys belong to, and the origin that browsers report, both from the site's address."""
    parts = urlsplit(current_app.config["SETTINGS"].base_url)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def are_possible() -> bool:
    """Browsers keep passkeys for a name over TLS only, and for localhost; a bare number is no name."""
    name, origin = _site()
    return name == "localhost" or (origin.startswith("https://") and not name.replace(".", "").isdigit())


def ask_to_make(account: Account, present: Sequence[Passkey], challenge: Challenge) -> str:
    """What the browser needs to make a passkey, as JSON; it makes none where there is one of this account."""
    library, (name, _origin) = _library(), _site()
    structs = library.helpers.structs
    options = library.generate_registration_options(
        rp_id=name,
        rp_name=current_app.config["SETTINGS"].site_name,
        user_id=str(account.id).encode(),
        user_name=account.email,
        user_display_name=account.person.name,
        challenge=challenge.signed,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(present),
    )
    return str(library.options_to_json(options))


def ask_to_sign(present: Sequence[Passkey], challenge: Challenge, *, alone: bool) -> str:
    """What the browser needs to sign; ``alone``, without a password, the person is asked for a finger or a number."""
    library, (name, _origin) = _library(), _site()
    asked = library.helpers.structs.UserVerificationRequirement
    verification = asked.REQUIRED if alone else asked.PREFERRED
    options = library.generate_authentication_options(
        rp_id=name, challenge=challenge.signed, allow_credentials=_described(present), user_verification=verification
    )
    return str(library.options_to_json(options))


def _described(present: Sequence[Passkey]) -> list[Any]:
    describe = _library().helpers.structs.PublicKeyCredentialDescriptor
    return [describe(id=_as_bytes(passkey.credential)) for passkey in present]


@dataclass(frozen=True)
class Made:
    """The public part of a passkey that was made."""

    credential: str
    public_key: str
    sign_count: int


def made(answer: str, challenge: Challenge) -> Made | None:
    """The passkey that the browser has made; None when the answer is not genuine."""
    library, (name, origin) = _library(), _site()
    try:
        found = library.verify_registration_response(
            credential=answer, expected_challenge=challenge.signed, expected_rp_id=name, expected_origin=origin
        )
    except (library.helpers.exceptions.WebAuthnException, *NO_ANSWER):
        return None
    as_text = library.helpers.bytes_to_base64url
    return Made(as_text(found.credential_id), as_text(found.credential_public_key), found.sign_count)


def credential_of(answer: str) -> str:
    """The passkey that an answer speaks for; empty for anything that is no answer."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    named = found.get("id") if isinstance(found, dict) else None
    return named if isinstance(named, str) and CREDENTIAL.fullmatch(named) else ""


def count_signed(answer: str, passkey: Passkey, challenge: Challenge, *, alone: bool) -> int | None:
    """How often the passkey says it was used, when its answer is genuine; else None."""
    library, (name, origin) = _library(), _site()
    try:
        found = library.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.signed,
            expected_rp_id=name,
            expected_origin=origin,
            credential_public_key=_as_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except (library.helpers.exceptions.WebAuthnException, *NO_ANSWER):
        return None
    return int(found.new_sign_count)
