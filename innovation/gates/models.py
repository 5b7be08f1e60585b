"""Panels, reviews with their seats, declarations and scorecards, decisions and conditions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.drafts import Typed
from innovation.gates.coverage import Covering, Serving
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Attachment, Idea, Revision
from innovation.programmes.models import Region, UnderVersion
from workflows import Gate

SCORING_ROLES = ("chair", "cochair", "deputy", "member", "government", "practitioner")
SEAT_ROLES = (*SCORING_ROLES, "alternate", "observer", "secretary")
LEADING_ROLES = ("chair", "cochair")
CHAIRING_ROLES = (*LEADING_ROLES, "deputy")
CLEARED = ("none", "accepted")
GONE = ("recused", "excused")
OPEN = "state IN ('convened', 'scoring')"  # few reviews are: a query that says it so is answered by their own index
LOST = "closed_at IS NULL AND stance IN ('recused', 'excused')"  # seats of open reviews whose member has gone


def _only(condition: str) -> Any:
    return {f"{engine}_where": sa.text(condition) for engine in ("sqlite", "postgresql")}


ONLY_OPEN, ONLY_LOST = _only(OPEN), _only(LOST)


class Panel(Covering, Versioned, Base):
    """People who sit at one kind of gate, for a region or for the whole programme."""

    __tablename__ = "panel"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    retired_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    region: Mapped[Region | None] = relationship()
    members: Mapped[list[PanelMember]] = relationship(back_populates="panel", order_by="PanelMember.id")


class PanelMember(Serving, Base):
    __tablename__ = "panel_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    since: Mapped[dt.datetime] = mapped_column(default=now)
    until: Mapped[dt.datetime | None]

    panel: Mapped[Panel] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class Review(OfIdea, Versioned, UnderVersion, Base):
    """One sitting of a panel at a gate for one idea. ``state`` is written only by firing ``workflows.REVIEW``."""

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("idea_id", "gate_key", "round"),
        sa.Index("ix_review_state_due_on", "state", "due_on"),
        sa.Index("ix_review_closed", "closed_at", "id"),
        sa.Index("ix_review_state_closed", "state", "closed_at", "id"),
        sa.Index("ix_review_gate", "gate_key", "state", "closed_at", "id"),
        sa.Index("ix_review_panel", "panel_id", "closed_at"),
        sa.Index("ix_review_open", "idea_id", "gate_key", "state", **ONLY_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    panel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("panel.id"))
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    round: Mapped[int]
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    state: Mapped[str] = mapped_column(sa.String(20), default="convened")
    quorum: Mapped[int]
    due_on: Mapped[dt.date | None]
    convened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    convened_at: Mapped[dt.datetime] = mapped_column(default=now)
    opened_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]  # decided and not announced: nothing of the review changes any more
    closed_at: Mapped[dt.datetime | None]
    locked_at: Mapped[dt.datetime | None]  # since then a meeting talks about it: cards stay as they are

    idea: Mapped[Idea] = relationship()
    revision: Mapped[Revision] = relationship()
    panel: Mapped[Panel | None] = relationship()
    seats: Mapped[list[Seat]] = relationship(back_populates="review", order_by="Seat.id")
    decisions: Mapped[list[Decision]] = relationship(back_populates="review", order_by="Decision.id")
    proposals: Mapped[list[Proposal]] = relationship(back_populates="review", order_by="Proposal.id")

    @property
    def gate(self) -> Gate:
        return self.definition.gate(self.gate_key)

    @property
    def is_open(self) -> bool:
        return self.state in ("convened", "scoring")

    def seat_of(self, person_id: int | None) -> Seat | None:
        """The person's seat, unless they were recused or excused."""
        return next((s for s in self.seats if s.person_id == person_id and s.stance not in GONE), None)

    @property
    def leading(self) -> list[Seat]:
        """Who chairs now: chair and co-chairs who are there and in whose way no interest stands, else the deputies."""
        free = [seat for seat in self.seats if seat.is_free and not seat.abstains]
        return [s for s in free if s.role in LEADING_ROLES] or [s for s in free if s.role == "deputy"]

    @property
    def signers(self) -> list[Seat]:
        """Whose signatures a decision needs: both, where a co-chair sits or the gate is co-chaired."""
        leading = self.leading
        shared = self.gate.co_chaired or any(seat.role == "cochair" for seat in leading)
        return leading if shared and len(leading) > 1 else []

    @property
    def proposal(self) -> Proposal | None:
        """What one co-chair has signed and the other has not."""
        return next((proposal for proposal in reversed(self.proposals) if proposal.ended_at is None), None)

    @property
    def decision(self) -> Decision | None:
        """The decision that stands: the newest one, since each later one supersedes."""
        return self.decisions[-1] if self.decisions else None


