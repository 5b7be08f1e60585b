"""What a version of a playbook holds, what it costs, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from innovation.values import dataclass

TEXTS = ("title", "who_for", "before", "time", "mistakes", "licence")
ROWS = ("steps", "materials", "training", "costs")


@dataclass(frozen=True)
class Part:
    """A part of what is done: a core one is not changed; how another may be, it says itself."""

    key: int
    name: str
    what: str = ""
    core: bool = True
    how: str = ""


@dataclass(frozen=True)
class Step:
    do: str
    who: str = ""
    time: str = ""


@dataclass(frozen=True)
class Material:
    item: str
    number: str = ""


@dataclass(frozen=True)
class Training:
    who: str
    hours: float | None = None
    what: str = ""


@dataclass(frozen=True)
class Cost:
    """An ingredient: so many of a unit, each at a price in cents."""

    item: str
    number: float = 1
    unit: str = ""
    cents: int = 0

    @property
    def total(self) -> int:
        return round(self.number * self.cents)


@dataclass(frozen=True)
class Content:
    """``reaches`` is the number of people for whom the costs are counted."""

    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()
    materials: tuple[Material, ...] = ()
    training: tuple[Training, ...] = ()
    costs: tuple[Cost, ...] = ()
    reaches: int | None = None

    @property
    def total(self) -> int:
        """The cost of all ingredients, in cents."""
        return sum(cost.total for cost in self.costs)

    @property
    def cents_each(self) -> int | None:
        """The cost for each person reached, in cents, rounded up; None where nobody has counted."""
        return -(-self.total // self.reaches) if self.costs and self.reaches else None

    def part(self, key: int) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)


KINDS: dict[str, Callable[..., Any]] = {
    "parts": Part,
    "steps": Step,
    "materials": Material,
    "training": Training,
    "costs": Cost,
}


def read(kept: Mapping[str, Any]) -> Content:
    """The content as a version keeps it."""
    rows: dict[str, Any] = {name: tuple(kind(**row) for row in kept.get(name, ())) for name, kind in KINDS.items()}
    return Content(**rows, reaches=kept.get("reaches"))


def keep(rows: Mapping[str, Iterable[Mapping[str, Any]]], reaches: int | None, known: int) -> dict[str, Any]:
    """What a version keeps of the rows that were filled in. New parts get keys after ``known``, the last one given."""
    kept: dict[str, Any] = {name: [dict(row) for row in rows.get(name, ())] for name in KINDS}
    given: set[int] = set()
    for part in kept["parts"]:
        key = part.get("key")
        if not isinstance(key, int) or not 0 < key <= known or key in given:
            key = known = known + 1
        part["key"] = key
        given.add(key)
    return kept | {"reaches": reaches}


@dataclass(frozen=True)
class Change:
    """One difference: where, ``added``, ``removed`` or ``changed``, and what was there before and after."""

    where: str
    kind: str
    before: str = ""
    after: str = ""


Fields = Mapping[str, Any]


def compare(old: Fields, new: Fields) -> list[Change]:
    """What changed between two versions, each as its texts and its ``content``."""
    before, after = read(old["content"]), read(new["content"])
    found = [
        Change(name, "changed", str(old[name] or ""), str(new[name] or ""))
        for name in TEXTS
        if (old[name] or "") != (new[name] or "")
    ]
    found += _parts(before, after)
    for name in ROWS:
        found += _rows(name, getattr(before, name), getattr(after, name))
    if before.reaches != after.reaches:
        found.append(Change("reaches", "changed", str(before.reaches or ""), str(after.reaches or "")))
    return found


def _parts(old: Content, new: Content) -> Iterator[Change]:
    for part in new.parts:
        was = old.part(part.key)
        if was is None:
            yield Change("parts", "added", after=part.name)
        elif was != part:
            yield Change("parts", "changed", _told(was), _told(part))
    for part in old.parts:
        if new.part(part.key) is None:
            yield Change("parts", "removed", before=part.name)


def _rows(where: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Change]:
    """Rows that came and went; where the same rows stand in another order, that is the change."""
    came, went = [row for row in new if row not in old], [row for row in old if row not in new]
    yield from (Change(where, "removed", before=_told(row)) for row in went)
    yield from (Change(where, "added", after=_told(row)) for row in came)
    if not came and not went and old != new:
        yield Change(where, "moved")


TOLD = ("name", "what", "how", "do", "item", "number", "unit", "who", "hours", "time")


def _told(row: Any) -> str:
    """A row in one line."""
    values = (getattr(row, name, "") for name in TOLD)
    said = [f"{value:g}" if isinstance(value, float) else str(value) for value in values if value not in (None, "")]
    if isinstance(row, Part):
        said.append("core" if row.core else "adaptable")
    if isinstance(row, Cost):
        said.append(f"{row.cents / 100:.2f}")
    return " · ".join(said)
