"""What a pilot has really cost: entries against the lines of its budget, with their proof."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine


class SpendEntry(OfIdea, Base):
    """An amount that was spent, or the worth of what was given; never changed, and never taken away.

    A wrong entry is answered by one with the opposite amount, which names it (``corrects_id``) and says why. Without a
    line it was not in the plan.
    """

    __tablename__ = "pilot_spend"
    __table_args__ = (
        sa.Index("ix_pilot_spend_pilot_id", "pilot_id", "spent_on", "id"),
        sa.Index("ix_pilot_spend_line_id", "line_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pilot_budget_line.id"))
    spent_on: Mapped[dt.date]
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger)
    in_kind: Mapped[bool] = mapped_column(default=False)
    what: Mapped[str] = mapped_column(sa.String(200))
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pilot_spend.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    file_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    file_name: Mapped[str] = mapped_column(sa.String(160), default="")
    file_type: Mapped[str] = mapped_column(sa.String(80), default="")
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[dt.datetime] = mapped_column(default=now)

    pilot: Mapped[Pilot] = relationship()
    line: Mapped[PilotBudgetLine | None] = relationship()

    @property
    def idea(self) -> Idea:
        return self.pilot.idea

    @property
    def idea_id(self) -> int:
        return self.pilot.idea_id
