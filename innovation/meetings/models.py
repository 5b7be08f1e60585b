"""Meetings of panels: who is there, what is on the agenda, what is said and voted, and the minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.gates.after_models import WithheldDecision
from innovation.gates.models import LEADING_ROLES, Decision, Panel, Review
from innovation.gates.terms import CHOICES, AtTable, Ballot
from innovation.ideas.models import Idea
from innovation.programmes import definitions
from innovation.programmes.models import Programme
from workflows import Gate, ItemFacts, MeetingFacts

LIVE = ("planned", "open")


class Meeting(Versioned, Base):
    """``state`` is written only by firing ``workflows.MEETING``: planned, open, closed, minuted, signed, cancelled.

    ``sequence`` counts what calendars are told of it. ``money_cents`` and ``openings`` are what there is to give.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index("ix_meeting_state", "state", "starts_at"),
        sa.Index("ix_meeting_programme_id_starts_at", "programme_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    gate_key: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120))
    venue: Mapped[str] = mapped_column(sa.String(160), default="")
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    starts_at: Mapped[dt.datetime]
    minutes: Mapped[int] = mapped_column(default=120)
    openings: Mapped[int | None]
    money_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    sequence: Mapped[int] = mapped_column(default=0)
    in_hand_id: Mapped[int | None]  # the item that is talked about: one of its own
    planned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    planned_at: Mapped[dt.datetime] = mapped_column(default=now)
    fixed_at: Mapped[dt.datetime | None]
    ordered_by: Mapped[str] = mapped_column(sa.String(20), default="")  # rank, reference or numbers
    opened_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]

    programme: Mapped[Programme] = relationship()
    panel: Mapped[Panel] = relationship()
    items: Mapped[list[AgendaItem]] = relationship(back_populates="meeting", order_by="AgendaItem.id")
    attendees: Mapped[list[Attendee]] = relationship(back_populates="meeting", order_by="Attendee.id")

    @property
    def gate(self) -> Gate:
        """As the programme's version has it, or else one that it went by before: ideas stay while a panel sits."""
        return definitions.gate_once(self.gate_key, self.programme.workflow_version)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def day(self) -> dt.date:
        """The date on which it begins, where the programme is."""
        return self.starts_at.astimezone(ZoneInfo(self.programme.timezone)).date()

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def in_hand(self) -> AgendaItem | None:
        """The item that is talked about now."""
        return next((item for item in self.items if item.id == self.in_hand_id), None)

    @property
    def present_ids(self) -> set[int]:
        return {each.person_id for each in self.attendees if each.presence == "present"}

    @property
    def leading(self) -> list[Attendee]:
        """Who chairs the meeting: its chairs, or the deputies where no chair has come or can come."""
        chairs = [each for each in self.attendees if each.part in LEADING_ROLES and each.comes]
        return chairs or [each for each in self.attendees if each.part == "deputy" and each.comes]

    @property
    def facts(self) -> MeetingFacts:
        return MeetingFacts(
            items=len(self.items),
            fixed=self.fixed_at is not None,
            voting=int(self.in_hand is not None and self.in_hand.open_motion is not None),
        )

    def attendee_of(self, person_id: int | None) -> Attendee | None:
        return next((each for each in self.attendees if each.person_id == person_id), None)


class Attendee(Base):
    """Somebody who is asked to a meeting. ``presence``: expected, present, left, apologies."""

    __tablename__ = "attendee"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    part: Mapped[str] = mapped_column(sa.String(20))  # the seat on the panel, or secretary
    presence: Mapped[str] = mapped_column(sa.String(20), default="expected")

    meeting: Mapped[Meeting] = relationship(back_populates="attendees")
    person: Mapped[Person] = relationship()
    marks: Mapped[list[Attendance]] = relationship(order_by="Attendance.id")

    @property
    def comes(self) -> bool:
        return self.presence in ("expected", "present")


