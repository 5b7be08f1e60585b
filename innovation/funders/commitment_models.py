"""What follows an introduction: what an owner discloses, talks, due diligence, commitments and their tranches."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.funders.codes import IN_KIND
from innovation.funders.models import Funder, Interest
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea
from innovation.pilots.models import Milestone


class Disclosure(Base):
    """One confidential field that the owner shows to one funder; ``field`` is a key of ``funders/disclosing.py``."""

    __tablename__ = "disclosure"

    id: Mapped[int] = mapped_column(primary_key=True)
    interest_id: Mapped[int] = mapped_column(sa.ForeignKey("interest.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(80))
    disclosed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    disclosed_at: Mapped[dt.datetime] = mapped_column(default=now)
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[dt.datetime | None]


class Talk(OfIdea, Versioned, Base):
    """Talks of one funder about one idea. ``state`` is written only by firing ``workflows.TALKS``."""

    __tablename__ = "talk"
    __table_args__ = (sa.Index("ix_talk_idea_id_state", "idea_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interest_id: Mapped[int] = mapped_column(sa.ForeignKey("interest.id"), unique=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    state: Mapped[str] = mapped_column(sa.String(20), default="talking")
    begun_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    begun_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    interest: Mapped[Interest] = relationship()
    idea: Mapped[Idea] = relationship()
    funder: Mapped[Funder] = relationship()
    checks: Mapped[list[Check]] = relationship(back_populates="talk")


class Check(Versioned, Base):
    """What a funder says of one point of its due diligence; the note is the funder's own."""

    __tablename__ = "diligence_check"
    __table_args__ = (sa.UniqueConstraint("talk_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talk.id"))
    item: Mapped[str] = mapped_column(sa.String(40))
    verdict: Mapped[str] = mapped_column(sa.String(20))  # fine, not_needed or asks: it asks for more
    note: Mapped[str] = mapped_column(sa.Text, default="")
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_at: Mapped[dt.datetime] = mapped_column(default=now)

    talk: Mapped[Talk] = relationship(back_populates="checks")

    @property
    def funder_id(self) -> int:
        return self.talk.funder_id

    @property
    def idea(self) -> Idea:
        return self.talk.idea


class DiligencePaper(Base):
    """One version of what an idea hands in for a point of due diligence: once, for all its funders.

    Its file is no file of the idea: whoever sees the idea, as a panel does, has no business with a bank account.
    """

    __tablename__ = "diligence_paper"
    __table_args__ = (sa.UniqueConstraint("idea_id", "item", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    item: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    file_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    file_name: Mapped[str] = mapped_column(sa.String(160), default="")
    file_type: Mapped[str] = mapped_column(sa.String(80), default="")
    valid_until: Mapped[dt.date | None]
    handed_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    handed_in_at: Mapped[dt.datetime] = mapped_column(default=now)


class Registration(Versioned, Base):
    """A legal status of whoever receives the money, or the share by which SED counts: kept with its dates."""

    __tablename__ = "registration"
    __table_args__ = (sa.UniqueConstraint("idea_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))  # npo, pbo, s18a, npc or sed
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    percent: Mapped[int | None]
    method: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(default=now)


def new_key() -> str:
    """By which the world outside knows a commitment: drawn once, and it tells nothing."""
    return secrets.token_hex(6)


class Commitment(OfIdea, Versioned, Base):
    """What a funder commits to an idea, in minor units of ``currency``; in kind it is the stated value.

    ``state`` is written only by firing ``workflows.COMMITMENT``. What stands is ``amount_minor - withdrawn_minor``.
    ``match_percent``: it is released as far as it is at most so many percent of what others committed in money.
    ``named``: the funder agrees that other funders of the idea read its name. ``key`` stands in exports.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        sa.Index("ix_commitment_idea_id_state", "idea_id", "state"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint("withdrawn_minor >= 0 AND released_minor >= 0", name="not_negative"),
        sa.CheckConstraint("released_minor <= amount_minor - withdrawn_minor", name="released"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(sa.ForeignKey("talk.id"), index=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    instrument: Mapped[str] = mapped_column(sa.String(20))
    currency: Mapped[str] = mapped_column(sa.String(3), default="ZAR")
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    withdrawn_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    released_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    terms: Mapped[str] = mapped_column(sa.Text, default="")
    match_percent: Mapped[int | None]
    state: Mapped[str] = mapped_column(sa.String(20), default="offered")
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    offered_at: Mapped[dt.datetime] = mapped_column(default=now)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    beyond_reason: Mapped[str] = mapped_column(sa.Text, default="")
    agreed_on: Mapped[dt.date | None]
    agreement: Mapped[str] = mapped_column(sa.String(120), default="")
    agreed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    agree_by: Mapped[dt.date | None]
    named: Mapped[bool] = mapped_column(default=False)
    key: Mapped[str] = mapped_column(sa.String(16), default=new_key, unique=True)

    talk: Mapped[Talk] = relationship()
    idea: Mapped[Idea] = relationship()
    funder: Mapped[Funder] = relationship()
    tranches: Mapped[list[Tranche]] = relationship(back_populates="commitment", order_by="Tranche.due_on, Tranche.id")

    @property
    def in_kind(self) -> bool:
        return self.instrument in IN_KIND

    @property
    def standing_minor(self) -> int:
        """What is committed and was not withdrawn."""
        return self.amount_minor - self.withdrawn_minor

    @property
    def outcome(self) -> str:
        """Its state; ``cut`` where it is closed because the rest was taken back after something had been released."""
        return "cut" if self.state == "closed" and self.withdrawn_minor else self.state

    @property
    def counts(self) -> bool:
        """True once the owner has taken it: an offer is no commitment yet."""
        return self.state not in ("offered", "declined")


class Tranche(Versioned, Base):
    """A part of a commitment, released when its milestone is accepted; ``state`` by firing ``workflows.TRANCHE``."""

    __tablename__ = "tranche"
    __table_args__ = (sa.CheckConstraint("amount_minor > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    due_on: Mapped[dt.date]
    milestone_id: Mapped[int | None] = mapped_column(sa.ForeignKey("milestone.id"))
    state: Mapped[str] = mapped_column(sa.String(20), default="planned")
    released_on: Mapped[dt.date | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    released_at: Mapped[dt.datetime | None]

    commitment: Mapped[Commitment] = relationship(back_populates="tranches")
    milestone: Mapped[Milestone | None] = relationship()

    @property
    def funder_id(self) -> int:
        return self.commitment.funder_id

    @property
    def idea(self) -> Idea:
        return self.commitment.idea
