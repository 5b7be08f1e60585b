"""Readings: what was measured at a site of a pilot in a term."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, now
from innovation.pilots.plan_models import Indicator, PilotSite

BASELINE = "baseline"


class Reading(Base):
    """One measured value: the mean or share over ``learners``, with their standard deviation where it is known.

    ``term`` is ``BASELINE`` or a school term such as ``2026-3``. A corrected reading stays, and says by when it was
    replaced; at most one of an indicator, site and term stands.
    """

    __tablename__ = "reading"
    __table_args__ = (
        sa.Index(
            "ix_reading_standing",
            "indicator_id",
            "term",
            "site_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        sa.Index("ix_reading_site_id", "site_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot_site.id"))
    term: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[float]
    learners: Mapped[int | None]
    spread: Mapped[float | None]
    taken_on: Mapped[dt.date | None]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    client_id: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    replaced_at: Mapped[dt.datetime | None]

    indicator: Mapped[Indicator] = relationship()
    site: Mapped[PilotSite] = relationship()
