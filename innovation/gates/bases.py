"""What a decision rests on: the revision that was read, the version of the process, and each scorecard that counted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base
from innovation.gates.models import Decision, Scorecard
from innovation.ideas.models import Revision
from innovation.programmes.models import WorkflowVersion


class Basis(Base):
    """Written with its decision and never changed."""

    __tablename__ = "decision_basis"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    workflow_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    quorum: Mapped[int]

    decision: Mapped[Decision] = relationship()
    revision: Mapped[Revision] = relationship()
    workflow_version: Mapped[WorkflowVersion] = relationship()


class CountedCard(Base):
    """One scorecard that counted in a decision: a version of a member's marks, by its own row."""

    __tablename__ = "decision_scorecard"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"), primary_key=True)

    card: Mapped[Scorecard] = relationship()
