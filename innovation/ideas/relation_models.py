"""What people say of two ideas that read alike, merges outside of gates, and how often words occur."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, now

RELATIONS = ("same", "builds_on", "different")


class IdeaRelation(Base):
    """How somebody says that one idea stands to another: never changed; the newest of a pair holds."""

    __tablename__ = "idea_relation"
    __table_args__ = (sa.CheckConstraint("idea_id <> other_id", name="two_ideas"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    relation: Mapped[str] = mapped_column(sa.String(20))
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    said_at: Mapped[dt.datetime] = mapped_column(default=now)


class Merge(Base):
    """Two ideas captured twice became one at a stage, by whom and why; undone, never deleted."""

    __tablename__ = "idea_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    into_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    merged_at: Mapped[dt.datetime] = mapped_column(default=now)
    undone_reason: Mapped[str] = mapped_column(sa.Text, default="")
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[dt.datetime | None]


class WordCount(Base):
    """How many of ``texts`` sampled ideas hold each common stem (``counts``: stems and numbers): one row, kept anew."""

    __tablename__ = "word_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[dt.datetime] = mapped_column(default=now)
    newest_id: Mapped[int]
    texts: Mapped[int]
    counts: Mapped[str] = mapped_column(sa.Text)
