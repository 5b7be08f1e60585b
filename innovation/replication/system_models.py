"""An idea's way into the system: marks of its tracker, its home there, the hand-over, and reviews afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea

WAITING = "state = 'proposed'"
OPEN = "state IN ('planned', 'handed_in')"


class TrackerMark(OfIdea, Versioned, Base):
    """A mark that somebody proposed for a criterion; what it says never changes, a later one stands before it.

    ``state`` is written only by firing ``workflows.TRACKER_MARK``; ``seen_on`` is the day of which the mark speaks.
    """

    __tablename__ = "tracker_mark"
    __table_args__ = (
        sa.Index("ix_tracker_mark_of_criterion", "idea_id", "criterion", "id"),
        sa.Index(
            "ix_tracker_mark_waiting",
            *("id", "idea_id"),
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    criterion: Mapped[str] = mapped_column(sa.String(36))
    mark: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20), default="proposed")
    seen_on: Mapped[dt.date]
    evidence: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(sa.String(500), default="")
    file_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    file_name: Mapped[str] = mapped_column(sa.String(160), default="")
    file_type: Mapped[str] = mapped_column(sa.String(80), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it is lower than the one before
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_at: Mapped[dt.datetime] = mapped_column(default=now)
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judged_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    idea: Mapped[Idea] = relationship()


class SystemHome(OfIdea, Versioned, Base):
    """Where an idea lives in the system, and how it gets there; ``state`` is that of the hand-over, written only by
    firing ``workflows.HANDOVER``.

    A post and its unit are named, and an official only by name, where they agreed to it; no address of anybody.
    ``contact_id`` is somebody with a sign-in who speaks for the post: an adopter's own contact.
    """

    __tablename__ = "system_home"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), unique=True)
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    unit: Mapped[str] = mapped_column(sa.String(140), default="")
    post: Mapped[str] = mapped_column(sa.String(140), default="")
    official: Mapped[str] = mapped_column(sa.String(120), default="")
    official_agreed_on: Mapped[dt.date | None]
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    licence: Mapped[str] = mapped_column(sa.String(30), default="")  # where no playbook says it
    from_role: Mapped[str] = mapped_column(sa.String(140), default="")
    to_role: Mapped[str] = mapped_column(sa.String(140), default="")
    agreed_for: Mapped[dt.date | None] = mapped_column(index=True)
    reopened_because: Mapped[str] = mapped_column(sa.Text, default="")
    happened_on: Mapped[dt.date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")  # what was said when it happened

    idea: Mapped[Idea] = relationship()
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id])
    references: Mapped[list[HomeReference]] = relationship(
        primaryjoin="and_(SystemHome.id == HomeReference.home_id, HomeReference.removed_at.is_(None))",
        order_by="HomeReference.issued_on, HomeReference.id",
        viewonly=True,
    )
    budget_lines: Mapped[list[BudgetLine]] = relationship(
        primaryjoin="and_(SystemHome.id == BudgetLine.home_id, BudgetLine.removed_at.is_(None))",
        order_by="BudgetLine.year, BudgetLine.id",
        viewonly=True,
    )
    steps: Mapped[list[HandoverStep]] = relationship(
        primaryjoin="and_(SystemHome.id == HandoverStep.home_id, HandoverStep.removed_at.is_(None))",
        order_by="HandoverStep.due_on, HandoverStep.id",
        viewonly=True,
    )

    @property
    def is_written(self) -> bool:
        """False for the empty one that a page shows before anything is written."""
        return bool(sa.inspect(self).identity)


class OfHome:
    """For whatever belongs to a home: it belongs to its idea. What is taken out stays on the record."""

    home: Any

    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[dt.datetime | None]

    @property
    def idea(self) -> Idea:
        found: Idea = self.home.idea
        return found

    @property
    def idea_id(self) -> int:
        found: int = self.home.idea_id
        return found


class HomeReference(OfHome, Base):
    """A policy, circular or plan on which it rests."""

    __tablename__ = "home_reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("system_home.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(80), default="")
    title: Mapped[str] = mapped_column(sa.String(200))
    issued_on: Mapped[dt.date]
    link: Mapped[str] = mapped_column(sa.String(500), default="")

    home: Mapped[SystemHome] = relationship()


class BudgetLine(OfHome, Base):
    """Where the money stands for one financial year."""

    __tablename__ = "budget_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("system_home.id"), index=True)
    vote: Mapped[str] = mapped_column(sa.String(80))
    budget_programme: Mapped[str] = mapped_column(sa.String(140), default="")
    year: Mapped[str] = mapped_column(sa.String(9))
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger)
    funded_by: Mapped[str] = mapped_column(sa.String(140))

    home: Mapped[SystemHome] = relationship()


class HandoverStep(OfHome, Base):
    """Something that is done until the hand-over: by when, and by which role."""

    __tablename__ = "handover_step"
    __table_args__ = (sa.Index("ix_handover_step_due_on", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("system_home.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(200))
    who: Mapped[str] = mapped_column(sa.String(140))
    due_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    home: Mapped[SystemHome] = relationship()

    @property
    def contact_id(self) -> int | None:
        """Who speaks for the post that takes it over."""
        return self.home.contact_id


class PostReview(OfIdea, Versioned, Base):
    """A review some time after an idea became part of the system; ``state`` is written only by firing
    ``workflows.POST_REVIEW``.

    ``figures`` is what ``reviewing.Figures`` reads: nothing in it is about one person.
    """

    __tablename__ = "post_review"
    __table_args__ = (
        sa.UniqueConstraint("idea_id", "number"),
        sa.Index(
            "ix_post_review_open",
            "idea_id",
            unique=True,
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        ),
        sa.Index("ix_post_review_due_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    due_on: Mapped[dt.date]
    planned_at: Mapped[dt.datetime] = mapped_column(default=now)
    figures: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    handed_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    handed_in_at: Mapped[dt.datetime | None]
    returned_because: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime | None]

    idea: Mapped[Idea] = relationship()
    home: Mapped[SystemHome | None] = relationship(
        primaryjoin="foreign(PostReview.idea_id) == SystemHome.idea_id", viewonly=True, uselist=False
    )

    @property
    def contact_id(self) -> int | None:
        """Who speaks for the post that runs it now."""
        return self.home.contact_id if self.home else None
