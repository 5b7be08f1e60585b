"""The ledger over all chains of events: sealing what is new, and finding whatever was altered afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, field
from itertools import chain, islice
from typing import Any, TypeVar

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.events import GENESIS, Event, EventHead, Seal, chain_hash
from innovation.values import dataclass

BATCH = 1000
SEALS = 100  # of the ledger in a piece: one may name a thousand heads
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
    """What a check of the whole record found; ``faults`` are sentences, the first ``MOST_FAULTS`` of them.

    Sentences name subjects. ``event`` and ``seal`` tell nothing but the lowest number of either that does not fit.
    """

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    count: int = 0
    event: int | None = None
    seal: int | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.count == 0

    def fault(self, sentence: str, *, event: int | None = None, seal: int | None = None) -> None:
        self.count += 1
        self.event = min((number for number in (self.event, event) if number is not None), default=None)
        self.seal = min((number for number in (self.seal, seal) if number is not None), default=None)
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


# Checking: in pieces, each of which goes on from the digests where the piece before has ended


@dataclass
class Check:
    """How far a check has come that reads up to some event and some seal; what comes after them it leaves alone."""

    upto: int
    seals_upto: int
    stage: str = "events"
    last: list[Any] | None = None  # the event read last, and the head of its chain as it stood then
    link: list[Any] = field(default_factory=lambda: [0, GENESIS])  # the seal read last
    proved: int = 0  # what the heads come to by the seals, and what they come to themselves
    sealed: int = 0
    report: Report = field(default_factory=Report)

    @property
    def pieces(self) -> int:
        """In about how many it is read."""
        return max(1, -(-self.upto // BATCH) + -(-self.seals_upto // SEALS))

    @property
    def has_ended(self) -> bool:
        return self.stage == "ended"

    def as_text(self) -> str:
        """Everything that is needed to go on; no sentences, which name subjects."""
        return json.dumps(asdict(self) | {"report": asdict(self.report) | {"faults": []}})

    @classmethod
    def read(cls, text: str) -> Check:
        told = json.loads(text)
        return cls(**told | {"report": Report(**told["report"])})


def verify(kept: Head | None = None) -> Report:
    """Read the whole record, as it stood at one moment, and say what in it was altered, removed, moved or added.

    With a head that was kept elsewhere, also whether the record has been cut or written anew since.
    """
    with _as_it_stands() as connection:
        check = _begun(connection)
        while not check.has_ended:
            _read_piece(connection, check)
        if check.proved != check.sealed:
            _name_unproved_heads(connection, check.report)
        if kept is not None:
            _check_kept(connection, kept, check.report)
    return check.report


def begin_check() -> Check:
    """A check of the record as far as it goes now, to be gone on with a piece at a time."""
    with _as_it_stands() as connection:
        return _begun(connection)


def go_on(check: Check) -> None:
    """Check the next piece in a read transaction of its own; nothing where the check has ended."""
    if check.stage == "ended":
        return
    with _as_it_stands() as connection:
        _read_piece(connection, check)
    if check.has_ended and check.proved != check.sealed:
        check.report.fault("The heads of the chains do not come to what the ledger has sealed.")


@contextmanager
def _as_it_stands() -> Iterator[sa.Connection]:
    """A connection that reads the record as it is at one moment, and keeps nobody from writing."""
    with db.engine.connect() as fresh:
        options: dict[str, Any] = {"readonly_tx": True, "yield_per": BATCH}
        if db.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        yield fresh.execution_options(**options)
        fresh.rollback()


def _begun(connection: sa.Connection) -> Check:
    event, seal = (connection.scalar(sa.select(sa.func.max(each))) or 0 for each in (Event.id, Seal.id))
    return Check(event, seal)


def _read_piece(connection: sa.Connection, check: Check) -> None:
    if check.stage == "events":
        check.stage = "events" if _check_events(connection, check, BATCH) == BATCH else "seals"
    else:
        check.stage = "seals" if _check_seals(connection, check, SEALS) == SEALS else "ended"


def _check_events(connection: sa.Connection, check: Check, most: int) -> int:
    """The next events of all chains, each chain from its first event to its head."""
    event, head = Event.__table__.c, EventHead.__table__.c
    here = ("", 0) if check.last is None else (check.last[1], check.last[2])
    wanted = (event.id, event.subject, event.seq, event.hash, head.seq, head.hash, head.sealed_seq)
    content = (event.previous_hash, event.kind, event.at, event.actor_id, event.facts)
    rows = connection.execute(
        sa.select(*wanted, *content)
        .outerjoin(EventHead, head.subject == event.subject)
        .where(sa.tuple_(event.subject, event.seq) > sa.tuple_(*map(sa.literal, here)), event.id <= check.upto)
        .order_by(event.subject, event.seq)
        .limit(most)
    ).all()
    for row in rows:
        if check.last is None or check.last[1] != row[1]:
            _check_end(connection, check)
            _check_link((0, "", 0, GENESIS), row, check.report)
        else:
            _check_link(check.last, row, check.report)
        check.last = list(row[:7])
    check.report.events += len(rows)
    if len(rows) < most:
        _check_end(connection, check)
    _check_heads(connection, check, here[0], None if len(rows) < most else rows[-1][1])
    return len(rows)


def _check_link(before: Any, row: Any, report: Report) -> None:
    newest_id, _same, newest, digest = before[:4]
    number, subject, seq, own = row[:4]
    previous, kind, at, actor_id, facts = row[7:]
    if seq > newest + 1:
        missing = f"event {newest + 1} is" if seq == newest + 2 else f"events {newest + 1} to {seq - 1} are"
        report.fault(f"{subject}: {missing} missing.", event=number)
    elif previous != digest:
        report.fault(f"{subject}: event {seq} does not follow from the one before it.", event=number)
    if number <= newest_id:
        report.fault(f"{subject}: event {seq} stands out of order.", event=number)
    if chain_hash(previous, subject, seq, kind, at, actor_id, facts) != own:
        report.fault(f"{subject}: event {seq} was altered.", event=number)


def _check_end(connection: sa.Connection, check: Check) -> None:
    """The last event of a chain is the one that the head names, or one that the check leaves alone follows it."""
    if check.last is None:
        return
    report = check.report
    number, subject, seq, digest, head_seq, head_hash, sealed_seq = check.last
    if head_seq is None:
        report.fault(f"{subject}: the head of its chain is missing.", event=number)
        return
    report.unsealed += max(0, seq - sealed_seq)
    if seq < head_seq:
        if not _goes_on(connection, check.last, check.upto):
            report.fault(f"{subject}: its newest events, {seq + 1} to {head_seq}, are missing.", event=number)
    elif seq > head_seq:
        report.fault(f"{subject}: event {seq} was added behind the head of its chain.", event=number)
    elif digest != head_hash:
        report.fault(f"{subject}: event {seq} is not the one that the head of its chain names.", event=number)


def _goes_on(connection: sa.Connection, last: Any, upto: int) -> bool:
    _number, subject, seq, digest = last[:4]
    query = sa.select(Event.id).where(Event.subject == subject, Event.seq == seq + 1, Event.previous_hash == digest)
    return connection.scalar(query.where(Event.id > upto)) is not None


def _check_heads(connection: sa.Connection, check: Check, after: str, until: str | None) -> None:
    """The heads of some subjects: each has events, and they are counted as they stood at the last seal of the check."""
    moved = _moved_since(connection, check.seals_upto)
    has_events = sa.exists().where(Event.subject == EventHead.subject)
    query = sa.select(EventHead.subject, EventHead.seq, EventHead.sealed_seq, has_events)
    query = query.where(EventHead.subject > after, EventHead.subject <= until if until is not None else sa.true())
    for subject, seq, sealed, stands in connection.execute(query):
        if seq > 0 and not stands:
            check.report.fault(f"{subject}: all its events, 1 to {seq}, are missing.")
        check.sealed = (check.sealed + _mark(subject, moved.get(subject, sealed))) % _MODULUS


def _moved_since(connection: sa.Connection, seal: int) -> dict[str, int]:
    """How far the heads were sealed at a seal that have been sealed again after it."""
    found: dict[str, int] = {}
    for (heads,) in connection.execute(sa.select(Seal.heads).where(Seal.id > seal).order_by(Seal.id)):
        for subject, since, _seq, _digest in _heads_of(heads):
            found.setdefault(subject, since)
    return found


def _check_seals(connection: sa.Connection, check: Check, most: int) -> int:
    """The next links of the ledger, and that what they sealed is still there."""
    query = sa.select(Seal.__table__).where(Seal.id > check.link[0], Seal.id <= check.seals_upto)
    rows = connection.execute(query.order_by(Seal.id).limit(most)).all()
    for batch in _batches(_sealed_heads(rows, check)):
        check.proved = (check.proved + _check_sealed(connection, batch, check.report)) % _MODULUS
    return len(rows)


def _sealed_heads(rows: Iterable[Any], check: Check) -> Iterator[tuple[int, Any]]:
    """The heads that each seal names, with the seal's number; on the way every link is checked."""
    report = check.report
    for row in rows:
        last_id, previous = check.link
        report.seals += 1
        if row.previous_hash != previous:
            said = f"The ledger is broken before seal {row.id}: a seal after {last_id} is missing or was moved."
            report.fault(said, seal=row.id)
        if seal_hash(row.previous_hash, row.at, row.heads) != row.hash:
            report.fault(f"Seal {row.id} of the ledger was altered.", seal=row.id)
        check.link = [row.id, row.hash]
        for head in _heads_of(row.heads):
            yield row.id, head


