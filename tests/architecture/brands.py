"""A mark in every text and every file, so that whatever is read anywhere tells where it was written, and of whom."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from innovation.db import Base, db
from innovation.ideas.store import store
from tests.databases import take_guards_away

SIGN = "qgqgqg"  # a shorter one stands in the keys of forms by chance: five times in a million letters
MARK = re.compile(rf"{SIGN}(\d+)q", re.IGNORECASE)
# What people write in short; keys, states and codes are left as they are.
SHORT = {"title", "name", "email", "phone", "position", "organisation", "venue", "number", "agreement", "file_name"}
SHORT |= {"recipient", "identifier", "description", "source", "org_id", "website"}
# Of everybody, of the machine, or written anew from the rest.
LEFT = {"account", "delivery", "district", "event", "event_seal", "grant_budget", "job", "message", "notice"}
LEFT |= {"notice_text", "passkey", "programme", "programme_text", "province", "receipt", "region", "school"}
LEFT |= {"school_term", "theme", "topic", "word_count", "workflow_draft", "workflow_version", "waiting_awards"}
FORMS = {("revision", "answers"), ("handin", "content"), ("draft", "answers")}
OTHERWISE = {("idea", "waived")}
FILES = {"attachment": "key", "diligence_paper": "file_key", "milestone_file": "file_key"}

Mark = tuple[str, str]  # where, as table.column; of whom


class Brands:
    """Writes the marks, and finds out which are in a text. ``names`` are those of ideas, funders and people by id."""

    def __init__(self, names: dict[str, dict[int, str]]) -> None:
        self._names = names
        self._marks: list[Mark] = []
        self._rows: dict[str, dict[int, Any]] = {}

    def write(self) -> Brands:
        """Put a mark of its own into every text of every row."""
        take_guards_away()
        tables = [table for table in Base.metadata.sorted_tables if "id" in table.c and table.name not in LEFT]
        for table in tables:
            self._rows[table.name] = {row.id: row for row in db.session.execute(sa.select(table))}
        for table in tables:
            columns = [column for column in table.columns if _is_text(table, column)]
            for number, row in self._rows[table.name].items() if columns else ():
                of = self._told(table, row)
                values = {column.name: self._marked(table.name, column, row, of) for column in columns}
                db.session.execute(sa.update(table).where(table.c.id == number).values(values))
        self._fill_files()
        db.session.commit()
        return self

    def _fill_files(self) -> None:
        """Whatever can keep a file keeps one, with a mark in it."""
        for name, column in FILES.items():
            table = Base.metadata.tables[name]
            for number, row in self._rows[name].items():
                values = {column: store().put(self._new(f"{name}.file", self._told(table, row)).encode())}
                values |= {"file_type": "text/plain"} if "file_type" in table.c else {}
                db.session.execute(sa.update(table).where(table.c.id == number).values(values))

    def found_in(self, text: str) -> set[Mark]:
        return {self._marks[int(number)] for number in MARK.findall(text)}

    def _marked(self, table: str, column: Any, row: Any, of: str) -> Any:
        kept, where = getattr(row, column.name), f"{table}.{column.name}"
        if isinstance(column.type, sa.JSON):
            return {key: self._new(f"{where}.{key}", of) if isinstance(v, str) else v for key, v in kept.items()}
        mark = self._new(where, of)
        return f"{mark}@gatehouse.example" if column.name == "email" else mark

    def _new(self, where: str, of: str) -> str:
        self._marks.append((where, of))
        return f"{SIGN}{len(self._marks) - 1}q"

    def _told(self, table: sa.Table, row: Any) -> str:
        """Whose a row is, with what tells it from others of theirs."""
        return ", ".join(
            [self._whose(table, row), *(getattr(row, name) for name in ("state", "item") if name in table.c)]
        )

    def _whose(self, table: sa.Table, row: Any) -> str:
        """The idea and the funder, or the person, that a row belongs to, by way of the rows that it hangs on."""
        if table.name in self._names:
            return self._names[table.name].get(row.id, f"{table.name} {row.id}")
        told = [each for column in table.columns if column.foreign_keys for each in self._by(column, row)]
        return ", ".join(dict.fromkeys(told)) or "nobody's"

    def _by(self, column: Any, row: Any) -> list[str]:
        (key,) = column.foreign_keys
        target, number = key.column.table, getattr(row, column.name)
        if number is None or target.name == "person" or target.name not in self._rows:
            return []
        of = self._whose(target, self._rows[target.name][number])
        return [] if of == "nobody's" else of.split(", ")


def _is_text(table: sa.Table, column: Any) -> bool:
    if column.foreign_keys or (table.name, column.name) in OTHERWISE:
        return False
    if isinstance(column.type, sa.JSON):
        return (table.name, column.name) in FORMS
    return isinstance(column.type, sa.Text) or (isinstance(column.type, sa.String) and column.name in SHORT)
