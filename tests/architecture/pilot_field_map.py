"""The part of the map about visits to the sites of pilots, with the page for phones, and about adaptations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.pilots.visit_models import PilotVisit, VisitPhone
from tests.architecture.sights import Page, get, idea_with, ideas, only
from tests.architecture.visiting import NUMBER
from tests.architecture.world import World

PILOTED = ("piloting",)


def the_visit(world: World) -> Callable[[], Any]:
    return get(PilotVisit, world.things["visit"]["piloting"])


def the_phone(world: World) -> Callable[[], Any]:
    return get(VisitPhone, world.things["visit_phone"]["piloting"])


def numbered(thing: Callable[[World], Callable[[], Any]] | None = None, **more: Any) -> Any:
    return idea_with(PILOTED, thing, number=NUMBER, **more)


FIELD = {
    "pilots.visits": Page(ideas(*PILOTED), sees="see_pilot"),
    "pilots.visit_form": Page(ideas(*PILOTED), sees="record_visit", writes="record_visit"),
    "pilots.visit": Page(numbered(), sees="see_pilot"),
    "pilots.visit_correction": Page(numbered(the_visit), sees="correct_visit", writes="correct_visit"),
    "pilots.visit_photo": Page(numbered(the_visit), sees="see_pilot", writes="remove_visit_photo"),
    "pilots.end_visit_phone": Page(
        idea_with(PILOTED, the_phone, phone_id=lambda world: world.things["visit_phone"]["piloting"]),
        writes="shut_out_visit_phone",
    ),
    "pilots.adaptations": Page(ideas(*PILOTED), sees="see_pilot", writes="adapt_pilot"),
    "pilots.next_cycle": Page(idea_with(PILOTED, number=NUMBER + 1), writes="adapt_pilot"),
    "pilots.adaptation_step": Page(numbered(what="try"), writes="adapt_pilot"),
    **{f"pilots.{name}": Page(public=True) for name in ("visit_page", "visit_worker", "visit_manifest")},
    "pilots.take_pilot_along": Page(
        only(reference=lambda world: world.things["idea"]["piloting"]),
        public=True,
        absent="only who may write visits down takes the pilot along",
    ),
    "pilots.pilot_along": Page(public=True, by_token=True),
    "pilots.receive_visit": Page(public=True, by_token=True),
}
