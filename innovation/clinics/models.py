"""Clinics: the events where ideas are captured."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now


class Clinic(Versioned, Base):
    """``state`` is written only by firing ``workflows.CLINIC``: planned, open, voting, closed, reported."""

    __tablename__ = "clinic"
    __table_args__ = (
        sa.Index("ix_clinic_programme_id_starts_on", "programme_id", "starts_on"),
        sa.Index("ix_clinic_state", "state", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    challenge: Mapped[str] = mapped_column(sa.Text, default="")
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    venue: Mapped[str] = mapped_column(sa.String(160), default="")
    language: Mapped[str] = mapped_column(sa.String(8), default="")  # in which its room begins; empty for each its own
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


class Card(Versioned, Base):
    """A paper card of a clinic. ``number`` is its place in the pile, ``reference`` that of the idea it will make.

    ``state`` is written only by firing ``workflows.CARD``: printed, typed, void, missing. The photograph shows
    handwriting with names and numbers, so it stays with the card, for those who run the clinic.
    """

    __tablename__ = "card"
    __table_args__ = (sa.UniqueConstraint("clinic_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(20), default="printed")
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    idea_id: Mapped[int | None] = mapped_column(sa.ForeignKey("idea.id"), unique=True)
    typed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    typed_at: Mapped[dt.datetime | None]
    photo_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    photo_type: Mapped[str] = mapped_column(sa.String(80), default="")
    photo_sha256: Mapped[str] = mapped_column(sa.String(64), default="")

    @property
    def import_key(self) -> str:
        """What makes the card one idea, however often it is typed in."""
        return f"card:{self.reference}"


class NextStep(Versioned, Base):
    """What the owner of an idea does first after the clinic, and by when."""

    __tablename__ = "next_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), unique=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[dt.date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(default=now)
