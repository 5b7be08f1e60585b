"""Tables of ideas that people send: while they wait, how their columns were matched, and what came of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, now
from innovation.programmes.models import Programme


class WaitingImport(Base):
    """A table of ideas between the steps of an import: for whoever sent it, for a day.

    ``corrections`` are texts by the position of their column, by the number of their row.
    """

    __tablename__ = "waiting_import"

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    clinic_code: Mapped[str] = mapped_column(sa.String(40), default="")
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    corrections: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    sent_at: Mapped[dt.datetime] = mapped_column(default=now, index=True)


class MatchedColumn(Base):
    """What a heading was matched with last time in a programme; an empty ``target`` leaves its column out."""

    __tablename__ = "matched_column"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), primary_key=True)
    heading: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(60))


class IdeaImport(Base):
    """A table from which ideas were made, by whom and where."""

    __tablename__ = "idea_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinic.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    programme: Mapped[Programme] = relationship(lazy="joined")


class ImportedIdea(Base):
    """An idea that an import made; ``taken_back_at`` when the import was undone."""

    __tablename__ = "imported_idea"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("idea_import.id"), index=True)
    taken_back_at: Mapped[dt.datetime | None]
