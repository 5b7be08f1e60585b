"""Reading lessons: each for the people of its programme, and without its idea where somebody may not see that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import Page, db, paginate
from innovation.ideas import lesson_search
from innovation.ideas.lesson_models import Lesson, LessonVersion
from innovation.ideas.models import Access, Contributor, Idea, Wall
from innovation.ideas.queries.one import visible, walled
from innovation.permission import Actor, NotThere
from innovation.programmes import definitions
from innovation.programmes.models import WorkflowVersion
from innovation.statements import prepared
from innovation.values import dataclass

WORKS_IN = ("manager", "coordinator", "facilitator")
MOST_OWED = 50
STATES = ("given", "owed", "released")


@dataclass(frozen=True)
class LessonFilters:
    """What the list is narrowed to; empty values narrow nothing. ``state`` is one of STATES."""

    q: str = ""
    cause: str = ""
    theme: int | None = None
    phase: str = ""
    place: str = ""
    state: str = "given"


class LessonRow(NamedTuple):
    """A lesson as a list shows it; reference and title are empty where the reader may not see the idea."""

    lesson: Lesson
    reference: str
    title: str
    theme: str
    checksum: str

    @property
    def place(self) -> str:
        """What the place is called where it ended; empty where that version of the process has no such place."""
        try:
            return definitions.of(self.checksum).place(self.lesson.place).name
        except KeyError:
            return ""

    @property
    def phases(self) -> list[str]:
        definition = definitions.of(self.checksum)
        return [definition.phase_name(key) for key in self.lesson.phases.split()]


# Who reads them


@prepared
def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Lesson`` that holds for this person: those of the programmes in which they take part.

    Whoever has declared a conflict of interest in an idea does not read its lessons.
    """
    if actor.is_system:
        return sa.true()
    if actor.person_id is None:
        return sa.false()
    free = Lesson.idea_id.not_in(sa.select(Wall.idea_id).where(Wall.person_id == actor.person_id))
    return sa.and_(free, sa.or_(*_ways(actor)))


def _ways(actor: Actor) -> Iterable[sa.ColumnElement[bool]]:
    held = actor.scopes(*WORKS_IN)
    if any(grant.programme_id is None and grant.clinic_id is None for grant in held):
        yield sa.true()
    yield Lesson.programme_id.in_(sorted({grant.programme_id for grant in held if grant.programme_id is not None}))
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    sat = sa.select(Access.idea_id).where(Access.person_id == actor.person_id)  # or sits, at any panel
    own = [Idea.owner_id == actor.person_id, Idea.id.in_(contributes), Idea.id.in_(sat)]
    own += [Idea.clinic_id.in_(sorted(actor.clinic_ids))] if actor.clinic_ids else []
    for way in own:
        yield Lesson.programme_id.in_(sa.select(Idea.programme_id).where(way))


def find_lesson(actor: Actor, lesson_id: int) -> tuple[Lesson, LessonRow]:
    """A lesson that the person may read, or write: with its idea where they see that; else ``NotThere``.

    What is still owed is nobody's to see who does not see the idea.
    """
    mine = sa.or_(sa.and_(Lesson.given_at.is_not(None), readable(actor)), visible(actor))
    query = _rows(actor).where(Lesson.id == lesson_id, Lesson.void_at.is_(None), mine)
    row = db.session.execute(query.options(joinedload(Lesson.theme))).one_or_none()
    if row is None:
        raise NotThere
    found = LessonRow(*row)
    return found.lesson, found


def find_to_write(actor: Actor, lesson_id: int) -> Lesson:
    """The lesson of an idea that the person may see."""
    found = db.session.scalar(
        sa.select(Lesson)
        .join(Lesson.idea)
        .where(Lesson.id == lesson_id, Lesson.void_at.is_(None), visible(actor))
        .options(joinedload(Lesson.idea).joinedload(Idea.workflow_version))
    )
    if found is None:
        raise NotThere
    return found


def list_versions_of(lesson: Lesson, limit: int = 50) -> list[LessonVersion]:
    """The newest first."""
    query = sa.select(LessonVersion).where(LessonVersion.lesson_id == lesson.id)
    return list(db.session.scalars(query.order_by(LessonVersion.number.desc()).limit(limit)))


# Lists of them


def list_lessons(actor: Actor, by: LessonFilters, *, page: int = 1, size: int = 20) -> Page[LessonRow]:
    """The newest first; as many queries for thirty as for one."""
    found: Page[Any] = paginate(_narrowed(actor, by), page=page, size=size, scalars=False)
    rows = [LessonRow(*row) for row in found.items]
    return Page(rows, found.number, found.size, found.counted, found.has_next)


