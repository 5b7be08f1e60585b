"""One report for all funders of an idea: written once for a period, frozen when it is released."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea


class FundingReport(OfIdea, Versioned, Base):
    """One edition of the report on a period. ``state`` is written only by firing ``workflows.REPORT``.

    ``figures`` stay empty until it is released, and never change after that, nor does anything else of it: a correction
    is the next edition of the same ``number``. ``revision_number`` is the canvas as it was read then, ``released_as``
    the role in which somebody of the programme released it.
    """

    __tablename__ = "funding_report"
    __table_args__ = (sa.UniqueConstraint("idea_id", "number", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(sa.String(20), default="draft")
    progress: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[str] = mapped_column(sa.Text, default="")
    lessons: Mapped[str] = mapped_column(sa.Text, default="")
    outlook: Mapped[str] = mapped_column(sa.Text, default="")
    why: Mapped[str] = mapped_column(sa.Text, default="")  # what an edition corrects
    returned: Mapped[str] = mapped_column(sa.Text, default="")  # why it came back to its writers
    begun_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    begun_at: Mapped[dt.datetime] = mapped_column(default=now)
    handed_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    handed_in_at: Mapped[dt.datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    released_at: Mapped[dt.datetime | None]
    released_as: Mapped[str] = mapped_column(sa.String(20), default="")
    revision_number: Mapped[int | None]
    figures: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    idea: Mapped[Idea] = relationship()
