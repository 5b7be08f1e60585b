"""Rows that are written at once, past the unit of work, which looks at everything that might hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from innovation.db import db
from innovation.statements import write

Thing = TypeVar("Thing")


def insert_all(things: Sequence[Thing]) -> Sequence[Thing]:
    """Write new things of one kind, many of them together; afterwards each has its number, and is as if read.

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


def update_all(things: Iterable[Any]) -> None:
    """Write what was changed on these things, each in one statement, past the unit of work.

    As there, ``StaleDataError`` where the version is no longer the one that was read. What is no column of their own
    is left to the unit of work.
    """
    for thing in things:
        state, kind = cast(Any, sa.inspect(thing)), cast(Any, type(thing))
        shape, here = _shape_of(kind), thing.__dict__
        if not state.committed_state.keys() <= shape.names.keys():
            continue
        changed = {shape.names[key]: here[key] for key, old in state.committed_state.items() if old != here[key]}
        if changed:
            for name, usual in shape.touched:
                changed.setdefault(name, usual())
            changed["version"] = thing.version + 1
            row = {f"new_{name}": value for name, value in changed.items()}
            row |= {"row_id": here[shape.number], "row_version": thing.version}
            if not write(shape.update_of(tuple(sorted(changed))), [row]):
                raise StaleDataError(f"{kind.__name__} was changed by somebody else.")
            here |= {shape.keys[name]: value for name, value in changed.items()}
        state._commit_all(here, db.session().identity_map)  # as a flush does; nothing public says this


class Shape:
    """How a kind of thing is written: its columns, and what each holds where nothing was said."""

    def __init__(self, kind: type[Any]) -> None:
        mapper = sa.inspect(kind)
        table: Any = mapper.local_table
        [number] = mapper.primary_key
        self.insert = sa.insert(table).returning(number, sort_by_parameter_order=True)
        self.number = mapper.get_property_by_column(number).key
        self.update, self._number = sa.update(table), number
        self.keys = {
            column.name: mapper.get_property_by_column(column).key for column in table.c if column is not number
        }
        self.names = {key: name for name, key in self.keys.items()}
        self.touched = [(c.name, _called(c.onupdate)) for c in table.c if c.onupdate is not None]
        self._updates: dict[tuple[str, ...], Any] = {}
        self._usual = [(name, key, _usual(table.c[name])) for name, key in self.keys.items()]

    def row_of(self, thing: Any) -> dict[str, Any]:
        said = thing.__dict__
        return {name: said[key] if said.get(key) is not None else usual() for name, key, usual in self._usual}

    def update_of(self, names: tuple[str, ...]) -> Any:
        """The statement that gives these columns new values where number and version are still the same."""
        if names not in self._updates:
            version = self.update.table.c.version
            same = (self._number == sa.bindparam("row_id"), version == sa.bindparam("row_version"))
            new: Any = {name: sa.bindparam(f"new_{name}") for name in names}
            self._updates[names] = self.update.where(*same).values(new).returning(self._number)
        return self._updates[names]


@lru_cache(maxsize=64)
def _shape_of(kind: Any) -> Shape:
    return Shape(kind)


def _usual(column: sa.Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is None:
        return lambda: None
    return _called(default)


def _called(default: Any) -> Callable[[], Any]:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)
