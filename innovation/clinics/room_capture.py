"""Capturing an idea in the room of a clinic: by a phone that joined, or by the ordinary form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from innovation.clinics import policy
from innovation.clinics.models import Clinic, Device
from innovation.clinics.phones import hold_phone
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas.agreeing import Agreed, note_notice, owner_as_kept
from innovation.ideas.capture import NOT_OPEN, Captured, Home, Owner, Told, write_down
from innovation.ideas.commands import keep_checked
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.events import AttachmentAdded
from innovation.ideas.filecheck import Checked
from innovation.ideas.young import Young
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.programmes.models import Programme
from innovation.programmes.notices import was_shown
from workflows import Refused

TAKES = ("open", "voting", "closed")  # phones that were out of reach deliver late; what is reported is finished
MOST_A_DAY = 200
NO_SUCH_NOTICE = "The notice that was shown is not one of this programme. Join the clinic again with its code."
TOO_MANY = "This phone has sent as many ideas as it may within a day. Send the others tomorrow, or from another phone."
REPORTED = "This clinic has been reported, so no idea can be added any more. Give the idea to its facilitator."


@command(policy.may_capture_in_room)
@repeatable
def capture_in_room(
    actor: Actor,
    clinic: Clinic,
    *,
    answers: Mapping[str, Any],
    owner: Owner,
    agreed: Agreed,
    import_key: str,
    young: Young | None = None,
    photo: Checked | None = None,
    device: Device | None = None,
    waiting: int = 0,
) -> Captured:
    """Write down an idea from the room. The same ``import_key`` twice makes one idea, whichever way it came.

    Of somebody ``young`` no more is kept than a first name and a school, and those only if somebody agreed.
    ``waiting`` is how many more ideas the phone says it holds.
    """
    if device is not None:
        hold_phone(device)
    programme = db.session.get_one(Programme, clinic.programme_id)
    named = replace(owner_as_kept(owner, agreed, young), vouched=actor.person_id is not None)
    home = Home(programme, clinic.region_id, clinic.clinic_id)
    captured = write_down(actor, home, Told(answers, named, import_key))
    if device is not None:
        device.seen_at, device.waiting = now(), waiting
    if captured.is_new:  # what is here already is told again, whatever has become of the clinic
        _require_open(clinic, device)
        if not was_shown(programme, agreed.version, agreed.language):
            raise Refused((NO_SUCH_NOTICE,))
        shown = Agreed(agreed.version, agreed.language, named.consents)
        note_notice(actor, captured.idea, shown, young, device.id if device else None)
        if photo is not None:
            attachment = keep_checked(actor, captured.idea, photo)
            record(actor, AttachmentAdded(captured.idea.id, attachment.id))
    return captured


def _require_open(clinic: Clinic, device: Device | None) -> None:
    state, takes = (clinic.state, ("open",)) if device is None else (_held_state(clinic), TAKES)
    if state not in takes:
        raise Refused((REPORTED if device and state == "reported" else NOT_OPEN[state],))
    if device is not None and _sent_lately(device) >= MOST_A_DAY:
        raise Refused((TOO_MANY,))


def _held_state(clinic: Clinic) -> str:
    """The state of the clinic now: whoever reports it waits for this idea, and counts it."""
    query = sa.select(Clinic.state).where(Clinic.id == clinic.id)
    return db.session.execute(query.with_for_update(read=True)).scalar_one()


def _sent_lately(device: Device) -> int:
    lately = sa.and_(NoticeShown.device_id == device.id, NoticeShown.at > now() - dt.timedelta(days=1))
    return db.session.scalar(sa.select(sa.func.count()).select_from(NoticeShown).where(lately)) or 0
