"""Who may do what with which thing of the world: every policy asked for every persona."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from innovation import permission
from innovation.accounts.models import Account, Person
from innovation.app import AREAS
from innovation.clinics.models import Clinic
from innovation.db import db, now
from innovation.funders.commitment_models import Commitment, Talk, Tranche
from innovation.funders.models import Funder, Interest
from innovation.gates.after_models import Reconsideration
from innovation.gates.assignment_models import Assignment
from innovation.gates.models import Condition, Panel, Review, Seat
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Attachment, Contributor, Handin, Idea, Wall
from innovation.ideas.policy import idea_of
from innovation.jobs.models import Job
from innovation.meetings.models import AgendaItem, Meeting, Motion
from innovation.notifications.models import Notice
from innovation.permission import Actor, Policy
from innovation.pilots.incident_models import Incident
from innovation.pilots.models import Milestone
from innovation.pilots.reading_models import StopWarning
from innovation.pilots.spend_models import SpendEntry
from innovation.pilots.visit_models import PilotVisit, VisitPhone
from innovation.programmes.models import Programme
from innovation.replication.models import Rollout
from innovation.replication.system_models import PostReview, SystemHome, TrackerMark
from tests import make
from tests.architecture.sights import PERSONAS
from tests.architecture.stage import Stage

APPROVED = Path(__file__).parent / "rights.txt"
NOBODY = {"stranger", "ended"}
ALIKE = {
    "convened",
    "waiting",
    "introduced",
    "talked",
    "funded",
    "co-funded",
    "open",
    "whole",
    "another's",
    "observer",
    "secretary",
    "seat_none",
    "seat_undeclared",
    "settled",
    "system replicating",
    "system institutionalised",
}
ABOUT = {
    "accounts": {"nothing", "person", "account"},
    "clinics": {"nothing", "clinic"},
    "dossiers": {"nothing", "idea", "meeting"},
    "funders": {"nothing", "funder", "idea", "interest", "talk", "commitment", "tranche"},
    "gates": {"nothing", "idea", "review", "seat", "condition", "panel", "reconsideration", "assignment"},
    "meetings": {"nothing", "panel", "meeting", "item", "motion"},
    "ideas": {"nothing", "idea", "attachment", "contributor", "handin", "lesson", "clinic", "programme"},
    "insights": {"nothing"},
    "jobs": {"nothing", "job"},
    "notifications": {"nothing", "notice"},
    "pilots": {"nothing", "idea", "milestone", "stop_warning", "incident", "spend", "visit", "visit_phone"},
    "pipeline": {"nothing", "idea"},
    "places": {"nothing", "programme"},
    "programmes": {"nothing", "programme"},
    "replication": {"nothing", "idea", "rollout", "mark", "home", "post_review"},
}
"""What the policies of each area are about."""
TWO_HATS = ("chair", "coordinator", "manager", "seat_accepted")


def rights(stage: Stage) -> list[str]:
    """The table: for each policy who may, and with which things; what nobody may is left out.

    ``+`` and ``-`` say who may, or may not, once they have a second hat: as the owner, as a contributor ..
    """
    lines: dict[tuple[str, str], list[str]] = {}
    with stage.app.app_context(), db.session.no_autoflush:
        actors = {p: Actor() if p in NOBODY else make.actor(stage.world.person(p)) for p in PERSONAS}
        for kind, name, thing in list(_things(stage)):
            for policy, able in _able_at(kind, actors, thing).items():
                lines.setdefault((policy, ", ".join(able)), []).append(f"{kind} {name}")
        for persona, hat in product(TWO_HATS, HATS):
            for policy, change, thing_name in _changes(stage, {persona: actors[persona]}, hat):
                lines.setdefault((policy, f"{change} {persona} {hat}"), []).append(thing_name)
        db.session.remove()
    return [f"{name}: {who}: {'; '.join(at)}" for (name, who), at in sorted(lines.items())]


def _changes(stage: Stage, actor: dict[str, Actor], hat: str) -> Iterator[tuple[str, str, str]]:
    """What somebody may no longer do, or may do besides, with the things of an idea once they have a second hat."""
    for kind, name, thing in list(_idea_things(stage)):
        before = _able_at(kind, actor, thing).keys()
        HATS[hat](idea_of(thing), next(iter(actor.values())).person_id or 0)
        after = _able_at(kind, actor, thing).keys()
        db.session.rollback()
        yield from ((policy, "-", f"{kind} {name}") for policy in before - after)
        yield from ((policy, "+", f"{kind} {name}") for policy in after - before)


def _able_at(kind: str, actors: dict[str, Actor], thing: Any) -> dict[str, list[str]]:
    """For each policy that is about such a thing, who may."""
    asked = {name: policy for name, policy in permission.policies.items() if kind in ABOUT[_area_of(name)]}
    if kind in ("reconsideration", "lesson"):  # about a review, or an idea, and only these are about nothing else
        asked = {name: policy for name, policy in asked.items() if kind in name}
    found = {name: _able(policy, actors, thing) for name, policy in asked.items()}
    return {name: able for name, able in found.items() if able}


@cache
def _area_of(name: str) -> str:
    """The area whose policy it is."""
    for area in AREAS:
        full = f"innovation.{area}.policy"
        if importlib.util.find_spec(full) and hasattr(importlib.import_module(full), f"may_{name}"):
            return area
    raise LookupError(name)


def _able(policy: Policy, actors: dict[str, Actor], thing: Any) -> list[str]:
    try:
        return [persona for persona, actor in actors.items() if policy.allows(actor, thing)]
    except AttributeError:  # the policy is about something else
        return []


def _things(stage: Stage) -> Iterator[tuple[str, str, Any]]:
    """The things of the world by kind and name, and nothing at all."""
    world = stage.world.things
    yield "nothing", "", None
    yield from _idea_things(stage)
    others = (
        ("panel", Panel),
        ("clinic_id", Clinic),
        ("funder", Funder),
        ("notice", Notice),
        ("job", Job),
        ("assignment", Assignment),
        ("meeting", Meeting),
    )
    for kind, model in others:
        for name, number in world[kind].items():
            yield kind.removesuffix("_id"), name, db.session.get_one(model, number)
    for name, key in world["programme"].items():
        yield "programme", name, make.first(Programme, key=key)
    for persona in ("owner", "facilitator", "administrator"):
        person = db.session.get_one(Person, stage.world.people[persona])
        yield "person", persona, person
        yield "account", persona, make.first(Account, person_id=person.id)


def _idea_things(stage: Stage) -> Iterator[tuple[str, str, Any]]:
    """Ideas and what belongs to them."""
    world = stage.world.things
    for kind, model in (
        *(("idea_id", Idea), ("review", Review), ("seat", Seat), ("condition", Condition)),
        ("reconsideration", Reconsideration),
        *(("attachment", Attachment), ("contributor", Contributor), ("interest", Interest)),
        *(("item", AgendaItem), ("motion", Motion)),
        *(("talk", Talk), ("commitment", Commitment), ("tranche", Tranche), ("milestone", Milestone)),
        *(("stop_warning", StopWarning), ("incident", Incident), ("spend", SpendEntry)),
        *(("visit", PilotVisit), ("visit_phone", VisitPhone)),
        ("lesson", Lesson),
        ("rollout", Rollout),
        *(("mark", TrackerMark), ("home", SystemHome), ("post_review", PostReview)),
    ):
        for name, number in world[kind].items():
            if name not in ALIKE:
                yield kind.removesuffix("_id"), name, db.session.get_one(model, number)
    yield "handin", "one", make.first(Handin)


def _own(idea: Idea, person_id: int) -> None:
    idea.owner_id = person_id


def _contribute(idea: Idea, person_id: int) -> None:
    idea.contributors.append(Contributor(person_id=person_id, role="Both", added_at=now()))


def _conflict(idea: Idea, person_id: int) -> None:
    idea.walls.append(Wall(person_id=person_id, why="affiliation:1"))


def _write(idea: Idea, person_id: int) -> None:
    idea.captured_by_id = person_id


HATS = {"as owner": _own, "as contributor": _contribute, "in conflict": _conflict, "as writer": _write}
