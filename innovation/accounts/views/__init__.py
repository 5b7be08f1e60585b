"""The pages of accounts, and what they fit to the application."""

from innovation.accounts.blueprint import bp
from innovation.accounts.views import (
    account,
    interests,
    passkeys,
    people,
    provider,
    second_factor,
    second_step,
    signing_in,
)
from innovation.accounts.views.signing_in import setup

__all__ = [
    "account",
    "bp",
    "interests",
    "passkeys",
    "people",
    "provider",
    "second_factor",
    "second_step",
    "setup",
    "signing_in",
]
