"""A wall with two ideas on it, a topic, a round that was counted, and a shortlist, for the world of the tests."""

from __future__ import annotations

from typing import Any

from innovation.clinics import rooms, rounds, walls
from innovation.clinics.models import Clinic, Device
from innovation.db import db
from innovation.permission import SYSTEM


def build(things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The numbers of the topic and the round at the clinic here."""
    clinic = db.session.get_one(Clinic, things["clinic_id"]["here"])
    ideas = [things["idea_id"][name] for name in ("captured", "held")]
    walls.release_ideas(SYSTEM, clinic, idea_ids=ideas)
    topic = walls.add_topic(SYSTEM, clinic, name="A topic", idea_ids=ideas[:1])
    made = rounds.open_round(SYSTEM, clinic, dots=3, most=2)
    device = db.session.get_one(Device, things["device"]["here"])
    phone = {"voter": f"device:{device.id}", "marks": dict.fromkeys(ideas, 1), "based_on": 0}
    rounds.place_dots(rooms.actor_of(clinic, device), clinic, round_id=made.id, **phone)
    rounds.close_round(SYSTEM, clinic, round_id=made.id)
    return {"wall_topic": {"here": topic.id}, "voting_round": {"here": made.id}}
