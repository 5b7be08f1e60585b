"""What contributors were shown and answered when an idea was captured in a room, and who agreed for a child."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, now


class NoticeShown(Base):
    """Which notice was shown for an idea, and what was given and withheld, purpose by purpose."""

    __tablename__ = "notice_shown"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True)
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("device.id"), index=True)  # of an area above
    version: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(8))
    given: Mapped[list[str]] = mapped_column(sa.JSON)
    withheld: Mapped[list[str]] = mapped_column(sa.JSON)
    under_18: Mapped[bool] = mapped_column(default=False)
    at: Mapped[dt.datetime] = mapped_column(default=now)


class CompetentConsent(Base):
    """That somebody who decides for a contributor under 18 has agreed: who, what they are to the child, and how."""

    __tablename__ = "competent_consent"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    school: Mapped[str] = mapped_column(sa.String(120), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    relation: Mapped[str] = mapped_column(sa.String(20))
    how: Mapped[str] = mapped_column(sa.String(20))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(default=now)
