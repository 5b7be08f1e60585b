"""Clinics: the events where ideas are captured."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class Room(Versioned, Base):
    """The way into an open clinic without a sign-in; ``code`` is empty once it has ended."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), unique=True)
    code: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]

    clinic: Mapped[Clinic] = relationship()


class Device(Base):
    """A phone or computer that joined a clinic; it holds a token, the table its SHA-256."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str] = mapped_column(sa.String(60), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # a facilitator who had signed in
    joined_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    waiting: Mapped[int] = mapped_column(default=0)  # ideas that it said it still holds, when it was last heard of
    revoked_at: Mapped[dt.datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    clinic: Mapped[Clinic] = relationship()
