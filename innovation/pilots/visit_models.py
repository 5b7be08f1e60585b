"""Visits to the sites of a pilot, what was corrected of them, and the phones that take a pilot along."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Pilot, PilotSite


class OfPilot:
    """For whatever belongs to a pilot: it belongs to its idea, and lies within the same scopes."""

    pilot: Any

    @property
    def idea(self) -> Idea:
        found: Idea = self.pilot.idea
        return found

    @property
    def programme_id(self) -> int:
        return self.idea.programme_id

    @property
    def region_id(self) -> int:
        return self.idea.region_id


class VisitPhone(OfPilot, Base):
    """A phone that takes a pilot along for a person; it holds a token, the table its SHA-256."""

    __tablename__ = "visit_phone"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str] = mapped_column(sa.String(60), default="")
    taken_at: Mapped[dt.datetime] = mapped_column(default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=now)
    waiting: Mapped[int] = mapped_column(default=0)  # visits that it said it still holds, when it was last heard of
    revoked_at: Mapped[dt.datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    pilot: Mapped[Pilot] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class PilotVisit(OfPilot, Versioned, Base):
    """What somebody saw at a site on a day. Each dimension is from 0 to 10, or none where it was not seen.

    ``client_id`` was made where the visit was written down, and makes it one however often it is sent; ``sent_digest``
    tells whether it is sent again with other words.
    """

    __tablename__ = "pilot_visit"
    __table_args__ = (
        sa.UniqueConstraint("pilot_id", "number"),
        sa.Index("ix_pilot_visit_pilot_id_visited_on", "pilot_id", "visited_on"),
        sa.Index("ix_pilot_visit_site_id", "site_id", "visited_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    number: Mapped[int]
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot_site.id"))
    visited_on: Mapped[dt.date]
    adherence: Mapped[int | None]
    exposure: Mapped[int | None]
    quality: Mapped[int | None]
    responsiveness: Mapped[int | None]
    differentiation: Mapped[int | None]
    learners: Mapped[int | None]
    teachers: Mapped[int | None]
    worked: Mapped[str] = mapped_column(sa.Text, default="")
    did_not: Mapped[str] = mapped_column(sa.Text, default="")
    next_step: Mapped[str] = mapped_column(sa.Text, default="")
    next_who: Mapped[str] = mapped_column(sa.String(140), default="")
    harm: Mapped[bool] = mapped_column(default=False)
    photo_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    photo_type: Mapped[str] = mapped_column(sa.String(80), default="")
    photo_removed_at: Mapped[dt.datetime | None]  # from now on nobody sees it; the worker takes it out of the store
    client_id: Mapped[str] = mapped_column(sa.String(36), unique=True)
    sent_digest: Mapped[str] = mapped_column(sa.String(64))
    phone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit_phone.id"))
    visited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(default=now)

    pilot: Mapped[Pilot] = relationship()
    site: Mapped[PilotSite] = relationship()
    visited_by: Mapped[Person | None] = relationship()
    corrections: Mapped[list[VisitCorrection]] = relationship(
        back_populates="visit", order_by="VisitCorrection.number.desc()"
    )

    @property
    def shows_photo(self) -> bool:
        return self.photo_key is not None and self.photo_removed_at is None


class VisitCorrection(Base):
    """What the visitor has changed since, and why; never changed itself.

    ``changes`` are dicts of ``what`` (a column), ``before`` and ``after``.
    """

    __tablename__ = "visit_correction"
    __table_args__ = (sa.UniqueConstraint("visit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot_visit.id"))
    number: Mapped[int]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    visit: Mapped[PilotVisit] = relationship(back_populates="corrections")
