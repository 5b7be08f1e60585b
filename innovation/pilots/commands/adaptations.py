"""What is done with adaptations of a pilot: planned, tried, studied, settled, and tried again in another cycle."""

from __future__ import annotations

import datetime as dt

from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.events import AdaptationPlanned, AdaptationSettled, AdaptationStudied, AdaptationTried
from innovation.pilots.plan_models import Pilot
from innovation.pilots.trying import ACTS, TOUCHED
from workflows import ADAPTATION, Refused

MOST = 200


@command(policy.may_adapt_pilot)
def plan_adaptation(
    actor: Actor,
    pilot: Pilot,
    *,
    touches: str,
    is_core: bool,
    change: str,
    goal: str,
    planned_on: dt.date,
    who: str = "",
    follows: PilotAdaptation | None = None,
) -> PilotAdaptation:
    """Say what is to be changed, why, and which part of the plan that touches; a core part is pointed out.

    Where it ``follows`` another one, it is the next cycle of what was to be changed again.
    """
    hold_row(pilot)  # numbers are given one by one
    number = queries.last_number(pilot, PilotAdaptation) + 1
    if pilot.state == "ended":
        raise Refused(("The pilot has ended: nothing is changed in it any more.",))
    if number > MOST:
        raise Refused((f"A pilot can have {MOST} adaptations.",))
    if touches not in TOUCHED:
        raise Refused(("Choose the part of the plan that is touched.",))
    _require_past(planned_on)
    if follows is not None:
        _require_open_end(pilot, follows)
    adaptation = PilotAdaptation(
        pilot=pilot,
        number=number,
        follows=follows,
        touches=touches,
        is_core=is_core,
        change=change,
        goal=goal,
        who=who,
        planned_on=planned_on,
        planned_by_id=actor.person_id,
        recorded_at=now(),
    )
    db.session.add(adaptation)
    db.session.flush()
    record(actor, AdaptationPlanned(pilot.idea_id, pilot.id, adaptation.id, touches, is_core))
    return adaptation


def _require_past(day: dt.date, *, since: dt.date | None = None) -> None:
    if day > this_day() + dt.timedelta(days=1):  # a day begins earlier in the east
        raise Refused(("This day is still to come.",))
    if since is not None and day < since:
        raise Refused(("This day is before that of the step before it.",))


def _require_open_end(pilot: Pilot, before: PilotAdaptation) -> None:
    if before.pilot_id != pilot.id or before.act != "again":
        raise Refused(("Only what is to be changed again has another cycle.",))
    if any(each.follows_id == before.id for each in queries.list_adaptations(pilot)):
        raise Refused(("The next cycle of this one has begun already.",))


@command(policy.may_adapt_pilot)
def try_adaptation(actor: Actor, adaptation: PilotAdaptation, *, begun_on: dt.date, done: str) -> PilotAdaptation:
    """Say since when it is tried, and how it is really done."""
    _require_past(begun_on, since=adaptation.planned_on)
    _fire(adaptation, "try")
    adaptation.begun_on, adaptation.done, adaptation.begun_by_id = begun_on, done, actor.person_id
    record(actor, AdaptationTried(adaptation.idea.id, adaptation.pilot_id, adaptation.id))
    return adaptation


@command(policy.may_adapt_pilot)
def study_adaptation(actor: Actor, adaptation: PilotAdaptation, *, studied_on: dt.date, found: str) -> PilotAdaptation:
    """Say what was found, also where it was not what had been hoped for."""
    _require_past(studied_on, since=adaptation.begun_on)
    _fire(adaptation, "study")
    adaptation.studied_on, adaptation.found, adaptation.studied_by_id = studied_on, found, actor.person_id
    record(actor, AdaptationStudied(adaptation.idea.id, adaptation.pilot_id, adaptation.id))
    return adaptation


@command(policy.may_adapt_pilot)
def settle_adaptation(
    actor: Actor, adaptation: PilotAdaptation, *, settled_on: dt.date, act: str, because: str = ""
) -> PilotAdaptation:
    """Say whether it is kept, changed again or dropped."""
    if act not in ACTS:
        raise Refused(("It is kept, changed again or dropped.",))
    _require_past(settled_on, since=adaptation.studied_on)
    _fire(adaptation, "settle")
    return _settle(actor, adaptation, act, settled_on, because)


@command(policy.may_adapt_pilot)
def drop_adaptation(actor: Actor, adaptation: PilotAdaptation, *, because: str) -> PilotAdaptation:
    """Say why what was planned is not tried after all."""
    if not because:
        raise Refused(("Say why it is not tried.",))
    _fire(adaptation, "drop")
    return _settle(actor, adaptation, "drop", this_day(), because)


def _fire(adaptation: PilotAdaptation, trigger: str) -> None:
    facts = queries.facts_of_adaptation(adaptation)
    adaptation.state = ADAPTATION.fire(adaptation.state, trigger, facts)


def _settle(actor: Actor, adaptation: PilotAdaptation, act: str, on: dt.date, because: str) -> PilotAdaptation:
    adaptation.settled_on, adaptation.act, adaptation.because = on, act, because
    adaptation.settled_by_id = actor.person_id
    record(actor, AdaptationSettled(adaptation.idea.id, adaptation.pilot_id, adaptation.id, act))
    return adaptation
