"""What happened: immutable, hash-chained events, and the deliveries that each one owes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from innovation.db import Base, db, insert_into, now
from innovation.permission import Actor
from innovation.statements import connected, keep, run, stands_on, write
from innovation.traces import spoil, tracing
from innovation.values import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True)
class Fact:
    """Something that happened. Fields hold ids, codes and digests only: never names, contacts, free text or marks.

    ``about`` names the field whose id the chain belongs to; ``audience`` says who may read it:
    ``everyone`` (who may see the subject), ``team`` (owner, contributors and staff), ``panel``, ``staff``.
    """

    about: ClassVar[str] = "idea_id"
    audience: ClassVar[str] = "staff"

    @classmethod
    @cache
    def kind(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def subject(self) -> str:
        return f"{self.about.removesuffix('_id')}:{getattr(self, self.about)}"


class Event(Base):
    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("subject", "seq"),
        sa.Index("ix_event_at", "at"),
        sa.Index("ix_event_kind_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60))
    seq: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    deliveries: Mapped[list[Delivery]] = relationship(back_populates="event")

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.facts)  # type: ignore[no-any-return]


class EventHead(Base):
    """The newest event of a subject, and how much of its chain the ledger has sealed."""

    __tablename__ = "event_head"

    subject: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    sealed_seq: Mapped[int] = mapped_column(default=0)


class Seal(Base):
    """One link of the ledger: the heads that moved since the last one."""

    __tablename__ = "event_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    heads: Mapped[str] = mapped_column(sa.Text)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class Delivery(Base):
    """A reaction that an event owes: done once, retried with back-off until then."""

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "reaction"),
        sa.Index(
            "ix_delivery_owed",
            "next_at",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    reaction: Mapped[str] = mapped_column(sa.String(60))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[dt.datetime] = mapped_column(default=now)
    done_at: Mapped[dt.datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)

    event: Mapped[Event] = relationship(back_populates="deliveries")


# Events are many and never changed, so they are written past the unit of work.
EVENTS: Any = Event.__table__
DELIVERIES: Any = Delivery.__table__
HEADS: Any = EventHead.__table__
# Every write sends these: they are put together once.
ADD_EVENTS = sa.insert(EVENTS).returning(EVENTS.c.id, sort_by_parameter_order=True)
ADD_DELIVERIES = sa.insert(DELIVERIES).returning(DELIVERIES.c.id)
ADD_HEADS = sa.insert(HEADS)
MOVE_HEADS = (
    sa.update(HEADS)
    .where(HEADS.c.subject == sa.bindparam("of"))
    .values(seq=sa.bindparam("newest"), hash=sa.bindparam("digest"))
)
HEAD = keep(sa.select(HEADS.c.seq, HEADS.c.hash).where(HEADS.c.subject == sa.bindparam("of")))
# PostgreSQL does all of these in one statement, so that a write goes to the server and back only once.
WRITE_LINKS = """
WITH moved AS (
  INSERT INTO event_head (subject, seq, hash, sealed_seq)
  SELECT head.*, 0 FROM unnest(%(subjects)s::text[], %(newest)s::int[], %(digests)s::text[]) AS head
  ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
), added AS (
  INSERT INTO event (at, kind, subject, seq, actor_id, facts, previous_hash, hash)
  SELECT %(at)s::timestamptz, kind, subject, seq, %(actor_id)s::int, facts, previous_hash, hash
  FROM unnest(%(kind)s::text[], %(subject)s::text[], %(seq)s::int[], %(facts)s::text[], %(previous_hash)s::text[],
    %(hash)s::text[]) WITH ORDINALITY AS link (kind, subject, seq, facts, previous_hash, hash, place)
  ORDER BY place
  RETURNING id, subject, seq
)
INSERT INTO delivery (event_id, reaction, attempts, next_at)
SELECT added.id, due.reaction, 0, %(at)s::timestamptz
FROM unnest(%(due_subject)s::text[], %(due_seq)s::int[], %(due)s::text[]) WITH ORDINALITY
  AS due (subject, seq, reaction, place) JOIN added USING (subject, seq)
ORDER BY added.id, due.place
RETURNING id
"""
LINK = ("kind", "subject", "seq", "facts", "previous_hash", "hash")

Heads = dict[str, tuple[int, str]]
"""The number and the hash of the newest event of each chain."""

owed: dict[str, tuple[str, ...]] = {}
"""Reaction names by kind of event; filled once at start from the table in reactions.py."""

fact_classes: dict[str, type[Fact]] = {}


def know(classes: Iterable[type[Fact]]) -> None:
    """Register fact classes, so that an event's audience can be asked for by its kind."""
    for fact in classes:
        fact_classes[fact.kind()] = fact


as_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
# A text as json.dumps writes it: for a million events the list is written here, which takes a third of the time.
quoted = json.encoder.encode_basestring_ascii


def chain_hash(
    previous: str, subject: str, seq: int, kind: str, at: dt.datetime, actor_id: int | None, facts: str
) -> str:
    """SHA-256 in hex over the previous hash and every field of the event, as canonical JSON."""
    when = at.astimezone(dt.UTC).isoformat()
    content = f'[{quoted(previous)}, {quoted(subject)}, {seq}, {quoted(kind)}, "{when}", '
    content += f"{'null' if actor_id is None else actor_id}, {quoted(facts)}]"
    return hashlib.sha256(content.encode()).hexdigest()


