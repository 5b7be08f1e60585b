"""Words that people look for, as the text indexes of both databases cut them, and filling these indexes in bulk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import sqlalchemy as sa

from innovation.db import db

MOST_WORDS = 12
WORD = re.compile(r"[^\W_]+")
INDEXED = {"idea": "reference, title, search_text", "person": "name, email"}


def words(text: str) -> list[str]:
    """The words of a query as the index cuts them, at most a dozen."""
    return [found[:40] for found in WORD.findall(composed(text))][:MOST_WORDS]


def composed(text: str) -> str:
    """Each letter and its accents as one sign; some keyboards send them apart."""
    return unicodedata.normalize("NFC", text)


def bare(text: str) -> str:
    """A composed text without its accents, letter for letter."""
    return text if text.isascii() else "".join(map(_bare_letter, text))


@lru_cache(maxsize=1024)
def _bare_letter(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def all_of(found: Sequence[str]) -> str:
    """Every word quoted, so that nothing a person types is an operator; the last one may go on."""
    if not found:
        return ""
    if on_postgresql():
        return " & ".join(f"'{bare(word)}'" for word in found) + ":*"
    return " ".join(f'"{word}"' for word in found) + "*"


def each_begun(found: Sequence[str], weight: str = "") -> str:
    """The same, and each word may go on: ``tha mo`` finds Thabo Mokoena. PostgreSQL looks at one ``weight`` only."""
    if on_postgresql():
        return " & ".join(f"'{bare(word)}':*{weight}" for word in found)
    return " ".join(f'"{word}"*' for word in found)


def in_a_row(text: str) -> str:
    """The words of a text next to each other, and each of them whole."""
    found = WORD.findall(composed(text))
    if on_postgresql():
        return " <-> ".join(f"'{bare(word)}'" for word in found)
    return f'"{" ".join(found)}"' if found else ""


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


@contextmanager
def indexed_at_once() -> Iterator[None]:
    """Ideas and people that are added inside come into their index together, at the end and in the same transaction.

    A trigger that writes to FTS5 makes it flush after every row; on PostgreSQL the column is generated.
    """
    if on_postgresql():
        yield
        return
    put_off = [(table, _last_of(table), _put_off(table)) for table in INDEXED]
    yield
    for table, last, trigger in put_off:
        columns = INDEXED[table]
        add = (
            f"INSERT INTO {table}_fts(rowid, {columns}) SELECT id, {columns} FROM {table} WHERE id > :last ORDER BY id"  # noqa: S608
        )
        db.session.execute(sa.text(add), {"last": last})
        db.session.connection().exec_driver_sql(trigger)


def _last_of(table: str) -> int:
    return db.session.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))) or 0


def _put_off(table: str) -> str:
    """The trigger that is gone until then."""
    kept = sa.text("SELECT sql FROM sqlite_master WHERE name = :name")
    trigger = db.session.scalar(kept, {"name": f"{table}_fts_insert"})
    db.session.execute(sa.text(f"DROP TRIGGER {table}_fts_insert"))
    return str(trigger)
