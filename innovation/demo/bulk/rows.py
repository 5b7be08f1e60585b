"""Rows in bulk: gathered with their ids, written table by table, and events linked into their chains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Account, Person
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.events import GENESIS, Event, EventHead, Fact, as_json, chain_hash
from innovation.funders.models import Interest
from innovation.gates.models import Condition, Decision, Declaration, Panel, PanelMember, Review, Score, Scorecard, Seat
from innovation.ideas.models import Access, Ask, Attachment, Consent, Contributor, Handin, Idea, Revision, Wall
from innovation.pilots.plan_models import Pilot, PilotSite

# In the order in which they refer to one another.
ORDER: tuple[type[Any], ...] = (
    Person, Account, Clinic, Idea, Revision, Contributor, Access, Wall, Consent, Ask, Attachment, Handin,
    Panel, PanelMember, Review, Seat, Declaration, Scorecard, Score, Decision, Condition, Interest, Pilot, PilotSite,
)  # fmt: skip
TABLES = [*(model.__tablename__ for model in ORDER), Event.__tablename__]
BATCH = 20_000


class Rows:
    """Rows that wait to be written; ``write`` empties it."""

    def __init__(self) -> None:
        self.waiting: dict[type[Any], list[dict[str, Any]]] = {model: [] for model in ORDER}
        self.ids = {model: self._next_id(model) for model in ORDER}
        self.blanks = {model: _blank(model) for model in ORDER}

    def _next_id(self, model: type[Any]) -> int:
        return (db.session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1

    def add(self, model: type[Any], **values: Any) -> dict[str, Any]:
        """A row with the next id; columns that are not named have their defaults. It may be changed until written."""
        row = self.blanks[model] | values
        row["id"] = self.ids[model]
        self.ids[model] += 1
        self.waiting[model].append(row)
        return row

    @property
    def many(self) -> bool:
        return len(self.waiting[Score]) > BATCH

    def write(self) -> None:
        """Write everything that waits, in the current transaction."""
        for model, rows in self.waiting.items():
            if rows:
                _insert(model, rows)
                rows.clear()

    def finish(self) -> None:
        """Let the database go on counting where these ids end."""
        if db.engine.dialect.name == "postgresql":
            every: tuple[type[Any], ...] = (*ORDER, Event)
            for model in every:
                table = model.__tablename__
                highest = sa.select(sa.func.max(model.id)).scalar_subquery()
                db.session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), highest)))


def _blank(model: type[Any]) -> dict[str, Any]:
    """The row of a table in which nothing is said."""
    defaults = {column.name: column.default for column in model.__table__.columns}
    return {
        name: default.arg if default is not None and default.is_scalar else None for name, default in defaults.items()
    }


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    """Hand rows that all name the same columns to the driver, column by column: millions of values pass here."""
    table, dialect = model.__table__, db.engine.dialect
    statement = sa.insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    names = list(statement.positiontup or rows[0])
    columns = [[row[name] for row in rows] for name in names]
    for at, name in enumerate(names):
        bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if bind is not None:
            columns[at] = list(map(bind, columns[at]))
    lines = zip(*columns, strict=True)
    given = list(lines) if dialect.positional else [dict(zip(names, line, strict=True)) for line in lines]
    db.session.connection().exec_driver_sql(str(statement), given)


class Chains:
    """Events of subjects that had none before, to be written in the order of time."""

    def __init__(self) -> None:
        self.told: list[tuple[dt.datetime, int, str, str, int | None, str]] = []

    def record(self, at: dt.datetime, actor_id: int | None, fact: Fact) -> None:
        """What happened, as ``events.record`` writes it."""
        self.told.append((at, len(self.told), fact.subject, fact.kind(), actor_id, as_json(vars(fact))))

    def write(self) -> int:
        """Write the events, each linked to the one before it, and the heads of their chains; how many events."""
        self.told.sort()
        next_id = (db.session.scalar(sa.select(sa.func.max(Event.id))) or 0) + 1
        heads: dict[str, tuple[int, str]] = {}
        rows: list[dict[str, Any]] = []
        for number, (at, _order, subject, kind, actor_id, facts) in enumerate(self.told, next_id):
            seq, previous = heads.get(subject, (0, GENESIS))
            seq += 1
            digest = chain_hash(previous, subject, seq, kind, at, actor_id, facts)
            heads[subject] = (seq, digest)
            rows.append(
                {"id": number, "at": at, "kind": kind, "subject": subject, "seq": seq, "actor_id": actor_id}
                | {"facts": facts, "previous_hash": previous, "hash": digest}
            )
            if len(rows) >= BATCH:
                _insert(Event, rows)
                rows.clear()
        if rows:
            _insert(Event, rows)
        _write_heads(heads.items())
        written = len(self.told)
        self.told.clear()
        return written


def _write_heads(heads: Iterable[tuple[str, tuple[int, str]]]) -> None:
    rows = [{"subject": subject, "seq": seq, "hash": digest, "sealed_seq": 0} for subject, (seq, digest) in heads]
    for start in range(0, len(rows), BATCH):
        _insert(EventHead, rows[start : start + BATCH])
