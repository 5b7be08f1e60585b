"""Pilots: the trial of an idea, the places where it is held, and what is measured there."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea


class Pilot(OfIdea, Versioned, Base):
    """One trial of an idea; ``state`` is written only by firing ``workflows.PILOT``.

    An idea that is sent back and tries again has another, with the next number.
    """

    __tablename__ = "pilot"
    __table_args__ = (sa.UniqueConstraint("idea_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    hypothesis: Mapped[str] = mapped_column(sa.Text, default="")
    design: Mapped[str] = mapped_column(sa.String(20), default="before_after")  # a key of ``designs.DESIGNS``
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    means: Mapped[str] = mapped_column(sa.Text, default="")
    first_term: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    last_term: Mapped[str] = mapped_column(sa.String(8), default="", server_default="")
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))  # what the plan grew from, with
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))  # the canvas as it was then
    ask_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ask.id"))
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    planned_at: Mapped[dt.datetime] = mapped_column(default=now)

    is_earlier = False  # true of one that was asked for by its number, after which the idea has had another

    idea: Mapped[Idea] = relationship()
    sites: Mapped[list[PilotSite]] = relationship(back_populates="pilot", order_by="PilotSite.id")
    indicators: Mapped[list[Indicator]] = relationship(back_populates="pilot", order_by="Indicator.position")


class PilotSite(Base):
    """A place of a pilot: a school of the register by its number, or a place by its name.

    In a comparison site nothing is done; it is measured only. Results of a high-dosage site are shown apart.
    """

    __tablename__ = "pilot_site"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "place"), sa.Index("ix_pilot_site_emis", "emis"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    place: Mapped[str] = mapped_column(sa.String(160))
    emis: Mapped[str | None] = mapped_column(sa.ForeignKey("school.emis"))
    is_comparison: Mapped[bool] = mapped_column(default=False)
    is_high_dosage: Mapped[bool] = mapped_column(default=False)
    learners: Mapped[int | None]
    teachers: Mapped[int | None]
    left_on: Mapped[dt.date | None]
    left_because: Mapped[str] = mapped_column(sa.String(200), default="")

    pilot: Mapped[Pilot] = relationship(back_populates="sites")


class PilotPlaces(Base):
    """The sites of a pilot with their schools, packed as ``places.packed`` says."""

    __tablename__ = "pilot_places"

    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Indicator(Base):
    """What a pilot measures: where it should come to, and where it would be stopped.

    ``more_is_better`` says on which side of ``target`` and ``stop_at`` it should be.
    """

    __tablename__ = "indicator"
    __table_args__ = (sa.UniqueConstraint("pilot_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(140))
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    tool: Mapped[str] = mapped_column(sa.String(200), default="")
    baseline: Mapped[float | None]
    target: Mapped[float | None]
    stop_at: Mapped[float | None]
    more_is_better: Mapped[bool] = mapped_column(default=True)

    pilot: Mapped[Pilot] = relationship(back_populates="indicators")
