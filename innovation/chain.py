"""The ledger over all chains of events: sealing what is new, and finding whatever was altered afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, field
from itertools import chain, islice
from typing import Any, TypeVar

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.events import GENESIS, Event, EventHead, Seal, chain_hash
from innovation.values import dataclass

BATCH = 1000
MOST_FAULTS = 200
_MODULUS = 1 << 256
_LEDGER_LOCK = 7_151_001  # any number, the same in every process
Item = TypeVar("Item")
# The events that subjects and numbers name, sent as one value: a statement of 600 values costs more than it finds.
_NAMED = {
    "sqlite": "SELECT e.subject, e.seq, e.hash FROM json_each(:wanted) AS w CROSS JOIN event AS e"
    " ON e.subject = json_extract(w.value, '$[0]') AND e.seq = json_extract(w.value, '$[1]')",
    "postgresql": "SELECT e.subject, e.seq, e.hash FROM json_array_elements(CAST(:wanted AS json)) AS w JOIN event AS e"
    " ON e.subject = w ->> 0 AND e.seq = CAST(w ->> 1 AS bigint)",
}


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


# Keeping the head elsewhere


@dataclass(frozen=True)
class Head:
    """The newest link of the ledger at some moment: what comes before it cannot change without changing it."""

    made_at: str
    events: int
    seal: int
    hash: str

    def as_text(self) -> str:
        return json.dumps({"gatehouse_log_head": 1, **asdict(self)}, indent=2)

    @classmethod
    def read(cls, text: str) -> Head:
        """The head that ``as_text`` wrote; ``ValueError`` for anything else."""
        try:
            told: Any = json.loads(text)
            found = cls(told["made_at"], told["events"], told["seal"], told["hash"])
        except (TypeError, KeyError, RecursionError):
            raise ValueError("not a head") from None
        if told.get("gatehouse_log_head") != 1 or not _is_head([found.hash, found.events, found.seal, found.made_at]):
            raise ValueError("not a head of a kind that is known here")
        return found


def head() -> Head:
    """Seal what is new, and give the head of the whole record."""
    seal_all()
    begin_reading()
    last = db.session.execute(sa.select(Seal.id, Seal.hash).order_by(Seal.id.desc()).limit(1)).one_or_none()
    events = db.session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0
    number, digest = (last.id, last.hash) if last else (0, GENESIS)
    return Head(now().isoformat(timespec="seconds"), events, number, digest)


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


def verify(kept: Head | None = None) -> Report:
    """Read the whole record, as it stood at one moment, and say what in it was altered, removed, moved or added.

    With a head that was kept elsewhere, also whether the record has been cut or written anew since.
    """
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
        if kept is not None:
            _check_kept(connection, kept, report)
        connection.rollback()
    return report


def _check_events(connection: sa.Connection, report: Report) -> None:
    """Every chain from its first event to its head, in one pass that keeps one event in memory."""
    event, head = Event.__table__.c, EventHead.__table__.c
    wanted = (event.id, event.subject, event.seq, event.previous_hash, event.hash)
    content = (event.kind, event.at, event.actor_id, event.facts)
    rows = connection.execute(
        sa.select(*wanted, *content, head.seq.label("head_seq"), head.hash.label("head_hash"), head.sealed_seq)
        .outerjoin(EventHead, head.subject == event.subject)
        .order_by(event.subject, event.seq)
    )
    last: Any = None
    before = (0, "", 0, "", GENESIS)
    for row in chain.from_iterable(rows.partitions()):
        report.events += 1
        if before[1] != row[1]:
            _check_end(last, report)
            before = (0, "", 0, "", GENESIS)
        _check_link(before, row, report)
        last, before = row, row[:5]
    _check_end(last, report)


def _check_link(before: Any, row: Any, report: Report) -> None:
    newest_id, _same, newest, _before, digest = before
    number, subject, seq, previous, own, kind, at, actor_id, facts = row[:9]
    if seq > newest + 1:
        missing = f"event {newest + 1} is" if seq == newest + 2 else f"events {newest + 1} to {seq - 1} are"
        report.fault(f"{subject}: {missing} missing.")
    elif previous != digest:
        report.fault(f"{subject}: event {seq} does not follow from the one before it.")
    if number <= newest_id:
        report.fault(f"{subject}: event {seq} stands out of order.")
    if chain_hash(previous, subject, seq, kind, at, actor_id, facts) != own:
        report.fault(f"{subject}: event {seq} was altered.")


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
    total = 0
    for batch in _batches(_sealed_heads(connection, report)):
        total += _check_sealed(connection, batch, report)
    return total % _MODULUS


def _sealed_heads(connection: sa.Connection, report: Report) -> Iterator[tuple[int, Any]]:
    """The heads that each seal names, with the seal's number; on the way every link is checked."""
    previous, last_id = GENESIS, 0
    for row in chain.from_iterable(connection.execute(sa.select(Seal.__table__).order_by(Seal.id)).partitions()):
        report.seals += 1
        if row.previous_hash != previous:
            report.fault(f"The ledger is broken before seal {row.id}: a seal after {last_id} is missing or was moved.")
        if seal_hash(row.previous_hash, row.at, row.heads) != row.hash:
            report.fault(f"Seal {row.id} of the ledger was altered.")
        previous, last_id = row.hash, row.id
        for head in _heads_of(row.heads):
            yield row.id, head


def _check_sealed(connection: sa.Connection, batch: list[tuple[int, Any]], report: Report) -> int:
    wanted = [(subject, seq) for _seal_id, (subject, _since, seq, _digest) in batch]
    named = sa.text(_NAMED[connection.dialect.name])
    rows = chain.from_iterable(connection.execute(named, {"wanted": json.dumps(wanted)}).partitions())
    found = {(subject, seq): digest for subject, seq, digest in rows}
    for seal_id, (subject, _since, seq, digest) in batch:
        if (subject, seq) not in found:
            report.fault(f"{subject}: event {seq} is missing; seal {seal_id} of the ledger names it.")
        elif found[subject, seq] != digest:
            report.fault(f"{subject}: event {seq} is not the one that seal {seal_id} of the ledger names.")
    return sum(_mark(subject, seq) - _mark(subject, since) for _id, (subject, since, seq, _digest) in batch)


def _check_kept(connection: sa.Connection, kept: Head, report: Report) -> None:
    found = connection.scalar(sa.select(Seal.hash).where(Seal.id == kept.seal)) if kept.seal else GENESIS
    if found is None:
        report.fault(f"The head kept elsewhere names seal {kept.seal}, which is missing: the record was cut since.")
    elif found != kept.hash:
        report.fault(f"Seal {kept.seal} is not the one that the head kept elsewhere names: the record was rewritten.")
    if report.events < kept.events:
        report.fault(f"There were {kept.events} events when the head was kept, and now there are {report.events}.")


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
    return heads if isinstance(heads, list) and all(_is_head(head) for head in heads) else []


def _is_head(head: Any) -> bool:
    return isinstance(head, list) and [type(part) for part in head] == [str, int, int, str]


def _mark(subject: str, seq: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{subject} {seq}".encode()).digest(), "big") if seq else 0


def _batches(items: Iterable[Item], size: int = 300) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
