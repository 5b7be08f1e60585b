"""Programmes with their themes, topics and regions, and the published versions of workflows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, db, now
from innovation.programmes import opened

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
        return opened.known(self.checksum) or opened.definition_of(self.checksum, self.text)


class UnderVersion:
    """What belongs to an idea and stays under the version that it began under, whichever one the idea goes on to."""

    workflow_version_id: Mapped[int | None]  # written once the idea leaves that version

    @property
    def definition(self) -> Definition:
        held, idea = self.workflow_version_id, self.idea  # type: ignore[attr-defined]
        if held is None or held == idea.workflow_version_id:
            return idea.definition  # type: ignore[no-any-return]
        return db.session.get_one(WorkflowVersion, held).definition


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


class WorkflowDraft(Versioned, Base):
    """A definition that is being written, faulty or not; closed once it is published or thrown away."""

    __tablename__ = "workflow_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workflow_version.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # the tables of its TOML, lists in their order
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[dt.datetime] = mapped_column(default=now)
    published_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workflow_version.id"))
    discarded_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    based_on: Mapped[WorkflowVersion | None] = relationship(foreign_keys=[based_on_id])

    @property
    def is_open(self) -> bool:
        return self.published_id is None and self.discarded_at is None
