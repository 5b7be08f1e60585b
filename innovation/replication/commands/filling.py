"""What is filled in as a rollout goes on: sites, training, fidelity, adaptations and results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, hold_row, this_day
from innovation.events import Fact, record
from innovation.permission import Actor
from innovation.pilots.trying import ACTS
from innovation.places.queries import find_school
from innovation.replication import contents, policy
from innovation.replication.events import (
    FidelityChecked,
    RolloutAdaptationSettled,
    RolloutAdapted,
    RolloutResultRecorded,
    RolloutSiteAdded,
    RolloutSiteChanged,
    RolloutTrained,
)
from innovation.replication.models import (
    FidelityCheck,
    Rollout,
    RolloutAdaptation,
    RolloutResult,
    RolloutSite,
    RolloutTraining,
)
from innovation.replication.places import keep_places
from workflows import Refused

MOST = 500
Thing = TypeVar("Thing")
OPEN = ("agreed", "preparing", "running")


def _require_open(rollout: Rollout, *, ended: bool = True) -> None:
    """It is agreed upon and not over; what was measured at its end may come in afterwards."""
    if rollout.state not in (*OPEN, *(("ended",) if ended else ())):
        raise Refused(("Nothing can be filled in now: it is not agreed upon, or it is over.",))


def _require_room(found: list[Any]) -> None:
    if len(found) >= MOST:
        raise Refused((f"A rollout can have {MOST} of these.",))


def require_past(day: dt.date) -> None:
    """It has come, wherever whoever writes is."""
    if day > this_day() + dt.timedelta(days=1):  # a day begins earlier in the east
        raise Refused(("This day is still to come.",))


@command(policy.may_keep_rollout)
def add_rollout_site(
    actor: Actor, rollout: Rollout, *, place: str = "", emis: str | None = None, **details: Any
) -> RolloutSite:
    """Say where it is done. ``details`` are learners, teachers, starts_on and ends_on."""
    _require_open(rollout, ended=False)
    hold_row(rollout)
    _require_room(rollout.sites)
    site = RolloutSite(rollout=rollout, **_where(list(rollout.sites), place, emis), **details)
    added = _added(actor, site, lambda: RolloutSiteAdded(rollout.idea_id, rollout.id, site.id))
    keep_places(rollout.id)
    return added


def _where(others: Iterable[RolloutSite], place: str, emis: str | None) -> dict[str, Any]:
    """The place as it is kept; refused where nobody says which it is, or where it is another one's."""
    school = find_school(emis) if emis else None
    if emis and school is None:
        raise Refused(("The register has no such number.",))
    named = school.emis if school else place.strip()
    if not named:
        raise Refused(("Say where: a number of the register, or the name of the place.",))
    if any(site.place.casefold() == named.casefold() for site in others):
        raise Refused(("This place is in the rollout already.",))
    return {"place": named, "emis": school.emis if school else None}


@command(policy.may_keep_rollout)
def change_rollout_site(
    actor: Actor, rollout: Rollout, *, site: RolloutSite, place: str = "", emis: str | None = None, **details: Any
) -> RolloutSite:
    """Correct what was said of a place, or say from which day it takes part no more, and why.

    ``details`` are learners, teachers, starts_on, ends_on and left_because.
    """
    _require_open(rollout)
    hold_row(rollout)
    after = _where((each for each in rollout.sites if each.id != site.id), place, emis) | details
    what = tuple(name for name, value in after.items() if getattr(site, name) != value)
    if after["left_because"] and not after["ends_on"]:
        raise Refused(("Say from which day the place takes part no more.",))
    if "ends_on" in what and after["ends_on"] and not after["left_because"]:
        raise Refused(("Say why it takes part no more after this day: others learn from it.",))
    if what:
        for name in what:
            setattr(site, name, after[name])
        flag_modified(rollout, "state")  # whoever looked at it before looks at it again
        db.session.flush()
        keep_places(rollout.id)
        record(actor, RolloutSiteChanged(rollout.idea_id, rollout.id, site.id, what))
    return site


