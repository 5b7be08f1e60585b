"""One idea with all that its page shows, in few queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person, RoleGrant
from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.gates.models import CLEARED, Review, Seat
from innovation.gates.queries.standing import OPEN_STATES
from innovation.ideas import queries as ideas
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import Ask, Attachment, Contributor, Idea, Revision
from innovation.permission import Actor, NotThere
from innovation.pipeline.together import part
from innovation.statements import prepared
from innovation.values import dataclass

MOST_FILES = 200


@dataclass(frozen=True)
class Whole:
    """An idea with its clinic, its newest revision and ask; ``sits`` for a cleared member of a panel of it."""

    idea: Idea
    clinic: Clinic | None
    revision: Revision
    ask: Ask | None
    sits: bool


def find_whole(actor: Actor, reference: str) -> Whole:
    """The idea with this reference; ``NotThere`` when there is none that the person may see. One query."""
    row = db.session.execute(_whole(actor), {"reference": reference.upper()}).unique().one_or_none()
    if row is None or row[2] is None:
        raise NotThere
    return Whole(*row)


@prepared
def _whole(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    latest = sa.and_(Revision.idea_id == Idea.id, Revision.number == Idea.revision_number)
    numbers = sa.select(sa.func.max(Ask.number)).where(Ask.idea_id == Idea.id).correlate(Idea).scalar_subquery()
    sits = sa.exists().where(
        Seat.review_id == Review.id,
        Review.idea_id == Idea.id,
        Seat.person_id == actor.person_id,
        Seat.stance.in_(CLEARED),
    )
    shown = (Idea.owner, Idea.theme, Idea.topic, Idea.district, Idea.workflow_version, Idea.walls)
    return (
        sa.select(Idea, Clinic, Revision, Ask, sits.correlate(Idea))
        .outerjoin(Clinic, Clinic.id == Idea.clinic_id)
        .outerjoin(Revision, latest)
        .outerjoin(Ask, sa.and_(Ask.idea_id == Idea.id, Ask.number == numbers))
        .where(Idea.reference == sa.bindparam("reference"), ideas.visible(actor))
        .options(*(joinedload(each) for each in shown))
        .options(joinedload(Idea.contributors).joinedload(Contributor.person))
    )


def questions_about(actor: Actor, idea: Idea) -> Iterator[sa.Select[Any]]:
    """Who coordinates it, its files, its lesson, the review that is open for it, and the idea that it went into."""
    yield (
        part("coordinator", sa.func.coalesce(RoleGrant.region_id, 0), Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == "coordinator", RoleGrant.ended_at.is_(None))
        .where(sa.or_(RoleGrant.programme_id.is_(None), RoleGrant.programme_id == idea.programme_id))
        .where(sa.or_(RoleGrant.region_id.is_(None), RoleGrant.region_id == idea.region_id))
    )
    files = part("attached", Attachment.id, Attachment.name, sa.cast(Attachment.size, sa.String))
    files = files.where(Attachment.idea_id == idea.id, Attachment.removed_at.is_(None))
    yield files.order_by(Attachment.id.desc()).limit(MOST_FILES).subquery().select()
    newest = sa.select(sa.func.max(Lesson.id)).where(Lesson.idea_id == idea.id, Lesson.void_at.is_(None))
    given = sa.case((Lesson.given_at.is_(None), sa.literal("")), else_=Lesson.cause)
    lesson = part("lesson", Lesson.id, Lesson.otherwise, given, Lesson.due_on)
    yield lesson.where(Lesson.id == newest.scalar_subquery())
    gate = idea.definition.gate_at(idea.place)
    if gate is not None:
        at_gate = sa.and_(Review.idea_id == idea.id, Review.gate_key == gate.key, Review.state.in_(OPEN_STATES))
        yield part("open_review", Review.id).where(at_gate)
    if idea.merged_into_id is not None:
        into = sa.and_(Idea.id == idea.merged_into_id, ideas.visible(actor))
        yield part("merged_into", Idea.id, Idea.title, Idea.reference).where(into)