class Seat(OfIdea, Base):
    """A member at one review. ``stance``: undeclared, none, declared (waits), accepted, recused, excused."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "person_id"),
        sa.Index("ix_seat_person", "person_id", "closed_at", "review_id", "stance"),
        sa.Index("ix_seat_gone", "review_id", **ONLY_LOST),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(sa.String(20))
    stance: Mapped[str] = mapped_column(sa.String(20), default="undeclared")
    stance_at: Mapped[dt.datetime | None]
    reminded_at: Mapped[dt.datetime | None]
    abstained_at: Mapped[dt.datetime | None]  # set while the member gives no marks, for a reason
    abstained_because: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[dt.datetime | None]  # that of the review: an index tells so where somebody sits
    away_since: Mapped[dt.datetime | None]  # since when the member cannot sign in, and leads no longer
    leave_at: Mapped[dt.datetime | None]  # the chair lets the card be changed once although it is locked

    review: Mapped[Review] = relationship(back_populates="seats")
    person: Mapped[Person] = relationship()
    cards: Mapped[list[Scorecard]] = relationship(back_populates="seat", order_by="Scorecard.number")
    declarations: Mapped[list[Declaration]] = relationship(order_by="Declaration.id")

    @property
    def idea(self) -> Idea:
        return self.review.idea

    @property
    def scores(self) -> bool:
        return self.role in SCORING_ROLES

    @property
    def counts(self) -> bool:
        """True when the seat scores and has not been recused or excused."""
        return self.scores and self.stance not in GONE

    @property
    def abstains(self) -> bool:
        """True while the member reads along and gives no marks: no part of the quorum, nor of the mean."""
        return self.abstained_at is not None

    @property
    def expected(self) -> bool:
        """True when a scorecard is expected of the seat, or is there."""
        return self.counts and not self.abstains

    @property
    def cleared(self) -> bool:
        """True when an interest stands no longer between the member and the idea."""
        return self.stance in CLEARED

    @property
    def is_free(self) -> bool:
        """True when the seat counts, its member can sign in, and no declared interest waits for an answer."""
        return self.counts and self.stance != "declared" and self.away_since is None

    @property
    def settlers(self) -> list[Seat]:
        """The seats that may answer the interest declared here; none where it falls to the coordinator."""
        others = [seat for seat in self.review.seats if seat is not self and seat.is_free]
        chairing = [seat for seat in others if seat.role in LEADING_ROLES]
        return chairing or [seat for seat in others if seat.role == "deputy"]

    @property
    def submitted(self) -> Scorecard | None:
        """The newest card that was submitted."""
        return next((card for card in reversed(self.cards) if card.submitted_at is not None), None)

    @property
    def draft(self) -> Scorecard | None:
        """The card that is being filled in."""
        return next((card for card in reversed(self.cards) if card.submitted_at is None), None)


class Declaration(Base):
    """What a member said of their own interests in an idea; only ever added to."""

    __tablename__ = "declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seat.id"), index=True)
    level: Mapped[str] = mapped_column(sa.String(20))  # none, declare, recuse; accepted, refused, admitted, removed
    text: Mapped[str] = mapped_column(sa.Text, default="")
    noticed: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))  # the flags shown when it was made
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)


class Scorecard(Typed, Base):
    """One version of a seat's marks; a changed card is a new number, the old one is kept."""

    __tablename__ = "scorecard"
    __table_args__ = (sa.UniqueConstraint("seat_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seat.id"))
    number: Mapped[int] = mapped_column(default=1)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")  # to the chair, private
    feedback: Mapped[str] = mapped_column(sa.Text, default="")  # to the owner, without a name
    change_reason: Mapped[str] = mapped_column(sa.Text, default="")
    confirms: Mapped[bool] = mapped_column(default=False)  # the same marks as before, for a newer revision
    saved_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)
    submitted_at: Mapped[dt.datetime | None]

    seat: Mapped[Seat] = relationship(back_populates="cards")
    scores: Mapped[list[Score]] = relationship(back_populates="card", cascade="all, delete-orphan")


