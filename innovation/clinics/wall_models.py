"""What a room shows and how it votes: the wall with its topics and ideas, rounds of dots, ties and shortlists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from innovation.db import Base, Versioned, now

VIEWS = ("ideas", "results", "shortlist", "cover")


class RoomWall(Versioned, Base):
    """What is projected for a clinic: ``view`` is one of ``VIEWS``; and where its run sheet is.

    ``at_once``: ideas are shown as they come, else once they are released. ``names``: of owners who agreed to it.
    """

    __tablename__ = "room_wall"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), unique=True)
    view: Mapped[str] = mapped_column(sa.String(20), default="ideas")
    at_once: Mapped[bool] = mapped_column(default=False)
    names: Mapped[bool] = mapped_column(default=False)
    step: Mapped[int | None]  # the part of the run sheet in hand, from nought
    started_at: Mapped[dt.datetime | None]  # while its clock runs
    spent: Mapped[int] = mapped_column(default=0)  # seconds before that


class WallTopic(Versioned, Base):
    """A heading under which the room puts ideas together; not one of the programme's topics."""

    __tablename__ = "wall_topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    ended_at: Mapped[dt.datetime | None]


class WallIdea(Base):
    """Where an idea stands on the wall of its clinic; without a row it has not been touched."""

    __tablename__ = "wall_idea"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wall_topic.id"))
    released_at: Mapped[dt.datetime | None]
    hidden_at: Mapped[dt.datetime | None]


class VotingRound(Versioned, Base):
    """A vote on ideas. ``state`` is written only by firing ``workflows.ROUND``: open, closed.

    ``method`` is dots, of which each voter has so many for all ideas, or points, of which each idea may get as many
    as ``most`` from each. ``shows``: heat or ranked, how its totals are shown once it is closed. ``sha256`` is over
    the ballots as counted.
    """

    __tablename__ = "voting_round"
    __table_args__ = (
        sa.UniqueConstraint("clinic_id", "number"),
        sa.Index(
            "uq_voting_round_open",
            "clinic_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(sa.String(160), default="")
    method: Mapped[str] = mapped_column(sa.String(10), default="dots")
    dots: Mapped[int]
    most: Mapped[int]
    shows: Mapped[str] = mapped_column(sa.String(20), default="ranked")
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[dt.datetime] = mapped_column(default=now)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")


class RoundIdea(Base):
    """An idea that could be given dots in a round: those on the wall when it was opened."""

    __tablename__ = "round_idea"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)


class Ballot(Base):
    """The dots of one phone or account; nobody reads it while the round is open, and it has no ``voter`` afterwards."""

    __tablename__ = "ballot"
    __table_args__ = (sa.UniqueConstraint("round_id", "voter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"))
    voter: Mapped[str | None] = mapped_column(sa.String(40))
    number: Mapped[int] = mapped_column(default=0)
    marks: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # dots by the number of an idea

    @property
    def dots(self) -> dict[int, int]:
        return {int(idea_id): int(dots) for idea_id, dots in self.marks.items()}


class TieDecision(Base):
    """That a named person put one idea before those with which it was level; only ever added to."""

    __tablename__ = "tie_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_round.id"), index=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    over: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    decided_by: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str] = mapped_column(sa.String(300))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(default=now)


class Shortlist(Base):
    """What the room goes on with: by the dots of a round, or by hand for a reason. The newest of a clinic holds."""

    __tablename__ = "shortlist"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("voting_round.id"))  # None where it was made by hand
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class ShortlistedIdea(Base):
    __tablename__ = "shortlisted_idea"

    shortlist_id: Mapped[int] = mapped_column(sa.ForeignKey("shortlist.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)
    place: Mapped[int]
