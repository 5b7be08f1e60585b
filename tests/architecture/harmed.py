"""Incidents and spend in the world of the tests, and a pilot that is paused and could go on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import db
from innovation.ideas import store
from innovation.ideas.models import Idea
from innovation.pilots.incident_models import Incident, IncidentEntry
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.queries import latest_pilot, list_rows
from innovation.pilots.spend_models import SpendEntry
from tests import make
from tests.stories.filling import PDF

Things = dict[str, dict[str, Any]]


def build(people: dict[str, int], things: Things, canary: str) -> Things:
    """An open and a settled incident and an entry of spend at the pilot that runs; the measured one is paused."""
    pilot = latest_pilot(db.session.get_one(Idea, things["idea_id"]["piloting"]))
    assert pilot is not None
    make.add(db.session.get_one(Pilot, things["measured_pilot"]["funded"])).state = "paused"
    said = {"pilot_id": pilot.id, "happened_on": dt.date(2026, 8, 4), "settle_by": dt.date(2027, 3, 1)}
    said |= {"reported_by_id": people["owner"], "severity": "minor"}
    happened = f"{canary}harmed happened"
    incidents = [
        make.add(Incident(**said, kind=kind, state=state, what=happened, done=f"{canary}harmed done"))
        for kind, state in (("safety", "open"), ("safeguarding", "settled"))
    ]
    entry = {"step": "settled", "day": dt.date(2026, 8, 5), "text": f"{canary}harmed found"}
    make.add(IncidentEntry(incident_id=incidents[1].id, changes=f"{canary}harmed changes", **entry))
    return {
        "incident": {each.state: each.id for each in incidents},
        "spend": {"piloting": _spent(pilot, people["owner"]).id},
    }


def _spent(pilot: Pilot, owner: int) -> SpendEntry:
    kept = {"file_key": store.store().put(PDF), "file_name": "Invoice.pdf", "file_type": "application/pdf"}
    told = {"line_id": list_rows(pilot, "budget")[0].id, "spent_on": dt.date(2026, 8, 4), "amount_cents": 5_000}
    return make.add(SpendEntry(pilot_id=pilot.id, what="Booklets", entered_by_id=owner, **told, **kept))


PILOTED = "LP26-9001"
"""The idea whose pilot has many incidents and entries."""


def _piloted() -> Pilot:
    idea = make.first(Idea, reference=PILOTED) or make.idea(reference=PILOTED, place="piloting")
    return latest_pilot(idea) or make.add(Pilot(idea=idea, number=1, state="running"))


def more_incidents(n: int) -> None:
    told = {"kind": "other", "severity": "minor", "what": "The bus was late."}
    for _n in range(n):
        days = {"happened_on": dt.date(2026, 8, 4), "settle_by": dt.date(2027, 3, 1)}
        make.add(Incident(pilot_id=_piloted().id, reported_by_id=make.person().id, **told, **days))


def more_spend(n: int) -> None:
    for number in range(n):
        said = {"spent_on": dt.date(2026, 8, 4), "amount_cents": 5_000, "what": "Booklets"}
        line = make.add(PilotBudgetLine(pilot_id=_piloted().id, position=_next_line(), item=f"Line {number}"))
        make.add(SpendEntry(pilot_id=line.pilot_id, line_id=line.id, entered_by_id=make.person().id, **said))


def _next_line() -> int:
    return len(list_rows(_piloted(), "budget")) + 1
