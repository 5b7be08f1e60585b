"""Adaptations of a pilot: what is done otherwise than planned, tried in cycles."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.pilots.plan_models import Pilot
from innovation.pilots.visit_models import OfPilot


class PilotAdaptation(OfPilot, Versioned, Base):
    """One cycle of plan, do, study and act; ``state`` is written only by firing ``workflows.ADAPTATION``.

    ``touches`` is a key of ``trying.TOUCHED``, ``act`` one of ``trying.ACTS``, empty until it is settled. What is
    changed again goes on in a cycle that ``follows`` this one.
    """

    __tablename__ = "pilot_adaptation"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    number: Mapped[int]
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pilot_adaptation.id"), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="planned")
    touches: Mapped[str] = mapped_column(sa.String(12))
    is_core: Mapped[bool]
    change: Mapped[str] = mapped_column(sa.Text)
    goal: Mapped[str] = mapped_column(sa.Text)
    who: Mapped[str] = mapped_column(sa.String(140), default="")  # a role or an office, such as the lead teacher
    planned_on: Mapped[dt.date]
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    begun_on: Mapped[dt.date | None]
    done: Mapped[str] = mapped_column(sa.Text, default="")
    begun_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    studied_on: Mapped[dt.date | None]
    found: Mapped[str] = mapped_column(sa.Text, default="")
    studied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_on: Mapped[dt.date | None]
    act: Mapped[str] = mapped_column(sa.String(10), default="")
    because: Mapped[str] = mapped_column(sa.Text, default="")
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(default=now)

    pilot: Mapped[Pilot] = relationship()
    follows: Mapped[PilotAdaptation | None] = relationship(remote_side="PilotAdaptation.id")