def record(actor: Actor, fact: Fact, *, at: dt.datetime | None = None) -> None:
    """Write what happened, and what it owes, in the current transaction."""
    record_all(actor, [fact], at=at)


def record_all(
    actor: Actor, facts: Sequence[Fact], *, at: dt.datetime | None = None, begun: Collection[str] = ()
) -> None:
    """The same for several facts in their order, with as many statements as for one.

    Subjects that are ``begun`` in this transaction are known to have no chain yet.
    """
    db.session.flush()  # the ids in the facts must exist, and the heads are locked after the rows they speak of
    at = at or now()
    heads = dict.fromkeys(begun, (0, GENESIS)) | _take_heads({fact.subject for fact in facts}.difference(begun))
    links = []
    for fact in facts:
        newest, previous = heads[fact.subject]
        link = _link(actor, fact, at, newest + 1, previous)
        heads[fact.subject] = (link["seq"], link["hash"])
        links.append(link)
    is_server = db.engine.dialect.name == "postgresql"
    added = _write_links(actor, links, heads, at) if is_server else _write_in_turn(links, heads, begun, at)
    db.session.info.setdefault("owed_deliveries", []).extend(added)


def _link(actor: Actor, fact: Fact, at: dt.datetime, seq: int, previous: str) -> dict[str, Any]:
    """The next event of a chain."""
    facts = as_json(vars(fact))
    return {
        "at": at,
        "kind": fact.kind(),
        "subject": fact.subject,
        "seq": seq,
        "actor_id": actor.person_id,
        "facts": facts,
        "previous_hash": previous,
        "hash": chain_hash(previous, fact.subject, seq, fact.kind(), at, actor.person_id, facts),
    }


def _write_links(actor: Actor, links: list[dict[str, Any]], heads: Heads, at: dt.datetime) -> list[int]:
    """Write events, the heads of their chains and what they owe in one statement; the numbers of what they owe."""
    due = [(link["subject"], link["seq"], name) for link in links for name in owed.get(link["kind"], ())]
    sent = {name: [link[name] for link in links] for name in LINK}
    sent |= {name: [each[place] for each in due] for place, name in enumerate(("due_subject", "due_seq", "due"))}
    sent |= {"subjects": [*heads], "newest": [seq for seq, _ in heads.values()]}
    sent |= {"digests": [digest for _, digest in heads.values()]}
    spoil()
    return [number for (number,) in run(connected(), WRITE_LINKS, sent | {"at": at, "actor_id": actor.person_id})]


def _write_in_turn(links: list[dict[str, Any]], heads: Heads, begun: Collection[str], at: dt.datetime) -> list[int]:
    """The same in a statement for each kind of row."""
    _begin_heads({of: head for of, head in heads.items() if of in begun})
    _move_heads({of: head for of, head in heads.items() if of not in begun})
    rows = [
        {"event_id": event_id, "reaction": name, "attempts": 0, "next_at": at}
        for (event_id,), link in zip(write(ADD_EVENTS, links), links, strict=True)
        for name in owed.get(link["kind"], ())
    ]
    return [number for (number,) in write(ADD_DELIVERIES, rows)] if rows else []


def _take_heads(subjects: set[str]) -> Heads:
    """Number and hash of the newest event of each chain, which others wait for; of two who begin one, the second waits.

    Chains are taken in one order, so that two who take several never wait for each other.
    """
    if not subjects:
        return {}
    first = [{"subject": subject, "seq": 0, "hash": GENESIS, "sealed_seq": 0} for subject in sorted(subjects)]
    rows = write(_begin_or_take(db.engine.dialect.name), first)
    return {subject: (seq, digest) for subject, seq, digest in rows}


@lru_cache(maxsize=2)
def _begin_or_take(_dialect: str) -> Any:
    """A chain begun, or its head taken as it is, in the words of the engine."""
    same = insert_into(HEADS).on_conflict_do_update(index_elements=["subject"], set_={"seq": HEADS.c.seq})
    return same.returning(HEADS.c.subject, HEADS.c.seq, HEADS.c.hash)


def _begin_heads(heads: Heads) -> None:
    rows = [{"subject": of, "seq": seq, "hash": digest, "sealed_seq": 0} for of, (seq, digest) in heads.items()]
    if rows:
        write(ADD_HEADS, rows)


def _move_heads(heads: Heads) -> None:
    rows = [{"of": of, "newest": seq, "digest": digest} for of, (seq, digest) in sorted(heads.items())]
    if rows:
        write(MOVE_HEADS, rows)


def list_events(subject: str, *, kinds: Iterable[str] | None = None, limit: int = 50) -> list[Event]:
    """The newest events of a subject, newest first.

    An answer that is given again asks for their head instead, which moves with each event; none is ever changed.
    """
    db.session.flush()  # noted as a write
    kept = sa.true() if kinds is None else Event.kind.in_(list(kinds))
    newest = sa.select(Event).where(Event.subject == subject, kept).order_by(Event.seq.desc()).limit(limit)
    event = aliased(Event, newest.subquery())
    query = sa.select(HEADS.c.seq, HEADS.c.hash, event).outerjoin(event, sa.true()).where(HEADS.c.subject == subject)
    with tracing(None):
        found = db.session.execute(query.order_by(event.seq.desc())).all()
    stands_on(HEAD, {"of": subject}, [row[:2] for row in found[:1]])
    return [row[2] for row in found if row[2] is not None]
