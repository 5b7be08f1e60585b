"""Who sees which meeting, and the items of its agenda."""

from __future__ import annotations

from typing import Any

from innovation.meetings.models import AgendaItem, Meeting
from tests.architecture.sights import CLEARED, SEATS, STAFF, Case, Cases, get, nothing
from tests.architecture.world import World

MEETINGS: dict[str, set[str]] = {
    **dict.fromkeys(("planned", "open", "minuted"), STAFF | set(SEATS)),
    "foreign": {"foreign_manager"},
}


def meetings(*names: str, thing: tuple[type[Any], str] | None = None, **more: Any) -> Cases:
    """Meetings by name; ``thing`` is a model and a kind where the policies look at something else of the meeting."""

    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        found = [
            Case(
                name,
                {"meeting_id": world.things["meeting"][name], **arguments},
                get(thing[0], world.things[thing[1]][name]) if thing else get(Meeting, world.things["meeting"][name]),
                frozenset(MEETINGS[name]),
            )
            for name in names or ("planned", "foreign")
        ]
        return [*found, Case("no such meeting", {"meeting_id": 999_999, **arguments}, nothing, frozenset())]

    return cases


def agenda_items(model: type[Any] = AgendaItem, kind: str = "item", **more: Any) -> Cases:
    """The item in hand of the open meeting: there for whoever may read it, and for nobody else who was asked."""

    def cases(world: World) -> list[Case]:
        arguments = {k: v(world) if callable(v) else v for k, v in more.items()}
        place = {"meeting_id": world.things["meeting"]["open"], **arguments}
        number = world.things["item"]["open"]
        there = get(model, world.things[kind]["open"])
        return [
            Case("in hand", {**place, "item_id": number}, there, frozenset(CLEARED | STAFF)),
            Case("no such item", {**place, "item_id": 999_999}, nothing, frozenset()),
        ]

    return cases
