"""What members know and how much they take, and suggestions of who reviews what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, Versioned, now


class Expertise(Versioned, Base):
    """What a person knows, as keys of a programme's themes, topics and phases, and the most ideas open with them.

    ``cap``: none for as many as fall to them.
    """

    __tablename__ = "expertise"
    __table_args__ = (sa.UniqueConstraint("programme_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    themes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    phases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    cap: Mapped[int | None]
    changed_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)


class Assignment(Versioned, Base):
    """A suggestion of who reviews the ideas that wait at a gate; nothing follows from it until it is confirmed.

    Ids only: ``ideas`` in the order in which they wait; ``rulings`` maps an idea to the people who were pinned ("pin")
    or forbidden ("forbid") for it; ``result`` is what ``as_result`` makes of a suggestion, none before there is one.
    """

    __tablename__ = "assignment"
    __table_args__ = (sa.Index("ix_assignment_asked_by", "asked_by_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    reviewers: Mapped[int | None]  # for each idea; none for the usual size of its gate's panels
    ideas: Mapped[list[int]] = mapped_column(sa.JSON)
    rulings: Mapped[dict[str, dict[str, str]]] = mapped_column(sa.JSON, default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    solved_at: Mapped[dt.datetime | None]
    confirmed_at: Mapped[dt.datetime | None]
