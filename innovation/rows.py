"""New rows that are written at once, past the unit of work, which looks at everything that might hang together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from innovation.db import db
from innovation.statements import write

Thing = TypeVar("Thing")


def insert_all(things: Sequence[Thing]) -> Sequence[Thing]:
    """Write new things of one kind, in one statement for many; afterwards each has its number, and is as if read.

    They name what they belong to by its number, and that is written already.
    """
    if things:
        kind: Any = type(things[0])
        shape = _shape_of(kind)
        rows = [shape.row_of(thing) for thing in things]
        for thing, row, (number,) in zip(things, rows, write(shape.insert, rows), strict=True):
            thing.__dict__.update({shape.keys[name]: value for name, value in row.items()})
            thing.__dict__[shape.number] = number
            make_transient_to_detached(thing)
        db.session.add_all(things)
    return things


class Shape:
    """How a kind of thing is written: its columns, and what each holds where nothing was said."""

    def __init__(self, kind: type[Any]) -> None:
        mapper = sa.inspect(kind)
        table: Any = mapper.local_table
        [number] = mapper.primary_key
        self.insert = sa.insert(table).returning(number, sort_by_parameter_order=True)
        self.number = mapper.get_property_by_column(number).key
        self.keys = {
            column.name: mapper.get_property_by_column(column).key for column in table.c if column is not number
        }
        self._usual = [(name, key, _usual(table.c[name])) for name, key in self.keys.items()]

    def row_of(self, thing: Any) -> dict[str, Any]:
        said = thing.__dict__
        return {name: said[key] if said.get(key) is not None else usual() for name, key, usual in self._usual}


@lru_cache(maxsize=64)
def _shape_of(kind: Any) -> Shape:
    return Shape(kind)


def _usual(column: sa.Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)
