"""Small questions of different kinds, asked of the database together."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

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


class in_one(FunctionElement[str]):
    """All rows as one text, a JSON list of lists: to read a hundred rows takes four times as long."""

    type = sa.String()
    inherit_cache = True


@compiles(in_one)
def _in_one(element: in_one, compiler: Any, **more: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **more)})) AS VARCHAR)"


@compiles(in_one, "sqlite")
def _in_one_of_sqlite(element: in_one, compiler: Any, **more: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **more)}))"


def gathered(kind: str, question: sa.Select[Any]) -> sa.Select[Any]:
    """A question whose many answers come as one, for ``spread``."""
    rows = question.subquery().c
    return part(kind, text=in_one(rows.number, rows.text, rows.more, rows.day))


def spread(text: str | None) -> list[Answer]:
    """The answers that were gathered in this text, in no order; PostgreSQL gathers none as nothing."""
    found = [Answer._make(each) for each in json.loads(text or "[]")]
    return [each._replace(day=dt.date.fromisoformat(str(each.day))) if each.day else each for each in found]


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
