"""Moves of ideas from one version of a process to another: the plan that was kept, and what it made of each idea."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, db, now
from innovation.programmes.models import Programme, WorkflowVersion
from workflows import Definition, moving


class VersionMove(Base):
    """A plan that was asked for: from which version to which, and what becomes of the keys that are gone.

    One that ``reverses`` another puts each of its ideas back as it was.
    """

    __tablename__ = "version_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    to_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # by part, the older key and the newer one
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("version_move.id"))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    programme: Mapped[Programme] = relationship()
    from_version: Mapped[WorkflowVersion] = relationship(foreign_keys=[from_version_id])
    to_version: Mapped[WorkflowVersion] = relationship(foreign_keys=[to_version_id])

    @property
    def as_plan(self) -> moving.Plan:
        return moving.Plan(self.from_version.definition, self.to_version.definition, self.plan)


class MovedIdea(Base):
    """What a move made of one idea; ``before`` is all that is needed to put it back."""

    __tablename__ = "moved_idea"
    __table_args__ = (sa.UniqueConstraint("move_id", "idea_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    move_id: Mapped[int] = mapped_column(sa.ForeignKey("version_move.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    moved_at: Mapped[dt.datetime] = mapped_column(default=now)


def earlier_definitions(idea_id: int) -> Iterator[Definition]:
    """The versions that an idea has left, the last one first."""
    left = (
        sa.select(WorkflowVersion)
        .join(VersionMove, VersionMove.from_version_id == WorkflowVersion.id)
        .join(MovedIdea, MovedIdea.move_id == VersionMove.id)
        .where(MovedIdea.idea_id == idea_id)
        .order_by(MovedIdea.id.desc())
    )
    for version in db.session.scalars(left):
        yield version.definition