class ScorecardCopy(Base):
    """What one tab put on a draft before another one saved something else: kept until its member decides."""

    __tablename__ = "scorecard_copy"
    __table_args__ = (sa.UniqueConstraint("seat_id", "tab"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seat.id"))
    tab: Mapped[str] = mapped_column(sa.String(32))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # the entries, and the texts beside them
    saved_at: Mapped[dt.datetime]


class Score(Base):
    """A mark or an answer for one criterion. ``mark`` is the scale's value, none with ``not_applicable`` for N/A."""

    __tablename__ = "score"
    __table_args__ = (sa.UniqueConstraint("scorecard_id", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(sa.ForeignKey("scorecard.id"))
    criterion: Mapped[str] = mapped_column(sa.String(60))
    answer: Mapped[str | None] = mapped_column(sa.String(10))  # yes, no, unsure
    fixable: Mapped[bool | None]
    mark: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(sa.Text, default="")

    card: Mapped[Scorecard] = relationship(back_populates="scores")


class Proposal(Base):
    """A decision that one co-chair has signed and that waits for the other; a newer one takes its place."""

    __tablename__ = "decision_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    ended_at: Mapped[dt.datetime | None]

    review: Mapped[Review] = relationship(back_populates="proposals")
    made_by: Mapped[Person] = relationship()


class Decision(OfIdea, Base):
    """An outcome with its reasons; never edited, only superseded. Totals in hundredths of a point (0 to 10000)."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(20))
    rationale: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # what the outcome requires, by domain 2.3
    recommended: Mapped[str | None] = mapped_column(sa.String(20))
    recommended_because: Mapped[str] = mapped_column(sa.Text, default="")
    against_reason: Mapped[str] = mapped_column(sa.Text, default="")
    total: Mapped[int | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(default=now)
    announced_at: Mapped[dt.datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))

    review: Mapped[Review] = relationship(back_populates="decisions")
    idea: Mapped[Idea] = relationship()
    decided_by: Mapped[Person | None] = relationship()
    conditions: Mapped[list[Condition]] = relationship(back_populates="decision", order_by="Condition.id")


class Ending(Base):
    """How an idea on hold at a stage ended, where no panel sits to decide: the outcome and what it requires."""

    __tablename__ = "ending"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(20))
    rationale: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime] = mapped_column(default=now)


class Condition(OfIdea, Versioned, Base):
    """What a conditional go still owes. ``state``: open, offered (evidence handed in), met, waived."""

    __tablename__ = "condition"
    __table_args__ = (
        sa.Index("ix_condition_state_due_on", "state", "due_on"),
        sa.Index("ix_condition_owner", "owner_id", "state"),
        sa.Index("ix_condition_idea", "idea_id", "blocking", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[dt.date]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")  # what will show that it is met
    blocking: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(20), default="open")
    offered: Mapped[str] = mapped_column(sa.Text, default="")
    offered_link: Mapped[str] = mapped_column(sa.String(500), default="")
    offered_attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachment.id"))
    moved_reason: Mapped[str] = mapped_column(sa.Text, default="")  # why its day was moved last
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[dt.datetime | None]
    settled_reason: Mapped[str] = mapped_column(sa.Text, default="")

    decision: Mapped[Decision] = relationship(back_populates="conditions")
    idea: Mapped[Idea] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
    offered_attachment: Mapped[Attachment | None] = relationship()

    @property
    def review(self) -> Review:
        return self.decision.review

    @property
    def key(self) -> str:
        """Its key as a must-meet on the scorecards of the next gate."""
        return f"condition:{self.id}"
