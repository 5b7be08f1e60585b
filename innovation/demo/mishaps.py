"""What happened beside the measuring in pilots of the demonstration: what they cost so far, and an incident."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.demo.cast import Cast
from innovation.demo.measured import BEFORE_PANEL, COMPARED
from innovation.demo.telling import Story, moment
from innovation.demo.written import working_day
from innovation.ideas.models import Idea
from innovation.pilots import commands, queries
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from innovation.places.queries import list_terms

WEEK = dt.timedelta(days=7)
# How much of its plan each line has come to; one is over-spent, as one always is.
SHARES = (0.5, 0.62, 1.08, 0.4, 0.55)
FALL: dict[str, Any] = {
    "kind": "safety",
    "severity": "minor",
    "what": "A learner fell on the steps of the hall while two groups changed rooms, and grazed a knee.",
    "done": "The first aid box was used. The parents were rung the same afternoon.",
}
SETTLED = {
    "found": "The steps have no rail, and the two groups met on them.",
    "changes": "The groups change rooms one after the other. The school has put up a rail.",
}


def happened(cast: Cast, key: str, starts_on: dt.date) -> Story:
    """An incident some weeks after the start, settled a week later; then what was spent on each line so far."""
    begins = next((term.starts_on for term in list_terms(starts_on) if term.starts_on >= starts_on), starts_on)
    fell_on, settled_on, paid_on = (working_day(begins + weeks * WEEK) for weeks in (2, 3, 4))
    if key not in (COMPARED, BEFORE_PANEL) or paid_on >= cast.written.today:
        return
    if key == COMPARED:
        yield moment(fell_on, 14, 10)
        incident = _fall(cast, _pilot(cast.idea(key)), fell_on)
        yield moment(settled_on, 10, 30)
        coordinator = cast.coordinator_of(cast.idea(key).region)
        commands.settle_incident(coordinator, incident, **SETTLED, settled_on=settled_on)
    yield moment(paid_on, 16, 15)
    _spend(cast, _pilot(cast.idea(key)), paid_on)


def _pilot(idea: Idea) -> Pilot:
    found = queries.latest_pilot(idea)
    assert found is not None
    return found


def _fall(cast: Cast, pilot: Pilot, day: dt.date) -> Incident:
    site = pilot.sites[0].id if pilot.sites else None
    owner = cast.actor(pilot.idea.owner)
    found: Incident = commands.report_incident(owner, pilot, **FALL, happened_on=day, site_id=site, told={"site": day})
    return found


def _spend(cast: Cast, pilot: Pilot, day: dt.date) -> None:
    """An entry on each line that has an amount; one was typed twice, and is taken back."""
    owner = cast.actor(pilot.idea.owner)
    lines = [line for line in queries.list_rows(pilot, "budget") if line.amount_cents]
    for number, line in enumerate(lines):
        said: dict[str, Any] = {"line_id": line.id, "spent_on": day, "what": line.item, "in_kind": line.in_kind}
        cents = round(line.amount_cents * SHARES[number % len(SHARES)], -2)
        entry = commands.enter_spend(owner, pilot, amount_cents=cents, **said)
        if number == 0:
            again = commands.enter_spend(owner, pilot, amount_cents=entry.amount_cents, **said)
            commands.correct_spend(owner, again, reason="Typed twice.")
