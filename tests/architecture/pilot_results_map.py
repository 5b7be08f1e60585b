"""The part of the map about what a pilot shows, and the pack for the next gate that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.pilots.plan_models import Pilot
from tests.architecture.sights import Case, Cases, Page, get, idea_with, ideas
from tests.architecture.world import World

MEASURED = ("funded",)


def its_pilot(world: World) -> Callable[[], Any]:
    return get(Pilot, world.things["measured_pilot"]["funded"])


def measured(**more: str) -> Cases:
    """The idea whose pilot has readings; one without a pilot, and those that are not there, have no such page."""

    def cases(world: World) -> list[Case]:
        without = [
            Case(each.name, {**each.arguments, **more}, each.thing, frozenset()) for each in ideas("held")(world)
        ]
        return [*idea_with(MEASURED, its_pilot, **more)(world), *without]

    return cases


RESULTS = {
    "pilots.results": Page(measured(), sees="see_pilot"),
    "pilots.pack": Page(measured(key="results"), sees="see_pilot", writes="run_pilot"),
}
