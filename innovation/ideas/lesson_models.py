"""What was learnt from ideas that ended, every version of it, and where a lesson is still owed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.models import Idea
from innovation.programmes.models import Theme

OWED = "given_at IS NULL AND void_at IS NULL"
OPEN = "released_at IS NOT NULL AND void_at IS NULL"


class Lesson(Versioned, Base):
    """The lesson of one ending of an idea: owed until ``given_at``, void where the ending itself was undone.

    It holds its newest text. ``released_at`` is set while anybody may read it.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        sa.Index("ix_lesson_owed", "due_on", "id", sqlite_where=sa.text(OWED), postgresql_where=sa.text(OWED)),
        sa.Index("ix_lesson_open", "given_at", "id", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
        sa.Index("ix_lesson_given", "programme_id", "given_at", "id"),
        sa.Index("ix_lesson_cause", "programme_id", "cause", "given_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    ended: Mapped[str] = mapped_column(sa.String(20))  # one of ENDED
    place: Mapped[str] = mapped_column(sa.String(40))  # where it ended
    ended_at: Mapped[dt.datetime] = mapped_column(default=now)
    due_on: Mapped[dt.date | None]  # where it is owed
    given_at: Mapped[dt.datetime | None]
    void_at: Mapped[dt.datetime | None]
    number: Mapped[int] = mapped_column(default=0)  # of its newest version
    cause: Mapped[str] = mapped_column(sa.String(20), default="")  # one of CAUSES
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    happened: Mapped[str] = mapped_column(sa.Text, default="")
    otherwise: Mapped[str] = mapped_column(sa.Text, default="")
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    phases: Mapped[str] = mapped_column(sa.String(200), default="")  # " foundation senior "
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    agreed_at: Mapped[dt.datetime | None]  # the owner lets anybody read it
    released_at: Mapped[dt.datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    idea: Mapped[Idea] = relationship()
    theme: Mapped[Theme | None] = relationship()

    @property
    def is_given(self) -> bool:
        return self.given_at is not None and self.void_at is None

    @property
    def is_owed(self) -> bool:
        return self.given_at is None and self.void_at is None


class LessonVersion(Base):
    """A lesson as somebody wrote it; what was corrected stays beside it."""

    __tablename__ = "lesson_version"
    __table_args__ = (sa.UniqueConstraint("lesson_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id"))
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(sa.String(20))
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    happened: Mapped[str] = mapped_column(sa.Text, default="")
    otherwise: Mapped[str] = mapped_column(sa.Text)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[dt.datetime] = mapped_column(default=now)
