"""Keeping at hand what the steps of the demonstration ask for again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import event

from innovation.accounts.models import Account, Person
from innovation.db import db
from innovation.gates.models import Review, Scorecard, Seat
from innovation.ideas.models import Idea

ASKED_FOR_AGAIN = (Account, Person, Idea, Review, Seat, Scorecard)
BECOMES_KNOWN = ("loaded_as_persistent", "pending_to_persistent", "detached_to_persistent")
SELDOM = 50_000  # new objects before Python looks for what nobody needs any more


@contextmanager
def at_hand() -> Iterator[None]:
    """Until the end the session forgets no idea, review or person; else each step would read them anew."""
    held: list[Any] = []

    def hold(_session: Any, thing: Any) -> None:
        if isinstance(thing, ASKED_FOR_AGAIN):
            held.append(thing)

    with ExitStack() as ends, seldom_collecting():
        for name in BECOMES_KNOWN:
            event.listen(db.session, name, hold)
            ends.callback(event.remove, db.session, name, hold)
        yield


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Much is made here and most of it is kept: looking through it for what is not takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
