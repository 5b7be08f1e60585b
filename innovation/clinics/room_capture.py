"""Capturing an idea in the room of a clinic: by a phone that joined, or by the ordinary form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from innovation.clinics import policy
from innovation.clinics.models import Clinic, Device
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas.capture import NOT_OPEN, Captured, Home, Owner, Told, write_down
from innovation.ideas.codes import PURPOSES
from innovation.ideas.commands import keep_checked
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.events import AttachmentAdded
from innovation.ideas.filecheck import Checked
from innovation.ideas.models import Idea
from innovation.ideas.young import NAMELESS, Young, faults
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.programmes.models import Programme
from innovation.programmes.notices import was_shown
from workflows import Refused

TAKES = ("open", "voting", "closed")  # phones that were out of reach deliver late; what is reported is finished
MOST_A_DAY = 200
NO_SUCH_NOTICE = "The notice that was shown is not one of this programme. Join the clinic again with its code."
TOO_MANY = f"This phone has sent {MOST_A_DAY} ideas within a day. Send the others tomorrow, or from another phone."
REPORTED = "This clinic has been reported, so no idea can be added any more. Give the idea to its facilitator."


@dataclass(frozen=True)
class Agreed:
    """The notice that was shown, and the purposes that were agreed to; every other one was withheld."""

    version: int
    language: str
    given: tuple[str, ...]


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
    programme = db.session.get_one(Programme, clinic.programme_id)
    named = owner_as_kept(owner, agreed, young)
    home = Home(programme, clinic.region_id, clinic.clinic_id)
    captured = write_down(actor, home, Told(answers, named, import_key))
    if device is not None:
        device.seen_at, device.waiting = now(), waiting
    if captured.is_new:  # what is here already is told again, whatever has become of the clinic
        _require_open(clinic, device)
        if not was_shown(programme, agreed.version, agreed.language):
            raise Refused((NO_SUCH_NOTICE,))
        note_notice(actor, captured.idea, Agreed(agreed.version, agreed.language, named.consents), young, device)
        if photo is not None:
            attachment = keep_checked(actor, captured.idea, photo)
            record(actor, AttachmentAdded(captured.idea.id, attachment.id))
    return captured


def _require_open(clinic: Clinic, device: Device | None) -> None:
    if device is None and clinic.state != "open":
        raise Refused((NOT_OPEN[clinic.state],))
    if device is not None and clinic.state not in TAKES:
        raise Refused((REPORTED if clinic.state == "reported" else NOT_OPEN[clinic.state],))
    if device is not None and _sent_lately(device) >= MOST_A_DAY:
        raise Refused((TOO_MANY,))


def _sent_lately(device: Device) -> int:
    lately = sa.and_(NoticeShown.device_id == device.id, NoticeShown.at > now() - dt.timedelta(days=1))
    return db.session.scalar(sa.select(sa.func.count()).select_from(NoticeShown).where(lately)) or 0


def owner_as_kept(owner: Owner, agreed: Agreed, young: Young | None) -> Owner:
    """The owner as they may be kept."""
    shown = (agreed.version, agreed.language)
    if young is None:
        return Owner(owner.name, owner.email, owner.phone, agreed.given, shown, owner.language)
    wrong = faults(young)
    if wrong:
        raise Refused(tuple(wrong.values()))
    given = tuple(purpose for purpose in agreed.given if purpose != "contact") if young.agreed_by else ()
    return Owner(young.name or NAMELESS, consents=given, shown=shown, language=owner.language)


def note_notice(actor: Actor, idea: Idea, agreed: Agreed, young: Young | None, device: Device | None = None) -> None:
    """Keep what was shown and answered, and who agreed for a child; part of a command."""
    db.session.add(
        NoticeShown(
            idea_id=idea.id,
            device_id=device.id if device is not None else None,
            version=agreed.version,
            language=agreed.language,
            given=list(agreed.given),
            withheld=[purpose for purpose in PURPOSES if purpose not in agreed.given],
            under_18=young is not None,
            at=now(),
        )
    )
    if young is not None and young.agreed_by:
        db.session.add(
            CompetentConsent(
                idea_id=idea.id,
                person_id=idea.owner_id,
                school=young.school,
                name=young.agreed_by,
                relation=young.relation,
                how=young.how,
                recorded_by_id=actor.person_id,
                at=now(),
            )
        )
