"""Playbooks and rollouts for tests: a published version, and adopters that learned from one another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import now
from innovation.ideas.models import Idea
from innovation.replication.codes import LICENCE
from innovation.replication.models import Playbook, PlaybookVersion, Rollout, RolloutSite, RolloutTraining
from innovation.replication.places import keep_places
from tests import make

PARTS = (
    {"key": 1, "name": "Reading aloud", "what": "A quarter of an hour each day.", "core": True},
    {"key": 2, "name": "Books", "what": "Forty titles.", "core": False, "how": "In the language of the place."},
)
CONTENT: dict[str, Any] = {
    "parts": list(PARTS),
    "steps": [{"do": "Choose a room."}, {"do": "Read.", "who": "A reader", "time": "15 minutes"}],
    "costs": [{"item": "Books", "number": 40.0, "unit": "titles", "cents": 60_00}],
    "reaches": 100,
}
TEXTS = {"title": "A reading corner", "who_for": "Whoever wants children to read.", "licence": LICENCE}
FIDELITY = {"adherence": 80, "exposure": 70, "quality": 90, "responsiveness": 60, "differentiation": 100}


def playbook(idea: Idea | None = None, *, public: bool = False) -> Playbook:
    """A playbook with a published version in English."""
    of = idea or make.idea(place="replicating")
    made = make.add(Playbook(idea=of, public_at=now() if public else None))
    version(made)
    return made


def version(of: Playbook, number: int = 1, **more: Any) -> PlaybookVersion:
    values = {"number": number, "language": "en", "content": CONTENT, "published_at": now(), **TEXTS}
    return make.add(PlaybookVersion(playbook=of, **(values | more)))


def rollout(of: Playbook, number: int = 1, state: str = "running", **more: Any) -> Rollout:
    """One that is done at one place by one trained person, unless it is still asked for."""
    values = {"organisation": f"Adopter {number}", "kind": "site", "contact_role": "Principal"}
    made = make.add(Rollout(idea=of.idea, number=number, state=state, **(values | more)))
    if state != "asked":
        made.playbook_version_id = make.first(PlaybookVersion, playbook_id=of.id).id
        make.add(RolloutSite(rollout=made, place=f"Place {number}", learners=40, starts_on=dt.date(2026, 2, 2)))
        keep_places(made.id)
        day = dt.date(2026, 1, 20)
        make.add(RolloutTraining(rollout=made, held_on=day, role="Teacher", people=2, hours=6.0))
    return made
