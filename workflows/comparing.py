"""Two versions of a definition side by side: what was added, removed, moved and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .definition.shapes import Criterion, Definition, Gate
from .definition.tracking import Tracker


@dataclass(frozen=True)
class Difference:
    """One thing that reads otherwise: its attribute, as in ``quorum``, and how it was and is; None where it is not."""

    what: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """What became of one part: ``added``, ``removed``, ``moved`` or ``changed``; ``within`` names its gate."""

    part: str
    key: str
    name: str
    how: str
    differences: tuple[Difference, ...] = ()
    within: str = ""


@dataclass(frozen=True)
class WeightRow:
    """A criterion's weight in both versions; None where it is not weighed."""

    name: str
    old: int | None
    new: int | None


@dataclass(frozen=True)
class Weights:
    gate: str
    rows: tuple[WeightRow, ...]

    @property
    def differ(self) -> bool:
        return any(row.old != row.new for row in self.rows)


@dataclass(frozen=True)
class Comparison:
    changes: tuple[Change, ...]
    weights: tuple[Weights, ...]

    @property
    def same(self) -> bool:
        return not self.changes


WHOLE = ("name", "summary", "funders_from")
STAGE = ("name", "short", "help", "moves_on_by", "review_months", "working_days")
GATE = (
    *("name", "short", "question", "comes_from", "leads_to", "quorum", "panel_size", "working_days", "reading_days"),
    *("scale", "recycle_to", "max_recycles", "ask_required", "co_chaired", "typical_ask", "track", "names"),
)
THRESHOLDS = ("go", "conditional", "recycle", "mean_mark")
CRITERION = ("name", "question", "help", "weight", "starred", "told_by")
LISTS: Mapping[str, tuple[str, ...]] = {
    "stages": STAGE,
    "deliverables": ("name", "code", "help", "kind", "expires", "columns", "questions", "size_limit", "made_of"),
    "canvas": ("name", "help", "type", "choices", "columns", "required_from", "personal", "audience", "max_length"),
    "tracks": ("name", "summary", "entry", "limits", "min_evidence"),
    "scales": ("name", "marks"),
    "evidence_levels": ("name", "test", "reached_by", "at_least", "shown_by"),
    "stop_reasons": ("name",),
    "outcomes": ("label", "description", "requires"),
    "attendees": ("name",),
}
ORDERED = ("stages", "canvas")
NO_TRACKER = Tracker("", 0)


def compare(old: Definition, new: Definition) -> Comparison:
    """Everything that a person would have to read twice, the older version first."""
    whole = _differences(old, new, WHOLE)
    for name in ("words", "after", "waivers", "pilot"):
        whole += _differences(getattr(old, name), getattr(new, name), tuple(vars(getattr(old, name))))
    whole += _differences(old.tracker or NO_TRACKER, new.tracker or NO_TRACKER, ("gate", "sooner_months"))
    changes = [Change("whole", new.key, new.name, "changed", whole)] if whole else []
    for name, said in LISTS.items():
        if name == "deliverables":
            changes += _gates(old, new)
        changes += _list(name, getattr(old, name), getattr(new, name), said)
    return Comparison(tuple(changes), tuple(_weights(old, new)))


def _differences(old: Any, new: Any, said: Sequence[str]) -> tuple[Difference, ...]:
    pairs = ((what, getattr(old, what), getattr(new, what)) for what in said)
    return tuple(Difference(what, before, after) for what, before, after in pairs if before != after)


def _said_of(item: Any, said: Sequence[str], *, gone: bool = False) -> tuple[Difference, ...]:
    """All that there is to read of what only one version has, but for its name."""
    found = [(what, getattr(item, what)) for what in said if what not in ("name", "label")]
    found += [(f"anchor {anchor.value}", anchor.text) for anchor in getattr(item, "anchors", ())]
    pairs = ((what, value) for what, value in found if value)
    return tuple(Difference(what, value, None) if gone else Difference(what, None, value) for what, value in pairs)


