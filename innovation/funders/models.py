"""Funders with their mandates and past awards, interest shown, and what has been shown to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.db import Base, Versioned, now
from innovation.ideas.models import Idea


class Funder(Versioned, Base):
    """An organisation that funds. ``history`` holds figures worked out from its past awards."""

    __tablename__ = "funder"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[str] = mapped_column(sa.String(30), default="FOUNDATION")
    org_id: Mapped[str] = mapped_column(sa.String(60), default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    history: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    is_demo: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(sa.String(10), default="members")  # public, members or hidden
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    verified_at: Mapped[dt.datetime | None]  # when somebody of the programme found that it is who it says
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    grants: Mapped[list[GrantProgramme]] = relationship(back_populates="funder", order_by="GrantProgramme.id")

    @property
    def funder_id(self) -> int:
        return self.id


class GrantProgramme(Versioned, Base):
    """One of a funder's ways to give, with a mandate of its own; ``listed``: owners of ideas may find it."""

    __tablename__ = "grant_programme"
    __table_args__ = (sa.UniqueConstraint("funder_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    key: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    running: Mapped[bool] = mapped_column(default=True)
    listed: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    funder: Mapped[Funder] = relationship(back_populates="grants")
    budgets: Mapped[list[GrantBudget]] = relationship(order_by="GrantBudget.year, GrantBudget.currency")


class GrantBudget(Base):
    """What a grant programme can give in a year, in minor units of its currency."""

    __tablename__ = "grant_budget"
    __table_args__ = (sa.UniqueConstraint("programme_id", "year", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_programme.id"))
    year: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="ZAR")


class Mandate(Base):
    """One version of what a grant programme looks for; a change is a new number. Money in cents; empty lists mean any.

    ``windows`` are pairs of dates, either may be missing; without any it is always open. It counts until the day
    before ``stale_on``, or until a new version does.
    """

    __tablename__ = "mandate"
    __table_args__ = (sa.UniqueConstraint("programme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("grant_programme.id"))
    number: Mapped[int]
    theme_keys: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    topic_keys: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    goals: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # keys of codes.GOALS
    purposes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # keys of giving_codes.PURPOSES
    phases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    national: Mapped[bool] = mapped_column(default=True)
    provinces: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    district_ids: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    appetite: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # stage key -> preferred | accepted
    ticket_min_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    ticket_max_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    ticket_typical_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    co_fund: Mapped[bool] = mapped_column(default=True)
    multi_year: Mapped[bool] = mapped_column(default=False)
    max_months: Mapped[int | None]
    instruments: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    min_evidence: Mapped[str | None] = mapped_column(sa.String(4))
    requires: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # pbo, s18a, npo
    exclusions: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # topic keys
    windows: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    sed_percent: Mapped[int | None]  # of the benefit, at least for black people
    match_percent: Mapped[int | None]  # what others must bring for each hundred
    overheads_percent: Mapped[int | None]
    evaluation_percent: Mapped[int | None]
    accounts_years: Mapped[int | None]
    papers: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # keys of codes.DILIGENCE
    open_call: Mapped[bool] = mapped_column(default=True)
    standard_pack: Mapped[bool] = mapped_column(default=False)
    decision_months: Mapped[int | None]
    reports: Mapped[str] = mapped_column(sa.String(20), default="")
    procedure: Mapped[str] = mapped_column(sa.Text, default="")
    beyond_money: Mapped[str] = mapped_column(sa.Text, default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[dt.datetime] = mapped_column(default=now)
    stale_on: Mapped[dt.date] = mapped_column(index=True)

    programme: Mapped[GrantProgramme] = relationship()

    @property
    def windows_as_dates(self) -> tuple[tuple[dt.date | None, dt.date | None], ...]:
        return tuple((_date(opens), _date(closes)) for opens, closes in self.windows)


def _date(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None


class Award(Base):
    """A past grant, as published by its source; amounts in minor units of ``currency``."""

    __tablename__ = "award"
    __table_args__ = (sa.UniqueConstraint("funder_id", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    identifier: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    awarded_on: Mapped[dt.date | None]
    region: Mapped[str] = mapped_column(sa.String(200), default="")
    recipient: Mapped[str] = mapped_column(sa.String(200), default="")  # an organisation, never a person
    recipient_org_id: Mapped[str] = mapped_column(sa.String(60), default="")
    theme: Mapped[str] = mapped_column(sa.String(60), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class Interest(Versioned, Base):
    """A funder's interest in an idea. ``state`` is written only by firing ``workflows.INTEREST``.

    ``reason`` goes with the owner's answer, ``end_reason`` with the end of an introduction. After a no of the owner the
    funder may show interest again only once the owner has said so, ``invited_at``.
    """

    __tablename__ = "interest"
    __table_args__ = (
        sa.Index("ix_interest_idea_id_state", "idea_id", "state"),
        sa.Index("ix_interest_funder_id_idea_id", "funder_id", "idea_id"),
        sa.Index("ix_interest_state_shown_at", "state", "shown_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    state: Mapped[str] = mapped_column(sa.String(20), default="shown")
    message: Mapped[str] = mapped_column(sa.Text, default="")
    shown_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    shown_at: Mapped[dt.datetime] = mapped_column(default=now)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_by_owner: Mapped[bool] = mapped_column(default=False)
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
    invited_at: Mapped[dt.datetime | None]

    funder: Mapped[Funder] = relationship()
    idea: Mapped[Idea] = relationship()

    @property
    def is_refused(self) -> bool:
        """True after a no of the owner that the owner has not taken back."""
        refused = self.state == "declined" or (self.state == "ended" and self.ended_by_owner)
        return refused and self.invited_at is None


class Exposure(Base):
    """How often an idea was shown to a funder's people, and whether it is in today's strip "Less seen"."""

    __tablename__ = "exposure"

    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)
    times: Mapped[int] = mapped_column(default=0)
    last_on: Mapped[dt.date | None]
    strip_on: Mapped[dt.date | None]


class WaitingAwards(Base):
    """A file of past awards between the steps of its import: for whoever sent it, for a day.

    ``options`` are the column of each target by its name, and what holds where the file does not say it.
    """

    __tablename__ = "waiting_awards"

    key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    sent_at: Mapped[dt.datetime] = mapped_column(default=now, index=True)


class LearnedModel(Base):
    """What was learned from all past awards, as bytes that ``learner.storing`` reads.

    ``upto`` is the last event about awards that it knows of; ``taken_at`` is when a worker began to learn anew.
    ``token`` is like no other's, so that nobody takes what they hold for what is here.
    """

    __tablename__ = "learned_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    upto: Mapped[int] = mapped_column(default=0)
    token: Mapped[str] = mapped_column(sa.String(32), default="")
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, default=b"", deferred=True)
    taken_at: Mapped[dt.datetime | None]


class LearnedIdea(Base):
    """From which state of an idea, and with which model, what was learned of it was worked out."""

    __tablename__ = "learned_idea"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True)
    number: Mapped[int]
    idea_version: Mapped[int]


class LearnedFit(Base):
    """What a funder's past awards say of an idea: ``past_awards.Learned`` as JSON."""

    __tablename__ = "learned_fit"

    funder_id: Mapped[int] = mapped_column(sa.ForeignKey("funder.id"), primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), primary_key=True, index=True)
    learned: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ListingChange(Base):
    """A change to a listed idea, an ask of one or what was learned of one: written by the database, in its triggers."""

    __tablename__ = "listing_change"

    id: Mapped[int] = mapped_column(primary_key=True)
