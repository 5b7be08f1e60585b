"""Whoever asks with a token in a header, as phones do: found by it, and slowed down where it is wrong too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import request

from innovation.accounts import throttling
from innovation.accounts.throttling import Limit, key_of, network
from innovation.db import db

Holder = TypeVar("Holder")


def holder_of(find: Callable[[str], Holder | None]) -> Holder | None:
    """Who holds the token that was sent; too many wrong ones from one place have to wait."""
    limit = Limit(key_of("device", network(request.remote_addr or "")), 60, 15)
    throttling.require_calm([limit])
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = find(token) if kind.lower() == "bearer" and token else None
    if found is None:
        db.session.rollback()
        throttling.count(limit.key)
    return found
