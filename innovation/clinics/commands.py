"""Planning, running and reporting clinics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.accounts.events import PersonInvited, RoleEnded
from innovation.accounts.models import Person, RoleGrant
from innovation.accounts.scopes import Scope
from innovation.clinics import agenda, events, next_steps, policy, queries, rooms, rounds
from innovation.clinics.models import Clinic
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import Fact, record
from innovation.ideas.numbering import count_up
from innovation.permission import Actor
from innovation.programmes.models import Region
from workflows import CLINIC, Refused

INVITATION_HOURS = 14 * 24


# Planning


@command(policy.may_plan_clinic)
def plan_clinic(
    actor: Actor,
    region: Region,
    *,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    challenge: str = "",
    theme_id: int | None = None,
    topic_id: int | None = None,
    district_id: int | None = None,
    venue: str = "",
    language: str = "",
    agenda_text: str | None = None,
    facilitator_ids: Iterable[int] = (),
    code: str | None = None,
) -> Clinic:
    """A clinic in a region with the next code of its year, run by whoever plans it and by those named."""
    clinic = Clinic(
        programme_id=region.programme_id,
        region_id=region.id,
        code=code or _next_code(region, starts_on.year),
        title=title,
        challenge=challenge,
        theme_id=theme_id,
        topic_id=topic_id,
        district_id=district_id,
        venue=venue,
        language=language,
        starts_on=starts_on,
        ends_on=ends_on or starts_on,
        agenda=agenda.run_sheet() if agenda_text is None else agenda_text,
        attendance={},
        state=CLINIC.initial,
        created_by_id=actor.person_id,
        created_at=now(),
    )
    _require_order(clinic)
    db.session.add(clinic)
    record(actor, events.ClinicPlanned(_id(clinic), region.id))
    for person_id in dict.fromkeys([*_planner(actor), *facilitator_ids]):
        _make_facilitator(actor, clinic, db.session.get_one(Person, person_id))
    return clinic


def _id(clinic: Clinic) -> int:
    db.session.flush()
    return clinic.id


def _planner(actor: Actor) -> list[int]:
    """Facilitators run what they plan; coordinators and managers may do so anyway."""
    return [actor.person_id] if actor.person_id is not None and actor.has("facilitator") else []


def _next_code(region: Region, year: int) -> str:
    """The next free code of the region and year, such as CL-LP-2026-03."""
    prefix = f"CL-{region.prefix}-{year}"
    while True:
        code = f"{prefix}-{count_up(prefix):02d}"
        if not db.session.scalar(sa.select(sa.exists().where(Clinic.code == code))):
            return code


def _require_order(clinic: Clinic) -> None:
    if clinic.ends_on < clinic.starts_on:
        raise Refused(("The last day cannot be before the first.",))


@command(policy.may_change_clinic)
def change_clinic(actor: Actor, clinic: Clinic, **details: Any) -> Clinic:
    """Change what was planned, until the clinic closes."""
    if clinic.state not in agenda.EDITABLE:
        raise Refused(("This clinic can no longer be changed: its ideas have been collected.",))
    details["agenda"] = details.pop("agenda_text", clinic.agenda)
    details["ends_on"] = details.get("ends_on") or details.get("starts_on", clinic.ends_on)
    changed = tuple(sorted(name for name, value in details.items() if getattr(clinic, name) != value))
    for name in changed:
        setattr(clinic, name, details[name])
    _require_order(clinic)
    if changed:
        record(actor, events.ClinicChanged(clinic.id, changed))
    return clinic


# Running


@command(policy.may_run_clinic)
def open_clinic(actor: Actor, clinic: Clinic) -> Clinic:
    """Let ideas be captured."""
    return _fire(actor, clinic, "open", events.ClinicOpened)


@command(policy.may_run_clinic)
def open_voting(actor: Actor, clinic: Clinic) -> Clinic:
    """Stop capturing while the room votes."""
    return _fire(actor, clinic, "vote", events.ClinicVotingOpened)


@command(policy.may_run_clinic)
def close_clinic(actor: Actor, clinic: Clinic) -> Clinic:
    """End capturing; what was captured goes on its way, each idea with a next step, and nobody else joins."""
    if clinic.state in agenda.STANDS:
        reasons = rounds.reasons_against_closing(clinic) + next_steps.reasons_against_closing(actor, clinic)
        if reasons:
            raise Refused(reasons)
    rooms.end_room_of(actor, clinic)
    return _fire(actor, clinic, "close", events.ClinicClosed)


@command(policy.may_run_clinic)
def reopen_clinic(actor: Actor, clinic: Clinic) -> Clinic:
    """Let ideas be captured again, as when paper cards are still to be typed in."""
    return _fire(actor, clinic, "reopen", events.ClinicReopened)


@command(policy.may_run_clinic)
def report_clinic(actor: Actor, clinic: Clinic) -> Clinic:
    """Sign off the report: who was there, and every idea; nothing is added afterwards. An idea that a phone delivered
    when the clinic was closed has its next step by then as well."""
    hold_row(clinic)
    if clinic.state == "closed":
        reasons = queries.report_reasons(clinic) + next_steps.reasons_against_closing(actor, clinic)
        if reasons:
            raise Refused(reasons)
    return _fire(actor, clinic, "report", events.ClinicReported)


def _fire(actor: Actor, clinic: Clinic, trigger: str, fact: Callable[[int], Fact]) -> Clinic:
    clinic.state = CLINIC.fire(clinic.state, trigger)
    record(actor, fact(clinic.id))
    return clinic


STEPS = {
    "open": open_clinic,
    "vote": open_voting,
    "close": close_clinic,
    "reopen": reopen_clinic,
    "report": report_clinic,
}


@command(policy.may_record_attendance)
def record_attendance(actor: Actor, clinic: Clinic, *, counts: Mapping[str, int]) -> Clinic:
    """Note how many came, by role; heads are counted and nobody is named."""
    if clinic.state in ("planned", "reported"):
        raise Refused(("Attendance is recorded from the day a clinic opens until it is reported.",))
    known = {attendee.key for attendee in queries.attendees_of(clinic)}
    kept = {key: int(n) for key, n in counts.items() if key in known and n and n > 0}
    if kept != clinic.attendance:
        clinic.attendance = dict(kept)
        record(actor, events.AttendanceRecorded(clinic.id, sum(kept.values())))
    return clinic


# Facilitators


@command(policy.may_add_facilitator)
def add_facilitator(actor: Actor, clinic: Clinic, *, name: str, email: str) -> Person:
    """Let somebody run the clinic; whoever has no sign-in yet is sent an invitation."""
    email = email.strip().lower()
    accounts.hold_address(email)
    person = _person(name, email)
    _make_facilitator(actor, clinic, person)
    invitation = people.find_invitation(person)
    if person.account is None and (invitation is None or invitation.used_at or invitation.expires_at <= now()):
        token = accounts.make_token(people.INVITATION, person, INVITATION_HOURS)
        record(actor, PersonInvited(person.id, token.id))
    return person


def _person(name: str, email: str) -> Person:
    account = people.find_account(email)
    if account is not None:
        return account.person
    same = sa.select(Person).where(Person.email == email, Person.name == name).order_by(Person.id).limit(1)
    known = db.session.scalar(same)
    if known is not None:
        return known
    if not name:
        raise Refused(("Nobody with this e-mail address has a sign-in yet. Write the name too, to invite them.",))
    person = Person(name=name, email=email)
    db.session.add(person)
    db.session.flush()
    return person


def _make_facilitator(actor: Actor, clinic: Clinic, person: Person) -> RoleGrant:
    scope = Scope(f"clinic:{clinic.id}", clinic.title, programme_id=clinic.programme_id, clinic_id=clinic.id)
    before = queries.find_facilitator(clinic, person.id)
    if before is not None:
        return before
    grant = accounts.add_role(actor, person, "facilitator", scope)
    record(actor, events.FacilitatorAdded(clinic.id, person.id))
    return grant


@command(policy.may_end_facilitator)
def end_facilitator(actor: Actor, clinic: Clinic, *, person_id: int) -> Clinic:
    """The person no longer runs the clinic, nor sees its ideas for it."""
    grant = queries.find_facilitator(clinic, person_id)
    if grant is None:
        raise Refused(("This person does not run the clinic any more.",))
    if len(queries.list_facilitators(clinic)) == 1 and clinic.state != "reported":
        raise Refused(("A clinic needs a facilitator. Add another one first.",))
    grant.ended_at = now()
    record(actor, RoleEnded(person_id, grant.id, grant.role))
    record(actor, events.FacilitatorEnded(clinic.id, person_id))
    return clinic