def _added(actor: Actor, thing: Thing, fact: Callable[[], Fact]) -> Thing:
    db.session.add(thing)
    db.session.flush()
    record(actor, fact())
    return thing


@command(policy.may_fill_rollout)
def record_training(
    actor: Actor, rollout: Rollout, *, held_on: dt.date, role: str, people: int, hours: float
) -> RolloutTraining:
    """Say how many people of a role were trained on a day, and for how long; no names."""
    _require_open(rollout)
    require_past(held_on)
    _require_room(rollout.training)
    training = RolloutTraining(rollout=rollout, held_on=held_on, role=role, people=people, hours=float(hours))
    training.recorded_by_id = actor.person_id
    return _added(actor, training, lambda: RolloutTrained(rollout.idea_id, rollout.id, training.id))


@command(policy.may_fill_rollout)
def check_fidelity(
    actor: Actor, rollout: Rollout, *, checked_on: dt.date, note: str = "", **dimensions: int
) -> FidelityCheck:
    """Say how far it is done as the playbook has it, dimension by dimension."""
    _require_open(rollout)
    require_past(checked_on)
    _require_room(rollout.checks)
    if any(not 0 <= value <= 100 for value in dimensions.values()):
        raise Refused(("Each dimension is from 0 to 100.",))
    check = FidelityCheck(rollout=rollout, checked_on=checked_on, note=note, **dimensions)
    check.checked_by_id = actor.person_id
    return _added(actor, check, lambda: FidelityChecked(rollout.idea_id, rollout.id, check.id))


@command(policy.may_fill_rollout)
def begin_adaptation(
    actor: Actor, rollout: Rollout, *, part: int, plan: str, begun_on: dt.date, done: str = ""
) -> RolloutAdaptation:
    """Say which part of the playbook is changed, and how. A core part is pointed out, and nobody is refused."""
    _require_open(rollout, ended=False)
    require_past(begun_on)
    _require_room(rollout.adaptations)
    version = rollout.playbook_version
    touched = contents.read(version.content).part(part) if version else None
    if touched is None:
        raise Refused(("The playbook of this rollout has no such part.",))
    adaptation = RolloutAdaptation(
        rollout=rollout, part=part, was_core=touched.core, plan=plan, done=done, begun_on=begun_on
    )
    adaptation.recorded_by_id = actor.person_id
    return _added(actor, adaptation, lambda: RolloutAdapted(rollout.idea_id, rollout.id, adaptation.id, part))


@command(policy.may_fill_rollout)
def settle_adaptation(
    actor: Actor, adaptation: RolloutAdaptation, *, done: str, found: str, act: str
) -> RolloutAdaptation:
    """Say what was done and found, and whether it is kept, changed again or dropped; or that it is still tried."""
    hold_row(adaptation)
    _require_open(adaptation.rollout)
    if adaptation.act:
        raise Refused(("It is settled already. What is tried next is another adaptation.",))
    if act and act not in ACTS:
        raise Refused(("It is kept, changed again or dropped.",))
    if act and not found:
        raise Refused(("Say what was found: others learn from it.",))
    adaptation.done, adaptation.found, adaptation.act = done, found, act
    adaptation.settled_on = this_day() if act else None
    rollout = adaptation.rollout
    record(actor, RolloutAdaptationSettled(rollout.idea_id, rollout.id, adaptation.id, act))
    return adaptation


@command(policy.may_fill_rollout)
def record_result(
    actor: Actor, rollout: Rollout, *, indicator: str, measured_on: dt.date, **details: Any
) -> RolloutResult:
    """Say what was measured. ``details`` are the unit, before and after, and over how many sites and people."""
    _require_open(rollout)
    require_past(measured_on)
    _require_room(rollout.results)
    figures = {name: float(details[name]) for name in ("before", "after") if details.get(name) is not None}
    if not figures:
        raise Refused(("Write what was measured before, after, or both.",))
    details |= figures
    result = RolloutResult(rollout=rollout, indicator=indicator, measured_on=measured_on, **details)
    result.recorded_by_id = actor.person_id
    return _added(actor, result, lambda: RolloutResultRecorded(rollout.idea_id, rollout.id, result.id))