class Attendance(Base):
    """That somebody arrived, arrived late, left, or sent apologies, and when; only ever added to."""

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(sa.ForeignKey("attendee.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[dt.datetime] = mapped_column(default=now)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class AgendaItem(Base):
    """A review on an agenda. ``state`` is written only by firing ``workflows.AGENDA_ITEM``.

    Its clock: ``started_at`` while it is in hand, ``spent`` the seconds of the times before.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "review_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id"), index=True)
    number: Mapped[int | None]
    state: Mapped[str] = mapped_column(sa.String(20), default="waiting")
    minutes: Mapped[int] = mapped_column(default=15)
    started_at: Mapped[dt.datetime | None]
    spent: Mapped[int] = mapped_column(default=0)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    withheld_id: Mapped[int | None] = mapped_column(sa.ForeignKey("withheld_decision.id"))  # decided, and held back
    present: Mapped[int | None]  # how many of its panel were there when it was decided
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was put off

    meeting: Mapped[Meeting] = relationship(back_populates="items")
    review: Mapped[Review] = relationship()
    decision: Mapped[Decision | None] = relationship()
    withheld: Mapped[WithheldDecision | None] = relationship()
    notes: Mapped[list[ItemNote]] = relationship(order_by="ItemNote.id")
    motions: Mapped[list[Motion]] = relationship(back_populates="item", order_by="Motion.id")

    @property
    def idea(self) -> Idea:
        return self.review.idea

    @property
    def version(self) -> int:
        """That of what is decided: a decision that was written against an older one is stale."""
        return self.review.version

    @property
    def programme_id(self) -> int:
        return self.review.programme_id

    @property
    def region_id(self) -> int:
        return self.review.region_id

    @property
    def open_motion(self) -> Motion | None:
        return next((motion for motion in self.motions if motion.counted_at is None), None)

    @property
    def is_held_back(self) -> bool:
        """True where what was decided is known to the table only: until it is announced, or for good."""
        return self.withheld is not None and self.withheld.ended_as != "announced"

    @property
    def is_undone(self) -> bool:
        """True where the panel has taken back what it had decided and held back."""
        return self.state == "decided" and self.withheld is not None and self.withheld.ended_as == "taken_back"

    @property
    def at_table(self) -> AtTable:
        """Who may decide on it and is here, and its last vote: what a decision rests on beside the scorecards."""
        counted = next((each for each in reversed(self.motions) if each.counted_at is not None), None)
        ballots = [Ballot(vote.id, vote.person_id, vote.choice) for vote in counted.votes] if counted else []
        return AtTable(
            meeting_id=self.meeting_id,
            item_id=self.id,
            present=tuple(sorted(self.electors)),
            motion_id=counted.id if counted else None,
            voted_on=counted.outcome if counted else "",
            ballots=tuple(ballots),
        )

    @property
    def electors(self) -> list[int]:
        """The people who may vote on it and decide it: seats that count, cleared of interests, at the table.

        Whoever abstains from it gives no marks and counts for no quorum, here neither.
        """
        here = self.meeting.present_ids
        return [s.person_id for s in self.review.seats if s.expected and s.cleared and s.person_id in here]

    @property
    def facts(self) -> ItemFacts:
        voting = int(self.open_motion is not None)
        here = len(self.electors)
        return ItemFacts(present=here, quorum=self.review.quorum, voting=voting, undone=self.is_undone)


class ItemNote(Base):
    """What was said about an item, as the secretary or the chair wrote it down."""

    __tablename__ = "item_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[dt.datetime] = mapped_column(default=now)


class Motion(Base):
    """An outcome that is voted on; ``carried`` once it is counted, with how many were at the table."""

    __tablename__ = "motion"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    put_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    put_at: Mapped[dt.datetime] = mapped_column(default=now)
    counted_at: Mapped[dt.datetime | None]
    carried: Mapped[bool | None]
    present: Mapped[int | None]

    item: Mapped[AgendaItem] = relationship(back_populates="motions")
    votes: Mapped[list[Vote]] = relationship(order_by="Vote.id")

    @property
    def review(self) -> Review:
        return self.item.review

    @property
    def idea(self) -> Idea:
        return self.item.idea

    @property
    def tally(self) -> dict[str, int]:
        return tally_of(vote.choice for vote in self.votes)


class Vote(Base):
    """What a member voted: for, against or abstain."""

    __tablename__ = "vote"
    __table_args__ = (sa.UniqueConstraint("motion_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(sa.ForeignKey("motion.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    choice: Mapped[str] = mapped_column(sa.String(10))
    cast_at: Mapped[dt.datetime] = mapped_column(default=now)


class Minutes(Base):
    """One version of a meeting's minutes; a correction is a new number, the old one is kept."""

    __tablename__ = "minutes"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[dt.datetime] = mapped_column(default=now)
    circulated_at: Mapped[dt.datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[dt.datetime | None]


class MinutesComment(Base):
    """What somebody who was asked to the meeting says of its minutes, and what became of it."""

    __tablename__ = "minutes_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[dt.datetime | None]

    meeting: Mapped[Meeting] = relationship()
    item: Mapped[AgendaItem | None] = relationship()


def tally_of(choices: Iterable[str]) -> dict[str, int]:
    """How many chose what."""
    found = list(choices)
    return {choice: found.count(choice) for choice in CHOICES}
