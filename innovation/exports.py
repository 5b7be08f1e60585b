"""Lists as files: exactly what is filtered, in its order; long ones by the worker, as the person who asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from flask import current_app, redirect, url_for

from innovation.permission import Actor
from innovation.tables import Columns, write_table
from innovation.values import dataclass

AT_ONCE = 5_000  # rows that a person waits for; more are made by the worker
MOST = 100_000
BATCH = 500
Asked = dict[str, Any]
"""What a list is narrowed and sorted to, as JSON can hold it."""
Line = tuple[Any, Mapping[str, Any]]
Still = Callable[[Actor, Sequence[Line], Asked], Iterable[Line]]


@dataclass(frozen=True)
class Listing:
    """A list that can be long.

    ``ids(actor, asked, most)`` are its rows in order; ``lines(actor, ids, asked)`` their cells, each with its id,
    without what the person may not see any more. ``columns`` may look at all lines that there are: a column that is not
    open on every line is on none.

    A file is fetched days after its lines were read: ``still(actor, lines, asked)`` are such lines without what has
    closed to the person since. Every list answers this, and none by leaving it out.
    """

    key: str
    title: Any
    ids: Callable[[Actor, Asked, int], list[Any]]
    lines: Callable[[Actor, Sequence[Any], Asked], Iterable[Line]]
    columns: Callable[[Asked, Iterable[Mapping[str, Any]]], Columns]
    still: Still
    looks_at_lines: bool = False


LISTINGS: dict[str, Listing] = {}
"""Every listing by its key, as ``listing`` names them when their area is loaded."""


def listing(made: Listing) -> Listing:
    LISTINGS[made.key] = made
    return made


def open_to_all(_actor: Actor, lines: Sequence[Line], _asked: Asked) -> Iterable[Line]:
    """For a list of which everybody who may read it may read every line."""
    return lines


def whole_lines(in_sight: Callable[[Actor, Sequence[Any], Asked], set[Any]]) -> Still:
    """For a list whose lines close as a whole: ``in_sight`` are those of the ids that the person may still see."""

    def still(actor: Actor, lines: Sequence[Line], asked: Asked) -> Iterable[Line]:
        seen = in_sight(actor, [row_id for row_id, _cells in lines], asked)
        return [line for line in lines if line[0] in seen]

    return still


def export(of: Listing, actor: Actor, asked: Asked, kind: str) -> Any:
    """The list as a file; where it is long, the page that offers to have it made."""
    ids = of.ids(actor, asked, AT_ONCE + 1)
    if len(ids) > AT_ONCE:
        return redirect(url_for("jobs.export", what=seal({"list": of.key, "kind": kind, "asked": asked})))
    if not of.looks_at_lines:
        return write_table(of.columns(asked, ()), (line for _id, line in lines_of(of, actor, ids, asked)), kind, of.key)
    lines = [line for _id, line in lines_of(of, actor, ids, asked)]
    return write_table(of.columns(asked, lines), lines, kind, of.key)


def lines_of(of: Listing, actor: Actor, ids: Iterable[Any], asked: Asked) -> Iterator[Line]:
    """The lines in order, a few hundred read at a time."""
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield from of.lines(actor, batch, asked)


# What is asked for, on its way through an address: nobody but this site can write it


def seal(told: dict[str, Any]) -> str:
    content = json.dumps(told, sort_keys=True).encode()
    return base64.urlsafe_b64encode(_mark(content) + content).decode().rstrip("=")


def unseal(text: str) -> dict[str, Any] | None:
    """What was sealed; None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    mark, content = raw[:16], raw[16:]
    if not hmac.compare_digest(mark, _mark(content)):
        return None
    told: dict[str, Any] = json.loads(content)
    return told


def _mark(content: bytes) -> bytes:
    key: str = current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), b"export:" + content, hashlib.sha256).digest()[:16]
