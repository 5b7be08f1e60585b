"""The part of the world about the way into the system: an idea on its way, and one that arrived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.replication.system_models import HandoverStep
from tests import make
from tests.replication import in_system, taken_up

CANARY = "zanzibar"


def build(people: dict[str, int], things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Marks that count and that wait, a plan of a hand-over, and a review whose figures are in.

    The owner of another idea speaks for the post that runs the second one.
    """
    owner = db.session.get_one(Person, people["owner"])
    contributor = db.session.get_one(Person, people["contributor"])
    here = {"clinic_id": things["clinic_id"]["here"]}
    on_its_way = make.idea(owner, place="replicating", title="Idea on its way", **here)
    arrived = make.idea(owner, place="institutionalised", title="Idea that arrived", **here)
    for idea in (on_its_way, arrived):
        make.contributor(idea, contributor)
        things["idea"][f"system {idea.place}"], things["idea_id"][f"system {idea.place}"] = idea.reference, idea.id
    file = {"file_key": "ab" + "0" * 46, "file_name": "circular.txt", "file_type": "text/plain"}
    evidence = {"evidence": f"{CANARY}circular of the district", "proposed_by_id": owner.id}
    counted = in_system.mark(on_its_way, "G4-S1", 3, **evidence, **file)
    waits = in_system.mark(on_its_way, "G4-S2", 2, "proposed", **evidence)
    planned = in_system.home(on_its_way, note=f"{CANARY}handed over")
    step = {"home_id": planned.id, "what": "Move the data.", "who": "The district", "due_on": dt.date(2026, 12, 1)}
    open_step = make.add(HandoverStep(**step))
    taken_up.rollout(taken_up.playbook(arrived), contact_id=people["other_owner"])
    agreed = in_system.home(arrived, "agreed", contact_id=people["other_owner"])
    review = in_system.review(arrived, "handed_in", reasons=f"{CANARY}reasons", planned_at=now())
    return {
        "mark": {"counted": counted.id, "waits": waits.id},
        "home": {"planned": planned.id, "agreed": agreed.id},
        "home_row": {"reference": planned.references[0].id, "step": open_step.id},
        "post_review": {"handed in": review.id},
    }
