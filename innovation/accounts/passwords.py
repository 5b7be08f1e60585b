"""Passwords: which ones will do, and how they are kept (argon2id)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

SHORTEST = 10
LONGEST = 200


@lru_cache(maxsize=4)
def _hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


def hasher() -> PasswordHasher:
    """The hasher with the cost that the settings ask for."""
    settings = current_app.config["SETTINGS"]
    return _hasher(settings.password_time_cost, settings.password_memory_kib)


@lru_cache(maxsize=4)
def _nobody(made_by: PasswordHasher) -> str:
    return made_by.hash("nobody has this password")


def normal(password: str) -> str:
    """The same password however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return hasher().hash(normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Does the password fit? Takes as long when there is nothing stored to compare with."""
    try:
        hasher().verify(stored or _nobody(hasher()), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """True when the hash was made with another cost than the settings ask for now."""
    return hasher().check_needs_rehash(stored)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Passwords that are tried first by whoever guesses."""
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def fault_of(password: str, email: str = "") -> str | None:
    """Why this password will not do, or None when it will. Length counts; there are no rules about signs."""
    plain = normal(password).strip().casefold()
    if len(plain) < SHORTEST:
        return "Use at least 10 characters. A few words in a row are easy to remember."
    if len(password) > LONGEST:
        return "Use at most 200 characters."
    address = email.casefold()
    if address and plain in (address, address.partition("@")[0]):
        return "Do not use your e-mail address as your password."
    if plain.replace(" ", "") in common() or len(set(plain)) < 3:
        return "This password is among the first that people guess. Choose another one."
    return None
