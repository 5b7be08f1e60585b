"""Readings: what was measured at a site of a pilot in a term."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite

BASELINE = "baseline"
PROGRAMME, COMPARISON, HIGH_DOSAGE = "programme", "comparison", "high_dosage"
KINDS_OF_SITE = (PROGRAMME, HIGH_DOSAGE, COMPARISON)


def kind_of_site(*, is_comparison: bool, is_high_dosage: bool) -> str:
    """Under which kind a site is counted: in a comparison site nothing is done, whatever else it is."""
    if is_comparison:
        return COMPARISON
    return HIGH_DOSAGE if is_high_dosage else PROGRAMME


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
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    indicator: Mapped[Indicator] = relationship()
    site: Mapped[PilotSite] = relationship()


class ReadingSummary(Base):
    """What the standing readings of an indicator in a term come to, by kind of site.

    Written in the transaction that writes the readings. ``total`` is the sum of the values and ``squares`` that of
    their squares; ``learners`` those of sites that said of how many; ``small`` counts those of too few (``privacy``).
    """

    __tablename__ = "reading_summary"

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"), primary_key=True)
    term: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    sites: Mapped[int]
    total: Mapped[float]
    squares: Mapped[float]
    lowest: Mapped[float]
    highest: Mapped[float]
    learners: Mapped[int]
    small: Mapped[int]

    @property
    def told(self) -> int:
        """Of how many sites it is the sum: of all, where none was left out."""
        return self.sites


class ReadingColumn(Base):
    """The standing readings of an indicator in a term, packed by site as ``columns`` says."""

    __tablename__ = "reading_column"

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"), primary_key=True)
    term: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class StopWarning(Versioned, Base):
    """A stop threshold was crossed: by the mean of the sites in a term, or by one site where ``site_id`` names it.

    ``value`` is what it was when the warning was raised; ``told`` is that mean without the sites of too few learners
    (``privacy``), where it lies beyond the threshold as well: all that is shown more widely. A correction that takes
    the value back leaves the warning, and says so in ``taken_back_at``; an answer closes it.
    """

    __tablename__ = "stop_warning"
    __table_args__ = (
        sa.Index(
            "ix_stop_warning_open_mean",
            "indicator_id",
            "term",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL AND site_id IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND site_id IS NULL"),
        ),
        sa.Index(
            "ix_stop_warning_open_site",
            "indicator_id",
            "term",
            "site_id",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
        sa.Index(
            "ix_stop_warning_open",
            "pilot_id",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
        sa.Index("ix_stop_warning_pilot_id", "pilot_id", "indicator_id", "term"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    term: Mapped[str] = mapped_column(sa.String(10))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pilot_site.id"))
    value: Mapped[float]
    told: Mapped[float | None]
    threshold: Mapped[float]
    raised_at: Mapped[dt.datetime] = mapped_column(default=now)
    answer_by: Mapped[dt.date]
    taken_back_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(sa.String(10), default="")  # a key of ``ANSWERS``
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None]

    pilot: Mapped[Pilot] = relationship()
    indicator: Mapped[Indicator] = relationship()
    site: Mapped[PilotSite | None] = relationship()

    @property
    def idea(self) -> Idea:
        return self.pilot.idea

    @property
    def idea_id(self) -> int:
        return self.pilot.idea_id


GO_ON, CHANGE = "go_on", "change"
ANSWERS = (GO_ON, CHANGE)


class WaitingReadings(Base):
    """A table of readings between the steps of its import: for whoever sent it, for a day.

    ``options`` are the column of each target by its name, and the term where the table does not say it.
    """

    __tablename__ = "waiting_readings"

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    sent_at: Mapped[dt.datetime] = mapped_column(default=now, index=True)

    pilot: Mapped[Pilot] = relationship()
