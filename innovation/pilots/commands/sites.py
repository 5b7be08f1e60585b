"""What is done with the sites of a pilot: added, changed, taken out before it begins, or left afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, this_day
from innovation.permission import Actor
from innovation.pilots import amending, policy
from innovation.pilots.commands.changing import note, require_open
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.reading_models import Reading
from innovation.pilots.terms import SITE
from innovation.pilots.visit_models import PilotVisit
from innovation.pilots.writing import count_all_anew
from innovation.places.queries import find_school
from workflows import Refused

SAID_OF_IT: tuple[tuple[Any, str], ...] = (
    (Reading, "Something was measured there already: the place stays in the plan."),
    (PilotVisit, "Somebody visited the place already: it stays in the plan."),
    (Incident, "An incident was reported there: the place stays in the plan."),
)
KIND = ("is_comparison", "is_high_dosage")  # readings are summed up by it


@command(policy.may_run_pilot)
def add_site(actor: Actor, pilot: Pilot, *, place: str, reason: str = "", **values: Any) -> PilotSite:
    """Add a place: by its number where sites stand in a register, else by its name."""
    require_open(pilot, reason)
    _require_sense(values)
    if db.session.scalar(sa.select(PilotSite.id).filter_by(pilot_id=pilot.id, place=place)):
        raise Refused(("This place is in the plan already.",))
    school = find_school(place)
    site = PilotSite(pilot=pilot, place=place, emis=school.emis if school else None, **values)
    db.session.add(site)
    told = {what: value for what, value in values.items() if value not in (None, "", False)}
    changes = [{"what": "place", "of": "", "before": None, "after": place}, *amending.differences({}, told, place)]
    note(actor, pilot, "sites", changes, reason)
    return site


@command(policy.may_run_pilot)
def change_site(actor: Actor, pilot: Pilot, *, site: PilotSite, reason: str = "", **values: Any) -> PilotSite:
    """Say what the place is for and whom it reaches, or that it leaves, with the day and why."""
    require_open(pilot, reason)
    before = {what: getattr(site, what) for what in SITE}
    after = {**before, **values}
    _require_sense(after)
    if after["left_on"] and not after["left_because"]:
        raise Refused(("Say why the place leaves the pilot.",))
    if after["left_on"] and pilot.state == "planned":
        raise Refused(("The pilot has not begun: take the place out of the plan instead.",))
    if after["left_because"] and not after["left_on"]:
        raise Refused(("Say on which day the place leaves, or empty the field that says why.",))
    if after["left_on"] and after["left_on"] != before["left_on"]:
        _require_day(pilot, after["left_on"])
    changes = amending.differences(before, after, site.place)
    if changes:
        for what, value in after.items():
            setattr(site, what, value)
        if any(before[what] != after[what] for what in KIND):
            count_all_anew(pilot)
        note(actor, pilot, "sites", changes, reason)
    return site


def _require_day(pilot: Pilot, left_on: dt.date) -> None:
    if left_on > this_day() + dt.timedelta(days=1):
        raise Refused(("This day has not come yet: a place leaves on the day on which it leaves.",))
    if pilot.starts_on and left_on < pilot.starts_on:
        raise Refused(("The pilot had not begun on this day.",))


def _require_sense(values: dict[str, Any]) -> None:
    if values.get("is_comparison") and values.get("is_high_dosage"):
        raise Refused(("Nothing new is done in a place for comparison, so it cannot be a high-dosage one.",))


@command(policy.may_run_pilot)
def remove_site(actor: Actor, pilot: Pilot, *, site: PilotSite) -> Pilot:
    """Take a place out of the plan before the pilot begins; afterwards a place leaves, with its reason."""
    if pilot.state != "planned":
        raise Refused(("The pilot has begun: say when and why the place leaves it.",))
    for kind, reason in SAID_OF_IT:
        if db.session.scalar(sa.select(sa.exists().where(kind.site_id == site.id))):
            raise Refused((reason,))
    db.session.delete(site)
    note(actor, pilot, "sites", [], "")
    return pilot
