"""Programmes with their themes, topics and regions, and the published versions of workflows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now

if TYPE_CHECKING:
    from workflows import Definition


class WorkflowVersion(Base):
    """A published definition: never changed, found again by its checksum."""

    __tablename__ = "workflow_version"
    __table_args__ = (sa.UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    checksum: Mapped[str] = mapped_column(sa.String(64), unique=True)
    text: Mapped[str] = mapped_column(sa.Text, deferred=True)  # long, and read once in a process
    published_at: Mapped[dt.datetime] = mapped_column(default=now)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    @property
    def definition(self) -> Definition:
        """The definition, read once per checksum in this process."""
        from innovation.programmes import definitions

        return definitions.known(self.checksum) or definitions.definition_of(self.checksum, self.text)


class Programme(Versioned, Base):
    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    workflow_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Africa/Johannesburg")
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # whose public holidays are no working days
    currency: Mapped[str] = mapped_column(sa.String(3), default="ZAR")
    responsible_party: Mapped[str] = mapped_column(sa.Text, default="")
    notice: Mapped[str] = mapped_column(sa.Text, default="")
    notice_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    workflow_version: Mapped[WorkflowVersion] = relationship(lazy="joined", innerjoin=True)
    themes: Mapped[list[Theme]] = relationship(order_by="Theme.position")
    topics: Mapped[list[Topic]] = relationship(order_by="Topic.position")
    regions: Mapped[list[Region]] = relationship(order_by="Region.name")

    @property
    def programme_id(self) -> int:
        return self.id


class Theme(Base):
    __tablename__ = "theme"
    __table_args__ = (sa.UniqueConstraint("programme_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[dt.datetime | None]


class Topic(Base):
    __tablename__ = "topic"
    __table_args__ = (sa.UniqueConstraint("programme_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[dt.datetime | None]


class Region(Base):
    """A part of a programme; ``prefix`` begins the references of its ideas (``LP26-0317``)."""

    __tablename__ = "region"
    __table_args__ = (sa.UniqueConstraint("programme_id", "prefix"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    prefix: Mapped[str] = mapped_column(sa.String(8))
    name: Mapped[str] = mapped_column(sa.String(80))
    province_code: Mapped[str | None] = mapped_column(sa.ForeignKey("province.code"))
    retired_at: Mapped[dt.datetime | None]


class ReferenceCounter(Base):
    """The last number given out per prefix and year."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
