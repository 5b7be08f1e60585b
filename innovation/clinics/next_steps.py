"""What the owner of each idea does first after the clinic: recorded before it closes, so that none is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.clinics import events, policy
from innovation.clinics.models import Clinic, NextStep
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import walled
from innovation.permission import Actor
from innovation.values import dataclass
from workflows import Refused

MOST = 2000
LONGEST = 200
SHORT = 60
MOST_NAMED = 20


@dataclass(frozen=True)
class Pending:
    """An idea of a clinic with its next step, if it has one; ``needs_one`` where the clinic waits for it."""

    idea: Idea
    step: NextStep | None

    @property
    def needs_one(self) -> bool:
        """An idea that has gone on to a gate or to an end has its next step there."""
        return self.step is None and self.idea.standing == "active" and self.idea.place == _first_place(self.idea)


def _first_place(idea: Idea) -> str:
    return idea.definition.stages[0].place


@command(policy.may_record_next_steps)
def record_next_steps(
    actor: Actor, clinic: Clinic, *, steps: Mapping[int, tuple[str, dt.date | None]]
) -> list[NextStep]:
    """Write down what happens next with ideas of the clinic, by their ids: in words, and by when."""
    listed = {each.idea.id: each for each in list_pending(actor, clinic)}
    changed = []
    for idea_id, (text, due_on) in steps.items():
        if idea_id not in listed:
            raise Refused(("One of these ideas does not belong to this clinic.",))
        if not text or len(text) > LONGEST:
            raise Refused((f"Write the next step in at most {LONGEST} characters.",))
        step = listed[idea_id].step
        if step is None:
            step = NextStep(idea_id=idea_id, clinic_id=clinic.id)
            db.session.add(step)
        elif (step.text, step.due_on) == (text, due_on):
            continue
        step.text, step.due_on = text, due_on
        step.recorded_by_id, step.recorded_at = actor.person_id, now()
        changed.append(step)
    if changed:
        record(actor, events.NextStepsRecorded(clinic.id, tuple(step.idea_id for step in changed)))
    return changed


def list_pending(actor: Actor, clinic: Clinic) -> list[Pending]:
    """Every idea of the clinic that this person may see, with its next step; those without one first."""
    query = (
        sa.select(Idea, NextStep)
        .outerjoin(NextStep, NextStep.idea_id == Idea.id)
        .where(Idea.clinic_id == clinic.id, ~walled(actor))
        .options(joinedload(Idea.owner), joinedload(Idea.workflow_version))
        .order_by(NextStep.id.is_not(None), Idea.reference)
        .limit(MOST)
    )
    return [Pending(idea, step) for idea, step in db.session.execute(query)]


def without_next_step(actor: Actor, clinic: Clinic) -> list[Idea]:
    """The ideas for which the clinic has to stay open."""
    query = (
        sa.select(Idea)
        .outerjoin(NextStep, NextStep.idea_id == Idea.id)
        .where(Idea.clinic_id == clinic.id, Idea.standing == "active", NextStep.id.is_(None), ~walled(actor))
        .options(joinedload(Idea.workflow_version))
        .order_by(Idea.reference)
        .limit(MOST)
    )
    return [idea for idea in db.session.scalars(query) if idea.place == _first_place(idea)]


def reasons_against_closing(actor: Actor, clinic: Clinic) -> tuple[str, ...]:
    """One sentence for each idea that has no next step yet."""
    waiting = without_next_step(actor, clinic)
    named = [f"{idea.reference} “{_short(idea.title)}” has no next step." for idea in waiting[:MOST_NAMED]]
    more = len(waiting) - len(named)
    return (*named, *([f"And {more} more."] if more else []))


def _short(title: str) -> str:
    return title if len(title) <= SHORT else title[: SHORT - 1].rstrip() + "…"


def step_of(idea: Idea) -> NextStep | None:
    """What was agreed at the clinic."""
    return db.session.scalar(sa.select(NextStep).where(NextStep.idea_id == idea.id))
