"""What a funder's people keep among themselves: a shortlist, notes, ideas they pass on, searches and their alerts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.funders.models import Funder, GrantProgramme
from innovation.ideas.models import Idea

ON = sa.text("ended_at IS NULL")


class Shortlisted(Base):
    """An idea on a funder's shortlist; ``ended_at`` when it was taken off."""

    __tablename__ = "shortlisted"
    __table_args__ = (
        sa.Index("uq_shortlisted_now", "funder_id", "idea_id", unique=True, sqlite_where=ON, postgresql_where=ON),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    put_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    put_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]


class FunderNote(Base):
    """What somebody of a funder wrote about an idea for their own colleagues; never changed, only added to."""

    __tablename__ = "funder_note"
    __table_args__ = (sa.Index("ix_funder_note_funder_id_idea_id", "funder_id", "idea_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[dt.datetime] = mapped_column(default=now)


class Passed(Base):
    """A funder does not take an idea further: a code of ``codes.PASS_REASONS``, and words that stay with the funder."""

    __tablename__ = "passed"
    __table_args__ = (
        sa.Index("uq_passed_now", "funder_id", "idea_id", unique=True, sqlite_where=ON, postgresql_where=ON),
        sa.Index("ix_passed_idea_id", "idea_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    reason: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    passed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    passed_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]


class SavedSearch(Versioned, Base):
    """What a funder's people look for again and again; ``filters`` is ``Filters.kept``.

    With ``programme`` ideas are judged by what that one of its grant programmes looks for.
    """

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    filters: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("grant_programme.id"))
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]

    funder: Mapped[Funder] = relationship()
    programme: Mapped[GrantProgramme | None] = relationship()

    @property
    def grant(self) -> str:
        """The key of the one programme by which ideas are judged; empty for all."""
        return self.programme.key if self.programme else ""


class SearchAlert(Base):
    """How often one person hears of new ideas that a search finds.

    Everything that was listed until ``seen_to`` has been looked at. With ``nonce`` the mails can be ended without a
    sign-in; ``rounds`` counts the mails.
    """

    __tablename__ = "search_alert"
    __table_args__ = (sa.UniqueConstraint("search_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    search_id: Mapped[int] = mapped_column(sa.ForeignKey("saved_search.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    often: Mapped[str] = mapped_column(sa.String(10), default="never")
    nonce: Mapped[str] = mapped_column(sa.String(64))
    seen_to: Mapped[dt.datetime] = mapped_column(default=now)
    looked_at: Mapped[dt.datetime] = mapped_column(default=now)
    rounds: Mapped[int] = mapped_column(default=0)

    search: Mapped[SavedSearch] = relationship()

    @property
    def funder_id(self) -> int:
        return self.search.funder_id


class AlertedIdea(Base):
    """An idea of which an alert has told, and in which of its mails: nobody is told twice of the same."""

    __tablename__ = "alerted_idea"

    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("search_alert.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)
    round: Mapped[int]

    idea: Mapped[Idea] = relationship()
