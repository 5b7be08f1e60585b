"""The part of the world about playbooks and rollouts: one that runs, and one that is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.replication.models import RolloutAdaptation
from tests import make
from tests.replication import taken_up

CANARY = "zanzibar"


def build(people: dict[str, int], things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The owner of another idea takes up the one that is being tried."""
    playbook = taken_up.playbook(db.session.get_one(Idea, things["idea_id"]["piloting"]), public=True)
    draft = taken_up.version(playbook, 2, published_at=None, changes=f"{CANARY}sketch of the next version")
    contact = {"contact_id": people["other_owner"], "terms": f"{CANARY}bargain with the adopter"}
    running = taken_up.rollout(playbook, 1, **contact)
    asked = taken_up.rollout(playbook, 2, state="asked", wish=f"{CANARY}wish of somebody who asks")
    tried = {"part": 2, "was_core": False, "plan": "Other books.", "begun_on": dt.date(2026, 3, 2)}
    adaptation = make.add(RolloutAdaptation(rollout=running, **tried))
    return {
        "playbook": {"piloting": playbook.id},
        "playbook_version": {"draft": draft.id},
        "rollout": {"running": running.id, "asked": asked.id},
        "adaptation": {"tried": adaptation.id},
        "rollout_site": {"running": running.sites[0].id},
    }
