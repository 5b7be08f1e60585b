"""What an answer is made from, noted while it is made, so that it can be looked at again."""

from __future__ import annotations

import hashlib
import marshal
import pickle
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import Any, TypeVar

from innovation.values import dataclass

Value = TypeVar("Value")
STAND_IN = re.compile(r"new[0-9a-f]{32}")  # "n" is no such sign, so that none can begin within another


class Question:
    """A statement as a driver is sent it, and the digest of its rows; ``sent`` works out what it is sent."""

    __slots__ = ("digest", "sent", "text")

    def __init__(self, text: str, sent: Callable[[], Any], rows: Sequence[Any]) -> None:
        self.text, self.sent, self.digest = text, sent, digest_of(rows)

    def is_same(self, cursor: Any) -> bool:
        cursor.execute(self.text, self.sent())
        return digest_of(cursor.fetchall()) == self.digest


class Look:
    """Something else that was looked at, such as the date, and what it was."""

    __slots__ = ("ask", "seen")

    def __init__(self, ask: Callable[[], Any], seen: Any) -> None:
        self.ask, self.seen = ask, seen

    def is_same(self, _cursor: Any) -> bool:
        return bool(self.ask() == self.seen)


@dataclass
class Trace:
    """What was looked at, in order. One that is ``spoilt`` does not say everything.

    ``fresh`` are stand-ins for what differs each time that the answer is given, such as the token of a form;
    ``afterwards`` makes what has to be done each time, once it is out.
    """

    seen: list[Question | Look] = field(default_factory=list)
    fresh: dict[str, Callable[[], str]] = field(default_factory=dict)
    afterwards: list[Callable[[], Callable[[], None]]] = field(default_factory=list)
    spoilt: bool = False

    def parted(self, text: str) -> list[str]:
        """The text in pieces; every second one is a stand-in."""
        pieces, end = [], 0
        for found in STAND_IN.finditer(text):
            if found.group() in self.fresh:  # and nobody has written it
                pieces += [text[end : found.start()], found.group()]
                end = found.end()
        return [*pieces, text[end:]]


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing(trace: Trace | None) -> Iterator[None]:
    """Note in this trace what is looked at meanwhile; in none, nothing."""
    before = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(before)


def current() -> Trace | None:
    """The trace of the answer that is being made."""
    return _current.get()


def look(ask: Callable[[], Value]) -> Value:
    """What ``ask`` gives; the answer stands while it gives the same. What it looks at itself is not noted."""
    trace = _current.get()
    if trace is None:
        return ask()
    with tracing(None):
        seen = ask()
    trace.seen.append(Look(ask, seen))
    return seen


def fresh(make: Callable[[], str]) -> str:
    """What ``make`` gives, anew each time that the answer is given."""
    trace = _current.get()
    if trace is None:
        return make()
    stand_in = f"new{secrets.token_hex(16)}"
    trace.fresh[stand_in] = make
    return stand_in


def afterwards(do: Callable[[], Callable[[], None]]) -> None:
    """Each time that the answer is given, make what is to be done once it is out; only while one is being made."""
    trace = _current.get()
    if trace is None:
        raise RuntimeError("No answer is being made.")
    trace.afterwards.append(do)


class Anew:
    """A value that a statement is sent, worked out anew each time that it is asked."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __call__(self) -> Any:
        with tracing(None):
            return self.make()


def spoil() -> None:
    """Something was looked at that cannot be looked at again: the clock, a write, what a process holds."""
    trace = _current.get()
    if trace is not None:
        trace.spoilt = True


def digest_of(rows: Sequence[Any]) -> bytes:
    """Rows as the driver gave them; two that differ have different digests."""
    plain = [tuple(row) for row in rows]
    try:
        whole = marshal.dumps(plain, 2)  # this version writes equal values alike
    except ValueError:  # PostgreSQL gives dates and decimals
        whole = b"p" + pickle.dumps(plain, 5)
    return hashlib.blake2b(whole, digest_size=20).digest()
