"""Incidents in a pilot: what happened, how bad it was, who was told outside, and how it was settled."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea
from innovation.pilots.plan_models import Pilot, PilotSite

OPEN = sa.text("state = 'open'")
IS_OPEN = sa.text("pilot_incident.state = 'open'")  # a query that says it so is answered by their own index


class Incident(OfIdea, Versioned, Base):
    """Something that went wrong; ``state`` is written only by firing ``workflows.INCIDENT``.

    What was reported stays as it was; what is found out or done later is added as an ``IncidentEntry``. Names are
    asked for nowhere. ``kind`` and ``severity`` are keys of ``incidents.KINDS`` and ``incidents.SEVERITIES``.
    """

    __tablename__ = "pilot_incident"
    __table_args__ = (
        sa.Index("ix_pilot_incident_pilot_id", "pilot_id", "id"),
        sa.Index("ix_pilot_incident_site_id", "site_id"),
        sa.Index("ix_pilot_incident_open", "settle_by", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot.id"))
    happened_on: Mapped[dt.date]
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pilot_site.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    severity: Mapped[str] = mapped_column(sa.String(12))
    what: Mapped[str] = mapped_column(sa.Text)
    done: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    settle_by: Mapped[dt.date]
    reported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reported_at: Mapped[dt.datetime] = mapped_column(default=now)

    pilot: Mapped[Pilot] = relationship()
    site: Mapped[PilotSite | None] = relationship()

    @property
    def idea(self) -> Idea:
        return self.pilot.idea

    @property
    def idea_id(self) -> int:
        return self.pilot.idea_id


class IncidentEntry(Base):
    """What was added to an incident; never changed itself.

    ``step`` is one of: told (``code`` is whom, ``day`` when), settled (``text`` is what was found, ``changes`` what
    changes), reopened (``text`` is why), graded (``code`` is how bad it is now, ``before`` what it was taken for).
    """

    __tablename__ = "pilot_incident_entry"
    __table_args__ = (sa.Index("ix_pilot_incident_entry_incident_id", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("pilot_incident.id"))
    step: Mapped[str] = mapped_column(sa.String(10))
    day: Mapped[dt.date | None]
    code: Mapped[str] = mapped_column(sa.String(20), default="")
    before: Mapped[str] = mapped_column(sa.String(20), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[str] = mapped_column(sa.Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
