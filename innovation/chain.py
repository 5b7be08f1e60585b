"""The ledger over all chains of events: sealing what is new, and finding whatever was altered afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import db, now
from innovation.events import GENESIS, Event, EventHead, Seal, chain_hash

BATCH = 1000
MOST_FAULTS = 200
_MODULUS = 1 << 256
_LEDGER_LOCK = 7_151_001  # any number, the same in every process


@dataclass
class Report:
    """What a check of the whole record found; ``faults`` are sentences, the first ``MOST_FAULTS`` of them."""

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    count: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.count == 0

    def fault(self, sentence: str) -> None:
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.faults.append(sentence)


# Sealing


def seal(limit: int = BATCH) -> int:
    """Bind the heads that moved since the last seal into one link of the ledger; how many there were."""
    with transaction():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LEDGER_LOCK)))
        moved = list(
            db.session.scalars(
                sa.select(EventHead)
                .where(EventHead.seq > EventHead.sealed_seq)
                .order_by(EventHead.subject)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        if moved:
            heads = json.dumps([[head.subject, head.sealed_seq, head.seq, head.hash] for head in moved])
            last = db.session.scalar(sa.select(Seal.hash).order_by(Seal.id.desc()).limit(1)) or GENESIS
            at = now()
            db.session.add(Seal(at=at, heads=heads, previous_hash=last, hash=seal_hash(last, at, heads)))
            for head in moved:
                head.sealed_seq = head.seq
    return len(moved)


def seal_all() -> int:
    """Seal until nothing is left unsealed; how many heads were sealed."""
    total = 0
    while sealed := seal():
        total += sealed
    return total


def seal_hash(previous: str, at: dt.datetime, heads: str) -> str:
    """SHA-256 in hex over the previous link and everything in this one, as canonical JSON."""
    return hashlib.sha256(json.dumps([previous, at.astimezone(dt.UTC).isoformat(), heads]).encode()).hexdigest()


# Checking


def verify() -> Report:
    """Read the whole record, as it stood at one moment, and say what in it was altered, removed, moved or added."""
    report = Report()
    with db.engine.connect() as fresh:
        options: dict[str, Any] = {"readonly_tx": True, "yield_per": BATCH}
        if db.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        connection = fresh.execution_options(**options)
        _check_events(connection, report)
        _check_heads_without_events(connection, report)
        if _check_seals(connection, report) != _sealed_sum(connection):
            _name_unproved_heads(connection, report)
        connection.rollback()
    return report


def _check_events(connection: sa.Connection, report: Report) -> None:
    """Every chain from its first event to its head, in one pass that keeps one event in memory."""
    event, head = Event.__table__, EventHead.__table__
    rows = connection.execute(
        sa.select(event, head.c.seq.label("head_seq"), head.c.hash.label("head_hash"), head.c.sealed_seq)
        .outerjoin(head, head.c.subject == event.c.subject)
        .order_by(event.c.subject, event.c.seq)
    )
    before: Any = None
    for row in rows:
        report.events += 1
        if before is None or before.subject != row.subject:
            _check_end(before, report)
            before = None
        _check_link(before, row, report)
        before = row
    _check_end(before, report)


def _check_link(before: Any, row: Any, report: Report) -> None:
    seq, previous, newest_id = (before.seq, before.hash, before.id) if before else (0, GENESIS, 0)
    if row.seq > seq + 1:
        missing = f"event {seq + 1} is" if row.seq == seq + 2 else f"events {seq + 1} to {row.seq - 1} are"
        report.fault(f"{row.subject}: {missing} missing.")
    elif row.previous_hash != previous:
        report.fault(f"{row.subject}: event {row.seq} does not follow from the one before it.")
    if row.id <= newest_id:
        report.fault(f"{row.subject}: event {row.seq} stands out of order.")
    own = chain_hash(row.previous_hash, row.subject, row.seq, row.kind, row.at, row.actor_id, row.facts)
    if own != row.hash:
        report.fault(f"{row.subject}: event {row.seq} was altered.")


def _check_end(last: Any, report: Report) -> None:
    if last is None:
        return
    if last.head_seq is None:
        report.fault(f"{last.subject}: the head of its chain is missing.")
        return
    report.unsealed += max(0, last.seq - last.sealed_seq)
    if last.seq < last.head_seq:
        report.fault(f"{last.subject}: its newest events, {last.seq + 1} to {last.head_seq}, are missing.")
    elif last.seq > last.head_seq:
        report.fault(f"{last.subject}: event {last.seq} was added behind the head of its chain.")
    elif last.hash != last.head_hash:
        report.fault(f"{last.subject}: event {last.seq} is not the one that the head of its chain names.")


def _check_heads_without_events(connection: sa.Connection, report: Report) -> None:
    lonely = sa.select(EventHead.subject, EventHead.seq).where(
        EventHead.seq > 0, ~sa.exists().where(Event.subject == EventHead.subject)
    )
    for subject, seq in connection.execute(lonely):
        report.fault(f"{subject}: all its events, 1 to {seq}, are missing.")


def _check_seals(connection: sa.Connection, report: Report) -> int:
    """Every link of the ledger, and that what it sealed is still there; the sum that the heads must come to."""
    previous, last_id, total = GENESIS, 0, 0
    for row in connection.execute(sa.select(Seal.__table__).order_by(Seal.id)):
        report.seals += 1
        if row.previous_hash != previous:
            report.fault(f"The ledger is broken before seal {row.id}: a seal after {last_id} is missing or was moved.")
        if seal_hash(row.previous_hash, row.at, row.heads) != row.hash:
            report.fault(f"Seal {row.id} of the ledger was altered.")
        previous, last_id = row.hash, row.id
        for batch in _batches(_heads_of(row.heads)):
            total += _check_sealed(connection, row.id, batch, report)
    return total % _MODULUS


def _check_sealed(connection: sa.Connection, seal_id: int, batch: list[Any], report: Report) -> int:
    wanted = {(subject, seq): digest for subject, _since, seq, digest in batch}
    found = {
        (row.subject, row.seq): row.hash
        for row in connection.execution_options(yield_per=BATCH).execute(
            sa.select(Event.subject, Event.seq, Event.hash).where(sa.tuple_(Event.subject, Event.seq).in_(list(wanted)))
        )
    }
    for (subject, seq), digest in wanted.items():
        if (subject, seq) not in found:
            report.fault(f"{subject}: event {seq} is missing; seal {seal_id} of the ledger names it.")
        elif found[subject, seq] != digest:
            report.fault(f"{subject}: event {seq} is not the one that seal {seal_id} of the ledger names.")
    return sum(_mark(subject, seq) - _mark(subject, since) for subject, since, seq, _digest in batch)


def _sealed_sum(connection: sa.Connection) -> int:
    """What the seals' sum must be if every head's sealed part is proved by a seal (one number for any size)."""
    rows = connection.execute(sa.select(EventHead.subject, EventHead.sealed_seq).where(EventHead.sealed_seq > 0))
    return sum(_mark(subject, seq) for subject, seq in rows) % _MODULUS


def _name_unproved_heads(connection: sa.Connection, report: Report) -> None:
    """Only when the sums differ: which subjects' sealed part the ledger does not prove."""
    proved: dict[str, int] = {}
    for (heads,) in connection.execute(sa.select(Seal.heads).order_by(Seal.id)):
        proved.update({subject: seq for subject, _since, seq, _digest in _heads_of(heads)})
    for subject, sealed in connection.execute(sa.select(EventHead.subject, EventHead.sealed_seq)):
        if proved.pop(subject, 0) != sealed:
            report.fault(f"{subject}: it counts as sealed up to event {sealed}, but the ledger does not say so.")
    for subject in proved:
        report.fault(f"{subject}: the ledger names it, but the head of its chain is missing.")


def _heads_of(text: str) -> list[Any]:
    """The heads that a seal names; none where its text can no longer be read (its hash then differs, too)."""
    try:
        heads = json.loads(text)
    except ValueError:
        return []
    return heads if isinstance(heads, list) and all(isinstance(h, list) and len(h) == 4 for h in heads) else []


def _mark(subject: str, seq: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{subject} {seq}".encode()).digest(), "big") if seq else 0


def _batches(items: list[Any], size: int = 300) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
