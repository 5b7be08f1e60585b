"""The part of the map about playbooks and rollouts."""

from __future__ import annotations

from typing import Any

from innovation.replication.models import Playbook, PlaybookVersion, Rollout, RolloutAdaptation
from tests.architecture.sights import STAFF, TEAM, Case, Cases, Page, get, idea_with, ideas, nothing, only
from tests.architecture.world import World

TRIED = ("piloting",)


def rollouts(model: type[Any] = Rollout, kind: str = "rollout", name: str = "running", **more: Any) -> Cases:
    """The rollout that runs, which its adopter sees beside the team and the programme; and one that is not there."""

    def cases(world: World) -> list[Case]:
        there = {"reference": world.things["idea"]["piloting"], "number": 1}
        there |= {key: value(world) if callable(value) else value for key, value in more.items()}
        thing = get(model, world.things[kind][name])
        return [
            Case(name, there, thing, frozenset(TEAM | STAFF | {"other_owner"})),
            Case("no such rollout", {**there, "number": 99}, nothing, frozenset()),
        ]

    return cases


PLAYBOOKS = {
    "replication.playbook": Page(
        ideas("piloting", "captured", "foreign", "behind a wall"), sees="see_spread", writes="write_playbook"
    ),
    "replication.public_playbook": Page(
        idea_with(TRIED, lambda world: get(Playbook, world.things["playbook"]["piloting"])), writes="close_playbook"
    ),
    "replication.playbook_version": Page(
        idea_with(TRIED, lambda world: get(PlaybookVersion, world.things["playbook_version"]["draft"]), number=2),
        sees="see_spread",
        writes="write_playbook",
    ),
    "replication.rollouts": Page(
        ideas("piloting", "foreign", "behind a wall"), sees="see_spread", writes="keep_rollout"
    ),
    "replication.rollout": Page(rollouts(), sees="see_rollout"),
    "replication.keep_rollout": Page(rollouts(what="people"), writes="keep_rollout"),
    "replication.rollout_site": Page(
        rollouts(site_id=lambda world: world.things["rollout_site"]["running"]),
        sees="keep_rollout",
        writes="keep_rollout",
    ),
    "replication.fill_rollout": Page(rollouts(what="training"), writes="fill_rollout"),
    "replication.settle_adaptation": Page(
        rollouts(
            RolloutAdaptation,
            "adaptation",
            "tried",
            adaptation_id=lambda world: world.things["adaptation"]["tried"],
        ),
        writes="fill_rollout",
    ),
    "replication.how_to": Page(only(reference=lambda world: world.things["idea"]["piloting"]), public=True),
}
