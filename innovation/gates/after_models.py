"""What is done beside deciding: holding back, reconsidering, moving the day of a condition, waiving what is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.gates.models import Decision, Review
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea


class WithheldDecision(Versioned, Base):
    """What a panel has decided and nobody else knows of yet; never edited, only announced or taken back.

    It is kept apart from the decisions, and so no list, count, page or export of those can tell it. ``content`` is the
    verdict, ``basis`` the recommendation that it rests on, ``wording`` what was changed of the letter: subject, text
    and left_out (ids of persons). ``ended_as``: announced, taken_back or cancelled.
    """

    __tablename__ = "withheld_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    basis: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(default=now)
    tell_by: Mapped[dt.date]
    wording: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    silent_because: Mapped[str] = mapped_column(sa.Text, default="")  # moved without telling anybody
    ended_at: Mapped[dt.datetime | None]
    ended_as: Mapped[str] = mapped_column(sa.String(20), default="")
    ended_because: Mapped[str] = mapped_column(sa.Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    told_at: Mapped[dt.datetime | None]

    review: Mapped[Review] = relationship()
    idea: Mapped[Idea] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def outcome(self) -> str:
        found: str = self.content["outcome"]
        return found

    @property
    def is_silent(self) -> bool:
        """True where the idea has moved and its team has not been told."""
        return self.ended_as == "announced" and self.told_at is None

    @property
    def left_out(self) -> frozenset[int]:
        return frozenset(self.wording.get("left_out", ()))


class Reconsideration(OfIdea, Versioned, Base):
    """An owner's request to look at a decision again, once for each. ``state``: asked, taken, upheld, changed."""

    __tablename__ = "reconsideration"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    grounds: Mapped[str] = mapped_column(sa.Text)
    answer_by: Mapped[dt.date]
    state: Mapped[str] = mapped_column(sa.String(20), default="asked")
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    taken_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[dt.datetime | None]

    decision: Mapped[Decision] = relationship()
    idea: Mapped[Idea] = relationship()
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    answerers: Mapped[list[Answerer]] = relationship(order_by="Answerer.id", cascade="all, delete-orphan")

    @property
    def review(self) -> Review:
        return self.decision.review

    @property
    def is_open(self) -> bool:
        return self.state in ("asked", "taken")


class ConditionMove(Base):
    """The day of a condition was moved, by whom and why; only ever added to."""

    __tablename__ = "condition_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(sa.ForeignKey("condition.id"), index=True)
    was: Mapped[dt.date]
    due_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(sa.Text)
    moved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    moved_at: Mapped[dt.datetime] = mapped_column(default=now)

    moved_by: Mapped[Person | None] = relationship()


class Answerer(Base):
    """Somebody who is asked to look at a decision again: of them, the first who takes it answers."""

    __tablename__ = "reconsideration_answerer"
    __table_args__ = (sa.UniqueConstraint("reconsideration_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reconsideration_id: Mapped[int] = mapped_column(sa.ForeignKey("reconsideration.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class Waiver(Versioned, Base):
    """Leave to come to a gate without a deliverable, or past the day to present by. ``kind``: deliverable, deadline.

    ``state``: asked, granted, refused, revoked. The idea itself keeps what is waived, for its checklists.
    """

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[str] = mapped_column(sa.String(20), default="asked")
    grounds: Mapped[str] = mapped_column(sa.Text)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None]
    was_due_on: Mapped[dt.date | None]  # the day that was waived
    revoked_because: Mapped[str] = mapped_column(sa.Text, default="")
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[dt.datetime | None]

    idea: Mapped[Idea] = relationship()
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
