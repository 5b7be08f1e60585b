"""The part of the map about the way into the system."""

from __future__ import annotations

from typing import Any

from innovation.replication.system_models import HandoverStep, HomeReference, PostReview, SystemHome, TrackerMark
from tests.architecture.sights import IDEAS, STAFF, TEAM, Case, Cases, Page, get, ideas, nothing
from tests.architecture.world import World

ON_ITS_WAY, ARRIVED = "system replicating", "system institutionalised"


def of_idea(kind: str, name: str, model: type[Any], idea: str = ON_ITS_WAY, /, **more: Any) -> Cases:
    """A thing of an idea, which its team and the programme see; and the same address of no idea."""

    def cases(world: World) -> list[Case]:
        given = {key: value(world) if callable(value) else value for key, value in more.items()}
        there = {"reference": world.things["idea"][idea], **given}
        thing = get(model, world.things[kind][name])
        return [
            Case(name, there, thing, frozenset(IDEAS[idea] & (TEAM | STAFF))),
            Case("no such idea", {**there, "reference": "LP26-999999"}, nothing, frozenset()),
        ]

    return cases


def reviews(world: World) -> list[Case]:
    """A review, which whoever speaks for the post sees beside the team and the programme."""
    there = {"reference": world.things["idea"][ARRIVED], "number": 1}
    thing = get(PostReview, world.things["post_review"]["handed in"])
    return [
        Case("handed in", there, thing, frozenset(TEAM | STAFF | {"other_owner"})),
        Case("no such review", {**there, "number": 99}, nothing, frozenset()),
    ]


def tracked(*names: str, **more: Any) -> Cases:
    """Ideas with a tracker, as those see them who may see how they spread."""

    def cases(world: World) -> list[Case]:
        return [
            Case(case.name, {**case.arguments, **more}, case.thing, case.seen_by & frozenset(TEAM | STAFF | FOREIGN))
            for case in ideas(*names)(world)
        ]

    return cases


def homes(world: World) -> list[Case]:
    """The homes of ideas, which whoever speaks for the post sees beside those who see how the ideas spread."""
    arrived = Case(
        "agreed",
        {"reference": world.things["idea"][ARRIVED]},
        get(SystemHome, world.things["home"]["agreed"]),
        frozenset(TEAM | STAFF | {"other_owner"}),
    )
    return [arrived, *tracked(ON_ITS_WAY, "foreign", "behind a wall")(world)]


FOREIGN = {"foreign_manager"}
INTO_SYSTEM = {
    "replication.tracker": Page(tracked(ON_ITS_WAY, "captured", "foreign", "behind a wall"), sees="see_spread"),
    "replication.tracked_criterion": Page(
        tracked(ON_ITS_WAY, "foreign", criterion="G4-S1"), sees="see_spread", writes="propose_mark"
    ),
    "replication.judge_mark": Page(
        of_idea("mark", "waits", TrackerMark, mark_id=lambda world: world.things["mark"]["waits"]), writes="judge_mark"
    ),
    "replication.mark_file": Page(
        of_idea("mark", "counted", TrackerMark, mark_id=lambda world: world.things["mark"]["counted"]),
        sees="see_spread",
        absent="the file of this world is nowhere",
    ),
    "replication.system_pack": Page(
        tracked(ON_ITS_WAY, "foreign", key="handover_plan"), sees="see_spread", writes="keep_home"
    ),
    "replication.system_home": Page(homes, sees="see_home"),
    "replication.keep_home": Page(
        of_idea("home", "planned", SystemHome, what="sides"),
        writes="keep_home",
    ),
    "replication.finish_step": Page(
        of_idea("home_row", "step", HandoverStep, row_id=lambda world: world.things["home_row"]["step"]),
        writes="finish_step",
    ),
    "replication.remove_home_row": Page(
        of_idea(
            *("home_row", "reference", HomeReference),
            kind="reference",
            row_id=lambda world: world.things["home_row"]["reference"],
        ),
        writes="keep_home",
    ),
    "replication.post_reviews": Page(tracked(ARRIVED, "foreign", "behind a wall"), sees="see_spread"),
    "replication.post_review": Page(reviews, sees="see_post_review", writes="fill_post_review"),
    "replication.post_review_outcome": Page(reviews, writes="decide_post_review"),
    "replication.after_handover": Page(sees="list_handed_over"),
}
