"""Finding people by the beginnings of the words of their name and e-mail address, and by a whole address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Account, Person
from innovation.accounts.queries.signing_in import as_kept
from innovation.searching import each_begun, in_a_row, on_postgresql, words

MOST_FOUND = 2_000  # that a list looks through: the newest; who types more letters finds the others
FTS = sa.table("person_fts", sa.column("rowid", sa.Integer))


def named_like(text: str, within: Sequence[sa.Select[Any]] = (), most: int = MOST_FOUND) -> sa.Select[Any]:
    """The ids of the newest people with a word that begins with each of these; of those in each query of ids."""
    found = words(text)
    return _holding(each_begun(found), within, most) if found else _nobody()


def addressed(text: str) -> sa.Select[Any]:
    """The ids of those who have exactly this e-mail address, in whatever case it was written down."""
    query = in_a_row(text)
    if not query or "@" not in text:
        return _nobody()
    address = as_kept(text)
    has_it = sa.or_(sa.func.lower(Person.email) == address, Person.email == text.strip())
    alike = _holding(query, (), MOST_FOUND).subquery().select()  # hardly anybody but who has it
    known = sa.select(Person.id).where(Person.id.in_(alike), has_it)
    signs_in = sa.select(Account.person_id).where(Account.email == address)
    return sa.union_all(known, signs_in).subquery().select()


def _nobody() -> sa.Select[Any]:
    return sa.select(Person.id).where(sa.false())


def _holding(query: str, within: Sequence[sa.Select[Any]], most: int) -> sa.Select[Any]:
    """Those inside are looked up for each match: to be asked one by one, the index would begin anew each time."""
    if on_postgresql():
        vector: sa.ColumnElement[str] = sa.literal_column("person.search_vector")
        holds = vector.op("@@", is_comparison=True)(sa.func.to_tsquery("simple", query))
        found = sa.select(Person.id).where(holds, *(Person.id.in_(ids) for ids in within))
        return found.order_by((Person.id + 0 if within else Person.id).desc()).limit(most)
    holds = sa.literal_column("person_fts").op("MATCH", is_comparison=True)(query)
    found = sa.select(FTS.c.rowid).where(holds, *((FTS.c.rowid + 0).in_(ids) for ids in within))
    return found.order_by(FTS.c.rowid.desc()).limit(most)
