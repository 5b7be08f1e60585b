"""What a decision rests on: the revision that was read, the version of the process, each scorecard, and each vote."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base
from innovation.gates.models import Decision, Scorecard
from innovation.gates.terms import AtTable, at_table_from_json
from innovation.ideas.models import Revision
from innovation.programmes.models import WorkflowVersion


class Basis(Base):
    """Written with its decision and never changed.

    ``table`` is None for what was not decided at a meeting. The votes in it stand as they were counted: what a meeting
    hands on, since its own tables are above these.
    """

    __tablename__ = "decision_basis"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    workflow_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    quorum: Mapped[int]
    table: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    decision: Mapped[Decision] = relationship()
    revision: Mapped[Revision] = relationship()
    workflow_version: Mapped[WorkflowVersion] = relationship()

    @property
    def at_table(self) -> AtTable | None:
        """The votes on which the decision rests, and who was there."""
        return at_table_from_json(self.table) if self.table else None


class CountedCard(Base):
    """One scorecard that counted in a decision: a version of a member's marks, by its own row."""

    __tablename__ = "decision_scorecard"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"), primary_key=True)

    card: Mapped[Scorecard] = relationship()
