"""A visit, a phone and an adaptation in the world of the tests: of the pilot that runs, all of them the owner's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from innovation.accounts.queries import digest
from innovation.db import db, now
from innovation.ideas.models import Idea
from innovation.ideas.store import store
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.queries import last_number, latest_pilot
from innovation.pilots.visit_models import PilotVisit, VisitPhone
from tests import make

TOKEN = "token of a phone"  # that of the phone in the clinic, too: whoever holds it tries both
NUMBER = 1
Things = dict[str, dict[str, Any]]


def build(people: dict[str, int], things: Things) -> Things:
    """The ids, by the name of the idea."""
    pilot = latest_pilot(db.session.get_one(Idea, things["idea_id"]["piloting"]))
    assert pilot is not None
    whose = {"pilot_id": pilot.id}
    phone = make.add(VisitPhone(**whose, person_id=people["owner"], token_digest=digest(TOKEN), label="A phone"))
    seen = {"visited_on": now().date(), "adherence": 8, "learners": 7, "worked": "They read.", "harm": True}
    kept = {"photo_key": store().put(b"A picture."), "photo_type": "image/png"}
    kept |= {"client_id": "0" * 36, "sent_digest": "0" * 64, "visited_by_id": people["owner"]}
    visit = make.add(PilotVisit(**whose, number=NUMBER, site_id=pilot.sites[0].id, **seen, **kept))
    told = {"touches": "amount", "is_core": True, "change": "Read first.", "goal": "Fewer lost days."}
    plan = {"planned_on": dt.date(2026, 8, 3), "planned_by_id": people["owner"]}
    adaptation = make.add(PilotAdaptation(**whose, number=NUMBER, **told, **plan))
    again = {"state": "settled", "act": "again", "settled_on": dt.date(2026, 8, 3)}
    make.add(PilotAdaptation(**whose, number=NUMBER + 1, **told, **plan, **again))
    return {
        "visit": {"piloting": visit.id},
        "visit_phone": {"piloting": phone.id},
        "cycle": {"piloting": adaptation.id},
    }


def more_visits(n: int) -> None:
    """At sites of their own, each seen by somebody else."""
    of = piloted()
    for number in range(n):
        site = make.add(PilotSite(pilot_id=of.id, place=f"Hall {now().microsecond}-{number}"))
        seen = {"visited_on": dt.date(2026, 9, 1), "adherence": 7, "visited_by_id": make.person().id}
        key = uuid.uuid4().hex
        numbered = {"number": last_number(of, PilotVisit) + 1, "client_id": key, "sent_digest": key}
        make.add(PilotVisit(pilot_id=of.id, site_id=site.id, **seen, **numbered))


def piloted() -> Pilot:
    return make.first(Pilot) or make.add(Pilot(idea=make.idea(place="piloting"), number=1, state="running"))