def _called(item: Any) -> str:
    return str(getattr(item, "name", None) or getattr(item, "label", "") or item.key)


def _list(part: str, old: Sequence[Any], new: Sequence[Any], said: Sequence[str], within: str = "") -> Iterator[Change]:
    before, after = ({item.key: item for item in items} for items in (old, new))
    for key, item in after.items():
        if key not in before:
            yield Change(part, key, _called(item), "added", _said_of(item, said), within)
        elif found := _differences(before[key], item, said) + _anchors(before[key], item):
            yield Change(part, key, _called(item), "changed", found, within)
    for key, item in before.items():
        if key not in after:
            yield Change(part, key, _called(item), "removed", _said_of(item, said, gone=True), within)
    kept = [[item.key for item in items if item.key in before and item.key in after] for items in (old, new)]
    if part in ORDERED and kept[0] != kept[1]:
        names = [tuple(_called(table[key]) for key in keys) for table, keys in zip((before, after), kept, strict=True)]
        yield Change(part, "", "", "moved", (Difference("order", *names),), within)


def _anchors(old: Any, new: Any) -> tuple[Difference, ...]:
    """What the marks of a criterion mean, mark by mark."""
    if not isinstance(new, Criterion):
        return ()
    before, after = ({anchor.value: anchor.text for anchor in item.anchors} for item in (old, new))
    values = sorted({*before, *after})
    return tuple(
        Difference(f"anchor {value}", before.get(value), after.get(value))
        for value in values
        if before.get(value) != after.get(value)
    )


def _gates(old: Definition, new: Definition) -> Iterator[Change]:
    before, after = ({gate.key: gate for gate in definition.gates} for definition in (old, new))
    for key, gate in after.items():
        if key not in before:
            yield Change("gates", key, gate.name, "added", _said_of(gate, GATE))
            continue
        was = before[key]
        found = _differences(was, gate, GATE) + _differences(was.thresholds, gate.thresholds, THRESHOLDS)
        found += tuple(_seats(was, gate))
        if found:
            yield Change("gates", key, gate.name, "changed", found)
        yield from _list("must", before[key].must, gate.must, CRITERION, gate.name)
        yield from _list("should", before[key].should, gate.should, CRITERION, gate.name)
        yield from _asks(before[key], gate)
    for key, gate in before.items():
        if key not in after:
            yield Change("gates", key, gate.name, "removed", _said_of(gate, GATE, gone=True))


def _seats(old: Gate, new: Gate) -> Iterator[Difference]:
    before, after = ({rule.kind: rule for rule in gate.composition} for gate in (old, new))
    for kind in dict.fromkeys((*before, *after)):
        least = tuple(table[kind].at_least if kind in table else None for table in (before, after))
        if least[0] != least[1]:
            yield Difference(f"seat {kind}", *least)


def _asks(old: Gate, new: Gate) -> Iterator[Change]:
    before, after = ({asked.deliverable.key: asked for asked in gate.asks} for gate in (old, new))
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            yield Change("asks", key, now.deliverable.name, "added", within=new.name)
        elif now is None and was is not None:
            yield Change("asks", key, was.deliverable.name, "removed", within=new.name)
        elif found := _differences(was, now, ("required", "update")):
            yield Change("asks", key, after[key].deliverable.name, "changed", found, new.name)


def _weights(old: Definition, new: Definition) -> Iterator[Weights]:
    """The weights of every gate that both have, in the order of the newer one."""
    before = {gate.key: gate for gate in old.gates}
    for gate in new.gates:
        if gate.key in before:
            tables = [{item.key: item for item in each.should} for each in (before[gate.key], gate)]
            keys = dict.fromkeys((*tables[1], *tables[0]))
            rows = (
                WeightRow(
                    (tables[1].get(key) or tables[0][key]).name,
                    tables[0][key].weight if key in tables[0] else None,
                    tables[1][key].weight if key in tables[1] else None,
                )
                for key in keys
            )
            yield Weights(gate.name, tuple(rows))
