"""Small questions of different kinds, asked of the database together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation import statements


class Answer(NamedTuple):
    """One row of an answer; what its kind does not need is empty."""

    number: int
    text: str
    more: str
    day: dt.date | None


def part(kind: str, number: Any = None, text: Any = None, more: Any = None, day: Any = None) -> sa.Select[Any]:
    """A question: the expressions that its kind needs."""
    nothing = sa.literal("", sa.String())
    values = {
        "kind": sa.literal(kind, sa.String()),
        "number": sa.literal(0) if number is None else number,
        "text": nothing if text is None else text,
        "more": nothing if more is None else more,
        "day": sa.cast(sa.null(), sa.Date()) if day is None else day,
    }
    return sa.select(*(value.label(name) for name, value in values.items()))


def ask(parts: Iterable[sa.Select[Any]]) -> dict[str, list[Answer]]:
    """The answers by kind, in no order: one query for any number of questions."""
    questions = list(parts)
    return answers(sa.union_all(*questions)) if questions else {}


def answers(
    questions: sa.CompoundSelect[Any] | statements.Kept, values: Mapping[str, Any] | None = None
) -> dict[str, list[Answer]]:
    """The same for questions that stand together already."""
    found: dict[str, list[Answer]] = {}
    for row in statements.ask(questions, values):
        found.setdefault(row[0], []).append(Answer._make(row[1:]))
    return found
