"""What is done about incidents: reported, told of outside, settled, opened again; a pilot paused, and let go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.commands.visits import LONG_BEFORE
from innovation.pilots.events import (
    IncidentGraded,
    IncidentReopened,
    IncidentReported,
    IncidentSettled,
    IncidentToldOutside,
    PilotPaused,
    PilotResumed,
)
from innovation.pilots.incident_models import Incident, IncidentEntry
from innovation.pilots.incidents import BODIES, HARM, KINDS, SEVERITIES, settle_by
from innovation.pilots.plan_models import Pilot
from workflows import INCIDENT, PILOT, Refused

PAUSED_FROM = ("running", "asking")
Told = Mapping[str, dt.date]
"""Who was told outside, by their key in ``incidents.BODIES``, and on which day."""


@command(policy.may_report_incident)
def report_incident(
    actor: Actor,
    pilot: Pilot,
    *,
    happened_on: dt.date,
    kind: str,
    severity: str,
    what: str,
    done: str = "",
    site_id: int | None = None,
    told: Told | None = None,
) -> Incident:
    """Write down what happened. Where somebody came to harm, the pilot is paused at once."""
    _require_past({"": happened_on, **(told or {})})
    if pilot.starts_on and happened_on < pilot.starts_on - LONG_BEFORE:
        raise Refused(("This day is long before the pilot began.",))
    if kind not in KINDS or severity not in SEVERITIES or not what:
        raise Refused(("Say what kind of incident it was, how bad it was, and what happened.",))
    if site_id is not None:
        queries.find_site(pilot, site_id)
    if severity == HARM:
        _lock(pilot)  # before anything is written, so that two who report at once wait for each other here
    incident = Incident(
        pilot=pilot,
        happened_on=happened_on,
        site_id=site_id,
        kind=kind,
        severity=severity,
        what=what,
        done=done,
        settle_by=settle_by(kind, severity, this_day()),
        reported_by_id=actor.person_id,
        reported_at=now(),
    )
    db.session.add(incident)
    db.session.flush()
    record(actor, IncidentReported(pilot.idea_id, pilot.id, incident.id, severity))
    _tell(actor, incident, told or {})
    if severity == HARM:
        _pause(actor, pilot, incident)
    return incident


def _require_past(days: Mapping[str, dt.date]) -> None:
    if any(day > this_day() + dt.timedelta(days=1) for day in days.values()):  # it may be tomorrow where they are
        raise Refused(("A day that is still to come cannot be right here.",))


def _lock(pilot: Pilot) -> None:
    hold_row(pilot)


def _pause(actor: Actor, pilot: Pilot, incident: Incident) -> None:
    """Nothing more to pause where it is paused already, has not begun, or is over."""
    if pilot.state in PAUSED_FROM:
        pilot.state = PILOT.fire(pilot.state, "pause")
        record(actor, PilotPaused(pilot.idea_id, pilot.id, incident.id))


def _tell(actor: Actor, incident: Incident, told: Told) -> None:
    if any(day < incident.happened_on for day in told.values()):
        raise Refused(("Nobody can have been told before it happened.",))
    for body, day in told.items():
        if body not in BODIES:
            raise Refused(("Choose who was told.",))
        _add(actor, incident, "told", code=body, day=day)
    if told:
        record(actor, IncidentToldOutside(incident.idea_id, incident.pilot_id, incident.id, tuple(told)))


def _add(actor: Actor, incident: Incident, step: str, **said: str | dt.date) -> None:
    db.session.add(IncidentEntry(incident_id=incident.id, step=step, made_by_id=actor.person_id, made_at=now(), **said))


@command(policy.may_tell_of_incident)
def tell_outside(actor: Actor, incident: Incident, *, told: Told) -> Incident:
    """Note who was told outside, and when."""
    if not told:
        raise Refused(("Write the day beside whoever was told.",))
    _require_past(told)
    _tell(actor, incident, told)
    return incident


@command(policy.may_settle_incident)
def settle_incident(actor: Actor, incident: Incident, *, found: str, changes: str, settled_on: dt.date) -> Incident:
    """Say what was found and what changes. A pilot that is paused stays so until somebody lets it go on."""
    _require_past({"": settled_on})
    if settled_on < incident.happened_on:
        raise Refused(("It cannot be settled before it happened.",))
    incident.state = INCIDENT.fire(incident.state, "settle")
    _add(actor, incident, "settled", text=found, changes=changes, day=settled_on)
    record(actor, IncidentSettled(incident.idea_id, incident.pilot_id, incident.id))
    return incident


@command(policy.may_settle_incident)
def reopen_incident(actor: Actor, incident: Incident, *, reason: str) -> Incident:
    """Open a settled incident again, with the reason; where somebody came to harm the pilot is paused again."""
    if not reason:
        raise Refused(("Say why it is opened again.",))
    _lock(incident.pilot)
    incident.state = INCIDENT.fire(incident.state, "reopen")
    incident.settle_by = settle_by(incident.kind, incident.severity, this_day())
    _add(actor, incident, "reopened", text=reason)
    record(actor, IncidentReopened(incident.idea_id, incident.pilot_id, incident.id))
    if incident.severity == HARM:
        _pause(actor, incident.pilot, incident)
    return incident


@command(policy.may_settle_incident)
def grade_incident(actor: Actor, incident: Incident, *, severity: str, reason: str) -> Incident:
    """Say that it was worse, or less bad, than it was taken for, and why."""
    if severity not in SEVERITIES or not reason:
        raise Refused(("Say how bad it was, and why it is seen otherwise now.",))
    if incident.state != "open":
        raise Refused(("It is settled: open it again first.",))
    if severity == incident.severity:
        raise Refused(("It is taken for this already.",))
    _lock(incident.pilot)
    _add(actor, incident, "graded", code=severity, before=incident.severity, text=reason)
    incident.severity = severity
    record(actor, IncidentGraded(incident.idea_id, incident.pilot_id, incident.id, severity))
    if severity == HARM:
        _pause(actor, incident.pilot, incident)
    return incident


@command(policy.may_resume_pilot)
def resume_pilot(actor: Actor, pilot: Pilot) -> Pilot:
    """Let a paused pilot go on; refused while an incident of harm is not settled."""
    _lock(pilot)  # whoever is just reporting another one comes first, or waits
    pilot.state = PILOT.fire(pilot.state, "resume", queries.facts_of(pilot))
    record(actor, PilotResumed(pilot.idea_id, pilot.id, pilot.state))
    return pilot
