"""Which owners of a clinic still get a slip, and handing the slips out."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.clinics import events, policy
from innovation.clinics.models import Clinic, NextStep
from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.ideas import policy as ideas
from innovation.ideas import slips
from innovation.ideas.consent_models import NoticeShown
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import walled
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.values import dataclass
from workflows import Refused

MOST = 400


@dataclass(frozen=True)
class Slip:
    """An idea with its secret, and what was agreed at the clinic; no secret where its owner has a sign-in, or where
    a newer one was made."""

    idea: Idea
    secret: str | None
    step: NextStep | None
    is_young: bool = False


def list_slips(actor: Actor, clinic: Clinic) -> list[Slip]:
    """The ideas of the clinic whose slip this person may hand out."""
    query = (
        sa.select(Idea, NextStep, NoticeShown.under_18)
        .outerjoin(NextStep, NextStep.idea_id == Idea.id)
        .outerjoin(NoticeShown, NoticeShown.idea_id == Idea.id)
        .where(Idea.clinic_id == clinic.id, ~walled(actor))
        .options(joinedload(Idea.owner), joinedload(Idea.workflow_version), joinedload(Idea.programme))
        .order_by(Idea.reference)
        .limit(MOST)
    )
    rows = db.session.execute(query.options(sa.orm.selectinload(Idea.walls))).all()
    return [
        Slip(idea, slips.secret_to_tell(idea), step, bool(is_young))
        for idea, step, is_young in rows
        if ideas.may_renew_secret.allows(actor, idea)
    ]


@command(policy.may_print_slips)
@repeatable
def print_slips(actor: Actor, clinic: Clinic, *, references: Iterable[str]) -> list[Slip]:
    """The slips that were asked for, all where none was named; it is recorded whose secrets were told again."""
    wanted = set(references)
    listed = [slip for slip in list_slips(actor, clinic) if not wanted or slip.idea.reference in wanted]
    chosen = [slip for slip in listed if slip.secret]
    if not chosen:
        raise Refused(("There is no slip to print: these owners have a sign-in, or a newer secret was made.",))
    record(actor, events.SlipsPrinted(clinic.id, tuple(slip.idea.id for slip in chosen)))
    return chosen
