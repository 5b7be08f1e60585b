"""A TOML table being read: every value is asked for by name and type, and what is wrong is noted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
KEY_LENGTH = 36
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a definition: where, as in ``gates[1].should[3].weight``, and what."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DefinitionFault(Exception):
    """A definition that cannot be used: holds every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Faults:
    """The faults noted so far; a place that is already at fault is not blamed twice."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._places: set[str] = set()

    def note(self, place: str, message: str) -> None:
        if not self.at(place):
            self.found.append(Fault(place, message))
            self._places.add(place)

    def at(self, place: str) -> bool:
        return place in self._places

    def within(self, place: str) -> bool:
        """Whether the place, or anything inside it, is at fault."""
        inside = (f"{place}.", f"{place}[")
        return any(fault.place == place or fault.place.startswith(inside) for fault in self.found)


class Table:
    """Reads one table; what is missing or of the wrong type is noted, and a harmless value given."""

    def __init__(self, content: Mapping[str, Any], place: str, faults: Faults) -> None:
        self.content = content
        self.place = place
        self.faults = faults
        self.asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def text(self, key: str, default: str | None = None) -> str:
        value = self._value(key, str, "text", default)
        if isinstance(value, str) and not value.strip() and default is None:
            self.faults.note(self.at(key), "is empty")
        if isinstance(value, str) and UNSEEN.search(value):
            self.faults.note(self.at(key), "holds a character that nobody can see")
        return value.strip() if isinstance(value, str) else (default or "")

    def maybe_text(self, key: str) -> str | None:
        self.asked.add(key)
        return self.text(key) if key in self.content else None

    def key(self, key: str = "key", at_most: int = KEY_LENGTH) -> str:
        value = self.text(key)
        if value and not KEY.fullmatch(value):
            self.faults.note(self.at(key), "may hold only letters, digits, - and _, and starts with a letter")
        if len(value) > at_most:
            self.faults.note(self.at(key), f"is longer than {at_most} characters")
        return value

    def maybe_key(self, key: str) -> str | None:
        self.asked.add(key)
        return self.key(key) if key in self.content else None

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in allowed:
            self.faults.note(self.at(key), f"is none of {', '.join(allowed)}")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        value = self._value(key, int, "a whole number", default)
        return value if isinstance(value, int) else 0

    def maybe_whole(self, key: str) -> int | None:
        self.asked.add(key)
        return self.whole(key) if key in self.content else None

    def number(self, key: str) -> float:
        value = self._value(key, (int, float), "a number", None)
        return value if isinstance(value, int | float) else 0

    def maybe_number(self, key: str) -> float | None:
        self.asked.add(key)
        return self.number(key) if key in self.content else None

    def yes(self, key: str, default: bool = False) -> bool:
        return self._value(key, bool, "true or false", default) is True

    def words(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._value(key, list, "a list of text", default)
        items: list[str] = []
        for index, item in enumerate(value or ()):
            if isinstance(item, str):
                items.append(item)
            else:
                self.faults.note(f"{self.at(key)}[{index}]", "must be text")
        return tuple(items)

    def absent(self, key: str) -> bool:
        """True where the definition says nothing of this, and need not."""
        self.asked.add(key)
        return key not in self.content

    def table(self, key: str) -> Table:
        """The table inside; where there is none, that is one fault, and what it would hold is not asked for."""
        value = self._value(key, dict, "a table", None)
        return Table(value or {}, self.at(key), Faults() if value is None else self.faults)

    def tables(self, key: str, required: bool = True) -> list[Table]:
        value = self._value(key, list, "a list of tables", None if required else ())
        found: list[Table] = []
        for index, item in enumerate(value or ()):
            place = f"{self.at(key)}[{index}]"
            if isinstance(item, dict):
                found.append(Table(item, place, self.faults))
            else:
                self.faults.note(place, "must be a table")
        return found

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.content:
            if key not in self.asked:
                self.faults.note(self.at(key), "is not known here")

    def _value(self, key: str, wanted: Any, called: str, default: Any) -> Any:
        self.asked.add(key)
        if key not in self.content:
            if default is None:
                self.faults.note(self.at(key), "is missing")
            return default
        value = self.content[key]
        # In Python True is a whole number; in a definition it is not.
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            self.faults.note(self.at(key), f"must be {called}")
            return default
        return value
