"""What is done with visits to the sites of a pilot, and with the phones that take it along."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from innovation.accounts.queries import digest
from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.pilots import amending, policy, queries
from innovation.pilots.events import (
    VisitCorrected,
    VisitPhoneShutOut,
    VisitPhoneTaken,
    VisitPhotoRemoved,
    VisitRecorded,
)
from innovation.pilots.fidelity import DIMENSIONS, MOST
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.visit_models import PilotVisit, VisitCorrection, VisitPhone
from innovation.pilots.visiting import Recorded, SentBefore
from workflows import Refused

SAID = ("worked", "did_not", "next_step", "next_who")
SEEN = (*DIMENSIONS, "learners", "teachers", *SAID)
CORRECTED = ("site_id", "visited_on", *SEEN, "harm")
LONG_BEFORE = dt.timedelta(days=90)
MOST_PHONES = 12  # of one person that still hold the same pilot
MOST_A_DAY = 200
SHUT_OUT = "This phone may no longer send visits. Sign in on it, and take the pilot along again."


@command(policy.may_record_visit)
@repeatable
def record_visit(
    actor: Actor,
    pilot: Pilot,
    *,
    client_id: str,
    site_id: int,
    visited_on: dt.date,
    harm: bool = False,
    photo: Checked | None = None,
    phone: VisitPhone | None = None,
    waiting: int = 0,
    **seen: Any,
) -> Recorded:
    """Keep what was seen at a site on a day. The same ``client_id`` twice makes one visit, whichever way it came.

    ``seen`` holds marks by dimension, how many learners and teachers took part, and a few words. ``waiting`` is how
    many more visits the phone says it holds.
    """
    if phone is not None:
        _hold(phone, waiting)
    hold_row(pilot)  # the same visit that comes at the same moment waits here
    told = {"site_id": site_id, "visited_on": visited_on.isoformat(), "harm": harm} | _whole(seen)
    told |= {"photo": store.digest(photo.content)} if photo else {}
    sent = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    there = db.session.scalar(sa.select(PilotVisit).where(PilotVisit.client_id == client_id))
    if there is not None:
        if there.pilot_id != pilot.id or there.visited_by_id != actor.person_id:
            raise Refused(("This visit has no proper key.",))
        if there.sent_digest != sent:
            raise SentBefore(queries.reference_of(there))
        return Recorded(there, is_new=False)
    _require_sense(pilot, queries.find_site(pilot, site_id), visited_on, seen)
    if phone is not None and _sent_lately(phone) >= MOST_A_DAY:
        raise Refused((f"This phone has sent {MOST_A_DAY} visits within a day. Send the others tomorrow.",))
    visit = PilotVisit(
        pilot=pilot,
        number=queries.last_number(pilot, PilotVisit) + 1,
        site_id=site_id,
        visited_on=visited_on,
        harm=harm,
        client_id=client_id,
        sent_digest=sent,
        phone_id=phone.id if phone else None,
        visited_by_id=actor.person_id,
        recorded_at=now(),
        **_whole(seen),
    )
    if photo is not None:
        visit.photo_key, visit.photo_type = store.store().put(photo.content), photo.content_type
    db.session.add(visit)
    db.session.flush()
    record(actor, VisitRecorded(pilot.idea_id, pilot.id, visit.id, harm))
    return Recorded(visit, is_new=True)


def _hold(phone: VisitPhone, waiting: int) -> None:
    """Wait for who shuts the phone out at this moment; ``Refused`` where that has happened."""
    hold_row(phone)
    if phone.revoked_at is not None:
        raise Refused((SHUT_OUT,))
    phone.seen_at, phone.waiting = now(), waiting


def _whole(seen: Mapping[str, Any]) -> dict[str, Any]:
    """All that a visit can say, with nothing for what it does not."""
    return {name: seen.get(name) or ("" if name in SAID else seen.get(name)) for name in SEEN}


def _require_sense(pilot: Pilot, site: PilotSite, visited_on: dt.date, seen: Mapping[str, Any]) -> None:
    if pilot.state == "planned":
        raise Refused(("The pilot has not begun: there is nothing to visit yet.",))
    if visited_on > this_day() + dt.timedelta(days=1):  # a day begins earlier in the east
        raise Refused(("This day is still to come.",))
    if pilot.starts_on and visited_on < pilot.starts_on - LONG_BEFORE:
        raise Refused(("This day is long before the pilot began.",))
    if site.left_on and visited_on > site.left_on:
        raise Refused(("This place had left the pilot by then.",))
    if any(not 0 <= seen[name] <= MOST for name in DIMENSIONS if seen.get(name) is not None):
        raise Refused((f"Each dimension is from 0 to {MOST}.",))


def _sent_lately(phone: VisitPhone) -> int:
    query = sa.select(sa.func.count()).where(PilotVisit.pilot_id == phone.pilot_id, PilotVisit.phone_id == phone.id)
    return db.session.scalar(query.where(PilotVisit.recorded_at > now() - dt.timedelta(days=1))) or 0


@command(policy.may_correct_visit)
def correct_visit(
    actor: Actor, visit: PilotVisit, *, site_id: int, visited_on: dt.date, harm: bool, reason: str, **seen: Any
) -> PilotVisit:
    """Say otherwise what was seen, and why; what stood before stays with the visit."""
    if not reason.strip():
        raise Refused(("Say why it is corrected.",))
    _require_sense(visit.pilot, queries.find_site(visit.pilot, site_id), visited_on, seen)
    before = {name: getattr(visit, name) for name in CORRECTED}
    after = {"site_id": site_id, "visited_on": visited_on, **_whole(seen), "harm": harm}
    changes = amending.differences(before, after)
    if not changes:
        return visit
    for name, value in after.items():
        setattr(visit, name, value)
    number = len(visit.corrections) + 1
    correction = VisitCorrection(
        visit=visit, number=number, changes=changes, reason=reason.strip(), made_by_id=actor.person_id, made_at=now()
    )
    db.session.add(correction)
    db.session.flush()
    db.session.expire(visit, ["site", "corrections"])
    record(actor, VisitCorrected(visit.idea.id, visit.pilot_id, visit.id, correction.id))
    return visit


@command(policy.may_remove_visit_photo)
def remove_visit_photo(actor: Actor, visit: PilotVisit) -> PilotVisit:
    """Take the photo away, as where a learner can be recognised: nobody sees it any more."""
    if visit.shows_photo:
        visit.photo_removed_at = now()
        record(actor, VisitPhotoRemoved(visit.idea.id, visit.pilot_id, visit.id))
    return visit


@command(policy.may_remove_visit_photo)
def forget_visit_photo(_actor: Actor, visit: PilotVisit) -> PilotVisit:
    """Take the file of a photo that was taken away out of the store, however often this is tried."""
    if visit.photo_key is not None and visit.photo_removed_at is not None:
        store.store().drop(visit.photo_key)
        visit.photo_key, visit.photo_type = None, ""
    return visit


# Phones


@command(policy.may_record_visit)
@repeatable
def take_pilot_along(actor: Actor, pilot: Pilot, *, label: str) -> tuple[VisitPhone, str]:
    """A phone that may send visits of this pilot in the name of who acts, and its token, which is told this once."""
    if sum(phone.person_id == actor.person_id for phone in queries.list_phones(pilot)) >= MOST_PHONES:
        raise Refused((f"{MOST_PHONES} of your phones hold this pilot already. Shut one out first.",))
    token = secrets.token_urlsafe(32)
    phone = VisitPhone(
        pilot=pilot,
        person_id=actor.person_id,
        token_digest=digest(token),
        label=label[:60],
        taken_at=now(),
        seen_at=now(),
    )
    db.session.add(phone)
    db.session.flush()
    record(actor, VisitPhoneTaken(pilot.idea_id, pilot.id, phone.id))
    return phone, token


@command(policy.may_shut_out_visit_phone)
def shut_out_visit_phone(actor: Actor, phone: VisitPhone) -> VisitPhone:
    """The phone may send nothing more; visits that it has sent stay."""
    hold_row(phone)
    if phone.revoked_at is None:
        phone.revoked_at, phone.revoked_by_id = now(), actor.person_id
        record(actor, VisitPhoneShutOut(phone.idea.id, phone.pilot_id, phone.id))
    return phone
