"""Columns matched as they were last time in this programme, and else by the words of their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from innovation.db import db, insert_into
from innovation.ideas.import_models import MatchedColumn
from innovation.ideas.imported_rows import guess_columns, targets
from innovation.places.names import fold
from innovation.programmes.models import Programme

HEADING = 120


def match_columns(programme: Programme, columns: Iterable[str]) -> dict[str, str]:
    """Headings and their targets, each target once; headings that are left out are not there."""
    columns = list(columns)
    remembered = _remembered(programme, columns)
    known, taken = {choice.key for choice in targets(programme)}, set[str]()
    found: dict[str, str] = {}
    for column in columns:
        target = remembered.get(_heading(column), "")
        if target in known - taken:
            found[column] = target
            taken.add(target)
    new = [column for column in columns if _heading(column) not in remembered]
    return found | {c: t for c, t in guess_columns(programme, new).items() if t not in taken}


def remember_columns(programme: Programme, columns: Iterable[str], mapping: Mapping[str, str]) -> None:
    """Keep how these columns were matched, those left out too; part of a command."""
    headings = {_heading(column): mapping.get(column, "") for column in columns}
    rows = [{"programme_id": programme.id, "heading": h, "target": t} for h, t in sorted(headings.items()) if h]
    if not rows:
        return
    row = insert_into(MatchedColumn.__table__)
    keys = ["programme_id", "heading"]
    db.session.execute(row.on_conflict_do_update(index_elements=keys, set_={"target": row.excluded.target}), rows)


def _remembered(programme: Programme, columns: Iterable[str]) -> dict[str, str]:
    query = sa.select(MatchedColumn.heading, MatchedColumn.target).where(
        MatchedColumn.programme_id == programme.id, MatchedColumn.heading.in_({_heading(c) for c in columns})
    )
    return {row.heading: row.target for row in db.session.execute(query)}


def _heading(column: str) -> str:
    return fold(column)[:HEADING]