def list_all_lessons(actor: Actor, by: LessonFilters, *, most: int) -> list[LessonRow]:
    """The list as it is exported."""
    return [LessonRow(*row) for row in db.session.execute(_narrowed(actor, by).limit(most))]


def _narrowed(actor: Actor, by: LessonFilters) -> sa.Select[Any]:
    query = _rows(actor).where(Lesson.void_at.is_(None))
    if by.state == "owed":
        query = query.where(Lesson.given_at.is_(None), visible(actor)).order_by(Lesson.due_on, Lesson.id)
    else:
        query = query.where(Lesson.given_at.is_not(None), readable(actor))
        query = query.order_by(Lesson.given_at.desc(), Lesson.id.desc())
    if by.state == "released":
        query = query.where(Lesson.released_at.is_not(None))
    if by.cause:
        query = query.where(Lesson.cause == by.cause)
    if by.theme is not None:
        query = query.where(Lesson.theme_id == by.theme)
    if by.phase:
        query = query.where(Lesson.phases.contains(f" {by.phase} ", autoescape=True))
    if by.place:
        query = query.where(Lesson.place == by.place)
    if by.q:
        query = query.where(lesson_search.matching(by.q))
    return query


def _rows(actor: Actor) -> sa.Select[Any]:
    seen, nothing = visible(actor), sa.literal("", sa.String())
    theme = sa.func.coalesce(Lesson.theme.property.entity.class_.name, "")
    return (
        sa.select(
            Lesson,
            sa.case((seen, Idea.reference), else_=nothing),
            sa.case((seen, Idea.title), else_=nothing),
            theme,
            WorkflowVersion.checksum,
        )
        .join(Idea, Idea.id == Lesson.idea_id)
        .join(WorkflowVersion, WorkflowVersion.id == Idea.workflow_version_id)
        .outerjoin(Lesson.theme)
    )


# Of one idea, and of one person


def lesson_of(idea: Idea) -> Lesson | None:
    """The newest lesson of an idea, given or owed."""
    query = sa.select(Lesson).where(Lesson.idea_id == idea.id, Lesson.void_at.is_(None))
    return db.session.scalars(query.order_by(Lesson.id.desc()).limit(1)).first()


def lessons_owed_by(actor: Actor) -> list[tuple[Lesson, Idea]]:
    """Lessons that the person owes as the owner of an idea that has ended; the earliest due first."""
    if actor.person_id is None:
        return []
    query = sa.select(Lesson, Idea).join(Idea, Idea.id == Lesson.idea_id)
    mine = query.where(sa.text("lesson.given_at IS NULL AND lesson.void_at IS NULL"), Idea.owner_id == actor.person_id)
    rows = db.session.execute(mine.where(~walled(actor)).order_by(Lesson.due_on, Lesson.id).limit(MOST_OWED))
    return [(lesson, idea) for lesson, idea in rows]


RELEASED = sa.and_(sa.text("lesson.released_at IS NOT NULL AND lesson.void_at IS NULL"), Lesson.given_at.is_not(None))


def list_open_lessons(by: LessonFilters, *, page: int = 1, size: int = 20) -> Page[Lesson]:
    """Those that anybody may read, of all programmes, the newest first; nothing of their ideas is with them."""
    query = sa.select(Lesson).where(RELEASED).options(joinedload(Lesson.theme))
    if by.cause:
        query = query.where(Lesson.cause == by.cause)
    if by.q:
        query = query.where(lesson_search.matching(by.q))
    return paginate(query.order_by(Lesson.given_at.desc(), Lesson.id.desc()), page=page, size=size)


def find_open_lesson(lesson_id: int) -> Lesson:
    """One that anybody may read."""
    found = db.session.scalar(
        sa.select(Lesson).where(Lesson.id == lesson_id, RELEASED).options(joinedload(Lesson.theme))
    )
    if found is None:
        raise NotThere
    return found


def released_lessons(programme_id: int, limit: int) -> list[Lesson]:
    """The newest lessons of a programme that anybody may read."""
    query = sa.select(Lesson).where(Lesson.programme_id == programme_id, Lesson.void_at.is_(None))
    query = query.where(Lesson.released_at.is_not(None), Lesson.given_at.is_not(None))
    return list(db.session.scalars(query.order_by(Lesson.given_at.desc(), Lesson.id.desc()).limit(limit)))
