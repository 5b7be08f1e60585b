"""The part of the map about the plans of pilots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.pilots.plan_models import Pilot
from tests.architecture.sights import Case, Cases, Page, get, idea_with, ideas
from tests.architecture.world import World

WITH_PLANS = ("ready", "piloting")
PARTS = ("outline", "measures", "permissions")


def its_plan(world: World) -> Callable[[], Any]:
    return get(Pilot, world.things["pilot"]["ready"])


def part_pages(world: World) -> list[Case]:
    pages = idea_with(("ready",), its_plan)
    found = [
        Case(f"{case.name} {part}", {**case.arguments, "part": part}, case.thing, case.seen_by)
        for part in PARTS
        for case in pages(world)
    ]
    running = idea_with(("piloting",))(world)[:1]
    return [
        *found,
        *(Case("amended", {**each.arguments, "part": "budget"}, each.thing, each.seen_by) for each in running),
    ]


def sites(name: str) -> Cases:
    return idea_with((name,), site_id=lambda world: world.things["pilot_site"][name])


def site_pages(world: World) -> list[Case]:
    return [case for name in WITH_PLANS for case in sites(name)(world)]


PLANS_OF_PILOTS = {
    "pilots.plan": Page(
        ideas("ready", "piloting", "funded", "captured", "foreign", "behind a wall"),
        sees="see_pilot",
        writes="run_pilot",
    ),
    "pilots.plan_part": Page(part_pages, sees="run_pilot", writes="run_pilot"),
    "pilots.sites": Page(ideas(*WITH_PLANS), sees="see_pilot", writes="run_pilot"),
    "pilots.site": Page(site_pages, sees="run_pilot", writes="run_pilot"),
    "pilots.start": Page(idea_with(("ready",), its_plan), writes="start_pilot"),
}
