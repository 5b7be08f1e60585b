"""Clinics: the events where ideas are captured."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, Versioned, now


class Clinic(Versioned, Base):
    """``state`` is written only by firing ``workflows.CLINIC``: planned, open, voting, closed, reported."""

    __tablename__ = "clinic"
    __table_args__ = (sa.Index("ix_clinic_programme_id_starts_on", "programme_id", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    challenge: Mapped[str] = mapped_column(sa.Text, default="")
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"))
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    venue: Mapped[str] = mapped_column(sa.String(160), default="")
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    agenda: Mapped[str] = mapped_column(sa.Text, default="")
    attendance: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)  # head count by role, no names
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    @property
    def clinic_id(self) -> int:
        return self.id
