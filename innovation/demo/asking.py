"""What ideas of the demonstration ask from funders, and who agrees that funders may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.telling import Story, moment
from innovation.ideas import commands
from innovation.ideas.codes import SHARE, phase_codes
from innovation.ideas.models import Ask, Idea
from innovation.permission import Actor
from workflows import Gate

GROWN = ("at_replication", "replicating", "at_institutionalisation", "institutionalised")
NOT_SHARED = ("weekend-sign-language",)  # pilot-ready, and its owner has not agreed yet


def as_asked_at(told: Mapping[str, Any], gate: Gate) -> dict[str, Any]:
    """The idea as it stood at a gate: a pilot asks for a quarter of the replication that follows it."""
    if gate.ask_required and "ask" not in told:
        return {**told, "ask": _first_ask(told)}
    grown = told["story"]["reaches"] in GROWN or any(
        d["gate"] == "replication" for d in told["story"].get("decisions", [])
    )
    if gate.key != "pilot" or not grown:
        return dict(told)
    ask = dict(told["ask"])
    ask["schools"], ask["learners"] = max(ask["schools"] // 4, 2), max(ask["learners"] // 4, 60)
    ask["months"], ask["evidence_level"] = min(ask["months"], 12), "E1"
    ask["amount_rand"] = _amount(told, ask)
    own = {code: paper for code, paper in told.get("deliverables", {}).items() if code != "D-BUDG"}
    return {**told, "ask": ask, "deliverables": own}


def _first_ask(told: Mapping[str, Any]) -> dict[str, Any]:
    """What an idea asks for that was sent back before its story names an amount."""
    place = {"provinces": [told["province"]], "districts": [told["district"]], "phases": told["phases"]}
    size = {"months": 9, "schools": 6, "learners": 540, "share_q1_3": 90}
    size["amount_rand"] = _amount(told, size)
    return {**place, **size, "instruments": ["grant"], "evidence_level": "E1", "has_pbo": False, "has_s18a": False}


def _amount(told: Mapping[str, Any], ask: Mapping[str, Any]) -> int:
    """The rand that so many learners cost in so many months, by what the canvas says of a year; in thousands."""
    exact: float = told["canvas"].get("cost_per_learner", 300) * ask["learners"] * ask["months"] / 12
    return max(1, round(exact / 1000)) * 1000


def cost_of(ask: Mapping[str, Any]) -> int:
    """What an ask comes to for each learner in a year, in whole rand."""
    exact: float = ask["amount_rand"] * 12 / (ask["months"] * ask["learners"])
    return round(exact)


def make_ask(cast: Cast, told: Mapping[str, Any], actor: Actor, idea: Idea) -> Ask:
    """Say what the idea asks for, as its story has it."""
    ask = told["ask"]
    cost = told["canvas"].get("cost_per_learner", cost_of(ask))
    return commands.make_ask(
        actor,
        idea,
        amount_cents=ask["amount_rand"] * 100,
        instruments=list(ask["instruments"]),
        months=ask["months"],
        provinces=list(ask["provinces"]),
        district_ids=cast.district_ids(ask["provinces"], ask["districts"]),
        phases=phase_codes(ask["phases"]),
        secondary_theme_ids=[],
        schools=ask["schools"],
        learners=ask["learners"],
        cost_per_learner_cents=cost * 100,
        evidence_level=ask["evidence_level"],
        share_q1_3=ask["share_q1_3"],
        legal_status=[key for key, has in (("pbo", ask["has_pbo"]), ("s18a", ask["has_s18a"])) if has],
        sed_percent=None,
        purpose="",
    )


def share(cast: Cast, key: str, day: dt.date) -> Story:
    """The owner agrees that funders may read the idea."""
    if key not in NOT_SHARED:
        yield moment(day, 13)
        idea = cast.idea(key)
        commands.give_consent(cast.actor(idea.owner), idea, purpose=SHARE)
