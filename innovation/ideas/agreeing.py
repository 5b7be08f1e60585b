"""What an owner was shown and agreed to, and what may be kept of one under 18."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from innovation.command import command
from innovation.db import db, now
from innovation.ideas import policy
from innovation.ideas.capture import Captured, Clinic, Owner, capture_idea
from innovation.ideas.codes import PURPOSES
from innovation.ideas.consent_models import CompetentConsent, NoticeShown
from innovation.ideas.models import Idea
from innovation.ideas.young import NAMELESS, Young, faults
from innovation.permission import Actor
from innovation.programmes.models import Programme
from innovation.programmes.notices import find_notice
from innovation.values import dataclass
from workflows import Refused


@dataclass(frozen=True)
class Agreed:
    """The notice that was shown, and the purposes that were agreed to; every other one was withheld."""

    version: int
    language: str
    given: tuple[str, ...]


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


def note_notice(actor: Actor, idea: Idea, agreed: Agreed, young: Young | None, device_id: int | None = None) -> None:
    """Keep what was shown and answered, and who agreed for a child; part of a command."""
    db.session.add(
        NoticeShown(
            idea_id=idea.id,
            device_id=device_id,
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


@command(policy.may_capture_idea)
def capture_idea_of_child(
    actor: Actor, clinic: Clinic, *, young: Young, consents: Iterable[str] = (), **details: Any
) -> Captured:
    """Write down an idea at an open clinic as ``capture_idea`` does, whose owner is under 18.

    No more is kept of the child than a first name and a school, and those only if somebody agreed.
    """
    notice = find_notice(db.session.get_one(Programme, clinic.programme_id), "")
    owner = owner_as_kept(Owner(), Agreed(notice.version, notice.language, tuple(consents)), young)
    captured = capture_idea(actor, clinic, owner_name=owner.name, consents=owner.consents, **details)
    if captured.is_new:
        note_notice(actor, captured.idea, Agreed(notice.version, notice.language, owner.consents), young)
    return captured
