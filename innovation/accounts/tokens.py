"""One-time secrets that only the server can make again, so that none is ever written down."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import current_app


def digest(secret: str) -> str:
    """SHA-256 in hex: how secrets are kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_nonce() -> str:
    return secrets.token_urlsafe(32)


def derive(kind: str, person_id: int, nonce: str) -> str:
    """The secret of a token: HMAC-SHA256 under the application's key, in letters that fit an address."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.digest(key, f"{kind}:{person_id}:{nonce}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
