"""The part of the map about readings and stop warnings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.pilots.reading_models import StopWarning
from tests.architecture.measuring import KEY
from tests.architecture.sights import Case, Page, get, idea_with, ideas, nothing
from tests.architecture.world import World

PILOTED = ("piloting",)


def the_warning(world: World) -> Callable[[], Any]:
    return get(StopWarning, world.things["stop_warning"]["piloting"])


def measured(name: str) -> Callable[[World], Any]:
    return lambda world: world.things["measured"][name]


def the_table(world: World) -> list[Case]:
    """A table that waits is there for who sent it, and for nobody else."""
    reference = world.things["idea"]["piloting"]
    return [
        Case("the table", {"reference": reference, "key": KEY}, nothing, frozenset({"owner"})),
        Case("no such table", {"reference": reference, "key": "unknown"}, nothing, frozenset()),
    ]


READINGS = {
    "pilots.readings": Page(ideas(*PILOTED), sees="type_readings", writes="type_readings"),
    "pilots.reading_history": Page(
        idea_with(PILOTED, indicator_id=measured("indicator"), site_id=measured("site")), sees="type_readings"
    ),
    "pilots.measured": Page(ideas(*PILOTED), sees="see_pilot"),
    "pilots.answer_warning": Page(
        idea_with(PILOTED, the_warning, warning_id=lambda world: world.things["stop_warning"]["piloting"]),
        writes="answer_stop_warning",
    ),
    "pilots.import_readings": Page(ideas(*PILOTED), sees="import_readings", writes="import_readings"),
    "pilots.import_readings_step": Page(the_table),
}
