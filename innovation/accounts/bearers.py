"""Whoever asks with a token in a header, as phones do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import request

Holder = TypeVar("Holder")


def holder_of(find: Callable[[str], Holder | None]) -> Holder | None:
    """Who holds the token that was sent. Nobody guesses one, so wrong ones are not counted: the phones of a school
    stand behind one address, and one of them could keep all others from sending.
    """
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return find(token) if kind.lower() == "bearer" and token else None
