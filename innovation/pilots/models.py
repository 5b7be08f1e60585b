"""Milestones: what an idea will have shown by a day, and who accepted that it did."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea


class Milestone(OfIdea, Versioned, Base):
    """``state`` is written only by firing ``workflows.MILESTONE``; ``evidence`` says what shows that it is reached."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(140))
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    planned_at: Mapped[dt.datetime] = mapped_column(default=now)
    shown_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    shown_at: Mapped[dt.datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judged_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    idea: Mapped[Idea] = relationship()
    files: Mapped[list[MilestoneFile]] = relationship(
        primaryjoin="and_(Milestone.id == MilestoneFile.milestone_id, MilestoneFile.removed_at.is_(None))",
        order_by="MilestoneFile.id",
        viewonly=True,
    )


class MilestoneFile(Base):
    """A file that shows that a milestone is reached; whoever may see the milestone may take it along."""

    __tablename__ = "milestone_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(sa.ForeignKey("milestone.id"), index=True)
    file_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    content_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None]

    milestone: Mapped[Milestone] = relationship()

    @property
    def idea(self) -> Idea:
        return self.milestone.idea
