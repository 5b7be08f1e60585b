"""What somebody with the keys of the database may do to the record, each with what is said of it afterwards."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from innovation import chain
from innovation.db import db
from innovation.events import GENESIS, chain_hash, record
from innovation.ideas.events import CanvasHandedIn
from innovation.permission import SYSTEM
from tests import make
from tests.databases import take_guards_away


def write(idea_id: int, count: int) -> None:
    for number in range(1, count + 1):
        record(SYSTEM, CanvasHandedIn(idea_id, number))
    db.session.commit()


def two_chains() -> tuple[int, int]:
    """An idea's chain of five events beside another one, sealed in two seals."""
    one, other = make.idea().id, make.idea().id
    db.session.commit()
    write(one, 3)
    write(other, 2)
    chain.seal()
    write(one, 2)
    chain.seal()
    return one, other


def execute(statement: str, **values: Any) -> None:
    db.session.execute(sa.text(statement), values)


def tampered(act: Callable[[str], None], idea_id: int, kept: chain.Head | None = None) -> list[str]:
    """The faults that a check finds after the act."""
    take_guards_away()
    act(f"idea:{idea_id}")
    db.session.commit()
    return chain.verify(kept).faults


def alter(subject: str) -> None:
    execute("UPDATE event SET facts = '{}' WHERE subject = :s AND seq = 2", s=subject)


def remove(subject: str) -> None:
    execute("DELETE FROM event WHERE subject = :s AND seq = 2", s=subject)


def reorder(subject: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        execute("UPDATE event SET seq = :n WHERE subject = :s AND seq = :o", s=subject, o=old, n=new)


def truncate(subject: str) -> None:
    """Take the newest event away, and turn the head of its chain back."""
    execute("DELETE FROM event WHERE subject = :s AND seq = 5", s=subject)
    execute(
        "UPDATE event_head SET seq = 4, sealed_seq = 4,"
        " hash = (SELECT hash FROM event WHERE subject = :s AND seq = 4) WHERE subject = :s",
        s=subject,
    )


def cut(subject: str) -> None:
    """Take away all that the newest seal bound, and the seal: what is left is whole in itself."""
    execute("DELETE FROM event WHERE subject = :s AND seq > 3", s=subject)
    execute(
        "UPDATE event_head SET seq = 3, sealed_seq = 3,"
        " hash = (SELECT hash FROM event WHERE subject = :s AND seq = 3) WHERE subject = :s",
        s=subject,
    )
    execute("DELETE FROM event_seal WHERE id = (SELECT max(id) FROM event_seal)")


def rewrite(subject: str) -> None:
    """Alter the first event and write everything after it anew: what is left is whole in itself."""
    events = db.session.execute(
        sa.text("SELECT id, seq, kind, actor_id, facts FROM event WHERE subject = :s ORDER BY seq"), {"s": subject}
    ).all()
    at, previous, hashes = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), GENESIS, {}
    for number, seq, kind, actor_id, facts in events:
        told = facts if seq > 1 else facts.replace(":1,", ":9,")
        hashes[seq] = chain_hash(previous, subject, seq, kind, at, actor_id, told)
        db.session.execute(
            sa.text("UPDATE event SET at = :at, facts = :f, previous_hash = :p, hash = :h WHERE id = :id").bindparams(
                sa.bindparam("at", type_=chain.Event.at.type)
            ),
            {"at": at, "f": told, "p": previous, "h": hashes[seq], "id": number},
        )
        previous = hashes[seq]
    execute("UPDATE event_head SET hash = :h WHERE subject = :s", s=subject, h=previous)
    last = GENESIS
    for seal in db.session.scalars(sa.select(chain.Seal).order_by(chain.Seal.id)):
        heads = [
            [of, since, seq, hashes[seq] if of == subject else digest]
            for of, since, seq, digest in json.loads(seal.heads)
        ]
        seal.heads, seal.previous_hash = json.dumps(heads), last
        seal.hash = last = chain.seal_hash(last, seal.at, seal.heads)
    db.session.flush()


FOUND: dict[str, tuple[Callable[[str], None], str]] = {
    "altered": (alter, "{subject}: event 2 was altered."),
    "removed": (remove, "{subject}: event 2 is missing."),
    "reordered": (reorder, "{subject}: event 2 does not follow from the one before it."),
    "truncated": (truncate, "{subject}: event 5 is missing; seal {newest} of the ledger names it."),
}
FOUND_BY_HEAD: dict[str, tuple[Callable[[str], None], list[str]]] = {
    "cut": (
        cut,
        [
            "The head kept elsewhere names seal {newest}, which is missing: the record was cut since.",
            "There were 7 events when the head was kept, and now there are 5.",
        ],
    ),
    "rewritten": (
        rewrite,
        ["Seal {newest} is not the one that the head kept elsewhere names: the record was rewritten."],
    ),
}
