"""Things read from rows of plain columns: SQLAlchemy's own loader takes twice the time for the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from innovation.db import db


class Kinds:
    """Kinds of things, or aliases of them, that stand beside each other in each row of a statement."""

    def __init__(self, *kinds: Any) -> None:
        self._kinds = [Kind(kind) for kind in kinds]
        self.columns: list[Any] = [column for kind in self._kinds for column in kind.columns]

    def made(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """The things in each row; None in the place of one that an outer join has not found."""
        session, parts, begin = db.session(), [], 0
        for kind in self._kinds:
            parts.append((kind, begin, begin := begin + len(kind.columns)))
        return [tuple([kind.made(session, row[start:end]) for kind, start, end in parts]) for row in rows]


class Kind:
    """What a thing of one kind is made from; those that the session knows stay as they are."""

    def __init__(self, kind: Any) -> None:
        known: Any = sa.inspect(kind)
        self._class, self._manager = known.mapper.class_, known.mapper.class_manager
        table = known.mapper.local_table
        [number] = table.primary_key
        attributes = [known.mapper.get_property_by_column(column) for column in table.c]
        now = [(each.key, column.name) for each, column in zip(attributes, table.c, strict=True) if not each.deferred]
        self._keys = [key for key, _name in now]
        self.columns = [known.selectable.c[name] for _key, name in now]
        self._number = [column.name for column in self.columns].index(number.name)

    def place_of(self, key: str) -> int:
        """Where the value of an attribute stands among the columns."""
        return self._keys.index(key)

    def read_anew(self, thing: Any, values: Sequence[Any]) -> None:
        """Give a thing that is known the values of a newer row."""
        for name, value in zip(self._keys, values, strict=True):
            set_committed_value(thing, name, value)

    def made(self, session: Any, values: Sequence[Any]) -> Any:
        number = values[self._number]
        if number is None:
            return None
        key = (self._class, (number,), None)
        thing = session.identity_map.get(key)
        if thing is not None:
            for name, value in zip(self._keys, values, strict=True):
                if name not in thing.__dict__:
                    set_committed_value(thing, name, value)
            return thing
        thing = self._manager.new_instance()
        thing.__dict__.update(zip(self._keys, values, strict=True))
        state: Any = instance_state(thing)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return thing