def _check_sealed(connection: sa.Connection, batch: list[tuple[int, Any]], report: Report) -> int:
    wanted = [(subject, seq) for _seal_id, (subject, _since, seq, _digest) in batch]
    named = sa.text(_NAMED[connection.dialect.name])
    rows = chain.from_iterable(connection.execute(named, {"wanted": json.dumps(wanted)}).partitions())
    found = {(subject, seq): digest for subject, seq, digest in rows}
    for seal_id, (subject, _since, seq, digest) in batch:
        if (subject, seq) not in found:
            report.fault(f"{subject}: event {seq} is missing; seal {seal_id} of the ledger names it.", seal=seal_id)
        elif found[subject, seq] != digest:
            said = f"{subject}: event {seq} is not the one that seal {seal_id} of the ledger names."
            report.fault(said, seal=seal_id)
    return sum(_mark(subject, seq) - _mark(subject, since) for _id, (subject, since, seq, _digest) in batch)


def _check_kept(connection: sa.Connection, kept: Head, report: Report) -> None:
    found = connection.scalar(sa.select(Seal.hash).where(Seal.id == kept.seal)) if kept.seal else GENESIS
    if found is None:
        report.fault(f"The head kept elsewhere names seal {kept.seal}, which is missing: the record was cut since.")
    elif found != kept.hash:
        report.fault(f"Seal {kept.seal} is not the one that the head kept elsewhere names: the record was rewritten.")
    if report.events < kept.events:
        report.fault(f"There were {kept.events} events when the head was kept, and now there are {report.events}.")


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
