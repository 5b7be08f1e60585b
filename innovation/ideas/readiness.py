"""What a gate asks of an idea, what is there, and what is missing, in sentences that a person can act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from innovation.values import dataclass
from workflows import CanvasField, Definition, Deliverable, Gate

WAIVED = "waived"


class Version(Protocol):
    """A version of a deliverable that was handed in."""

    deliverable: Any
    number: Any
    state: Any
    expires_on: Any


@dataclass(frozen=True)
class Item:
    """One line of the checklist; ``kind`` (canvas, deliverable, ask, condition) and ``key`` say where it leads."""

    kind: str
    key: str
    label: str
    done: bool
    required: bool = True
    detail: str = ""
    code: str = ""

    @property
    def state(self) -> bool | str:
        """Whether it is done, as a list shows it: what is waived is neither done nor missing."""
        return WAIVED if self.done and self.detail == WAIVED else self.done


@dataclass(frozen=True)
class Readiness:
    gate: Gate | None = None
    items: tuple[Item, ...] = ()
    missing: tuple[str, ...] = ()
    versions: tuple[Any, ...] = ()

    @property
    def ready(self) -> bool:
        return self.gate is not None and not self.missing

    @property
    def done(self) -> int:
        return sum(item.done for item in self.required)

    @property
    def required(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.required)


def readiness(
    definition: Definition,
    gate: Gate,
    answers: Mapping[str, Any],
    versions: Iterable[Version],
    *,
    has_ask: bool,
    today: dt.date,
    conditions: Sequence[str] = (),
    waived: Collection[str] = (),
) -> Readiness:
    """The checklist of a gate. ``answers`` holds canvas answers and what the idea itself keeps, by field key.

    ``waived`` are keys of deliverables that need not be there; the list says so.
    """
    empty = unanswered(definition.fields_required_at(gate.key), answers)
    by_key: dict[str, list[Version]] = {}
    versions = tuple(versions)
    for version in versions:
        by_key.setdefault(version.deliverable, []).append(version)
    items: list[Item] = []
    missing: list[str] = []
    for asked in gate.asks:
        deliverable = asked.deliverable
        if deliverable.kind == "generated":
            fault = _still_empty(empty)
            detail = "" if not empty else f"{len(empty)} to fill"
            item = Item(
                "canvas", deliverable.key, deliverable.name, not empty, asked.required, detail, deliverable.code
            )
        else:
            done, detail, fault = _state_of(deliverable, by_key.get(deliverable.key, []), today)
            if not done and deliverable.key in waived:
                done, detail = True, WAIVED
            item = Item(
                "deliverable", deliverable.key, deliverable.name, done, asked.required, detail, deliverable.code
            )
        items.append(item)
        if asked.required and not item.done:
            missing.append(fault)
    if empty and not any(item.kind == "canvas" and item.required for item in items):
        items.insert(0, Item("canvas", "canvas", "Canvas", done=False, detail=f"{len(empty)} to fill"))
        missing.insert(0, _still_empty(empty))
    if gate.ask_required:
        items.append(Item("ask", "ask", "Ask to funders", has_ask))
        if not has_ask:
            missing.append("Say what the idea asks from funders: money, months and places.")
    items += [Item("condition", str(number), text, done=False) for number, text in enumerate(conditions)]
    return Readiness(gate, tuple(items), (*missing, *conditions), versions)


def unanswered(fields: Iterable[CanvasField], answers: Mapping[str, Any]) -> list[CanvasField]:
    """The fields that have no answer yet; nought is an answer."""
    return [field for field in fields if answers.get(field.key) in (None, "", [], (), {})]


def _still_empty(fields: Sequence[CanvasField]) -> str:
    return f"Fill in on the canvas: {'; '.join(field.name.rstrip('?') for field in fields)}."


def _state_of(deliverable: Deliverable, versions: Sequence[Version], today: dt.date) -> tuple[bool, str, str]:
    """Done, a short word about it, and what to do; the newest accepted version counts while it has not expired."""
    name = deliverable.name
    if not versions:
        return False, "", f"Hand in: {name}."
    newest = max(versions, key=lambda version: int(version.number))
    accepted = [version for version in versions if version.state == "accepted"]
    valid = [v for v in accepted if v.expires_on is None or v.expires_on >= today]
    if valid:
        return True, f"v{max(v.number for v in valid)}", ""
    if newest.state == "handed_in":
        return (
            False,
            f"v{newest.number}, to be accepted",
            f"{name}: the coordinator has not accepted version {newest.number} yet.",
        )
    if newest.state == "returned":
        return False, f"v{newest.number}, returned", f"{name} was returned. Read why, and hand in a new version."
    expired = max(v.expires_on for v in accepted)
    day = f"{expired.day} {expired:%b %Y}"
    return False, f"expired {day}", f"{name} expired on {day}. Hand in a newer one."
