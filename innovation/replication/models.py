"""Playbooks: how others do what an idea does; and rollouts: those who took it up, with what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.ideas.belonging import OfIdea
from innovation.ideas.models import Idea


class Playbook(OfIdea, Versioned, Base):
    """How others do what an idea does; everybody may read it from ``public_at`` on."""

    __tablename__ = "playbook"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), unique=True)
    public_at: Mapped[dt.datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)

    idea: Mapped[Idea] = relationship()


class PlaybookVersion(Versioned, Base):
    """One version in one language: a draft until ``published_at``, and never changed from then on.

    ``content`` is what ``contents.Content`` reads: parts, steps, materials, training and costs. A part keeps its
    ``key`` through all versions and languages. ``based_on`` is the number of the version that it was begun from.
    """

    __tablename__ = "playbook_version"
    __table_args__ = (sa.UniqueConstraint("playbook_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    playbook_id: Mapped[int] = mapped_column(sa.ForeignKey("playbook.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(8))
    based_on: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(140), default="")
    who_for: Mapped[str] = mapped_column(sa.Text, default="")
    before: Mapped[str] = mapped_column(sa.Text, default="")
    time: Mapped[str] = mapped_column(sa.String(200), default="")
    mistakes: Mapped[str] = mapped_column(sa.Text, default="")
    licence: Mapped[str] = mapped_column(sa.String(30))
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    changes: Mapped[str] = mapped_column(sa.Text, default="")  # why there is another version, in the team's words
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[dt.datetime] = mapped_column(default=now)
    published_at: Mapped[dt.datetime | None]

    playbook: Mapped[Playbook] = relationship()

    @property
    def idea(self) -> Idea:
        return self.playbook.idea


class Rollout(OfIdea, Versioned, Base):
    """One adopter's taking up of an idea; ``state`` is written only by firing ``workflows.ROLLOUT``.

    Who learned it from the idea's own team has no ``learned_from_id``.
    """

    __tablename__ = "rollout"
    __table_args__ = (sa.UniqueConstraint("idea_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(20), default="asked")
    organisation: Mapped[str] = mapped_column(sa.String(140))
    kind: Mapped[str] = mapped_column(sa.String(20))
    contact_role: Mapped[str] = mapped_column(sa.String(80), default="")
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    wish: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[dt.datetime] = mapped_column(default=now)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    learned_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rollout.id"))
    mentor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    agreed_on: Mapped[dt.date | None]
    terms: Mapped[str] = mapped_column(sa.Text, default="")
    playbook_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("playbook_version.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was declined or stopped
    closed_on: Mapped[dt.date | None]

    idea: Mapped[Idea] = relationship()
    contact: Mapped[Person | None] = relationship(foreign_keys=[contact_id])
    mentor: Mapped[Person | None] = relationship(foreign_keys=[mentor_id])
    learned_from: Mapped[Rollout | None] = relationship(remote_side="Rollout.id")
    playbook_version: Mapped[PlaybookVersion | None] = relationship()
    sites: Mapped[list[RolloutSite]] = relationship(back_populates="rollout", order_by="RolloutSite.id")
    training: Mapped[list[RolloutTraining]] = relationship(back_populates="rollout", order_by="RolloutTraining.held_on")
    checks: Mapped[list[FidelityCheck]] = relationship(back_populates="rollout", order_by="FidelityCheck.checked_on")
    adaptations: Mapped[list[RolloutAdaptation]] = relationship(
        back_populates="rollout", order_by="RolloutAdaptation.id"
    )
    results: Mapped[list[RolloutResult]] = relationship(back_populates="rollout", order_by="RolloutResult.id")


class OfRollout:
    """For whatever belongs to a rollout: it belongs to its idea."""

    rollout: Any

    @property
    def idea(self) -> Idea:
        found: Idea = self.rollout.idea
        return found


class RolloutSite(OfRollout, Base):
    """A place of a rollout: one of the register by its number, or a place by its name."""

    __tablename__ = "rollout_site"
    __table_args__ = (sa.UniqueConstraint("rollout_id", "place"), sa.Index("ix_rollout_site_emis", "emis"))

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"))
    place: Mapped[str] = mapped_column(sa.String(160))
    emis: Mapped[str | None] = mapped_column(sa.ForeignKey("school.emis"))
    learners: Mapped[int | None]
    teachers: Mapped[int | None]
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    left_because: Mapped[str] = mapped_column(sa.String(200), default="")

    rollout: Mapped[Rollout] = relationship(back_populates="sites")


class RolloutPlaces(Base):
    """The sites of a rollout with their schools, packed as ``places.packed`` says."""

    __tablename__ = "rollout_places"

    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class RolloutTraining(OfRollout, Base):
    """People trained on a day, by role and number, never by name."""

    __tablename__ = "rollout_training"

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"), index=True)
    held_on: Mapped[dt.date]
    role: Mapped[str] = mapped_column(sa.String(80))
    people: Mapped[int]
    hours: Mapped[float]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    rollout: Mapped[Rollout] = relationship(back_populates="training")


class FidelityCheck(OfRollout, Base):
    """How far it was done as the playbook says, in the five dimensions, each from 0 to 100."""

    __tablename__ = "fidelity_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"), index=True)
    checked_on: Mapped[dt.date]
    adherence: Mapped[int]
    exposure: Mapped[int]
    quality: Mapped[int]
    responsiveness: Mapped[int]
    differentiation: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    rollout: Mapped[Rollout] = relationship(back_populates="checks")


class RolloutAdaptation(OfRollout, Base):
    """What was changed and in which part of the playbook: planned, done, studied, and kept, changed again or dropped.

    ``was_core`` is what the part was when it was touched; ``act`` is empty while it is still being tried.
    """

    __tablename__ = "rollout_adaptation"

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"), index=True)
    part: Mapped[int]
    was_core: Mapped[bool]
    plan: Mapped[str] = mapped_column(sa.Text)
    done: Mapped[str] = mapped_column(sa.Text, default="")
    found: Mapped[str] = mapped_column(sa.Text, default="")
    act: Mapped[str] = mapped_column(sa.String(10), default="")
    begun_on: Mapped[dt.date]
    settled_on: Mapped[dt.date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    rollout: Mapped[Rollout] = relationship(back_populates="adaptations")


class RolloutResult(OfRollout, Base):
    """What was measured before and after: a mean or share over some sites and the people reached there."""

    __tablename__ = "rollout_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout_id: Mapped[int] = mapped_column(sa.ForeignKey("rollout.id"), index=True)
    indicator: Mapped[str] = mapped_column(sa.String(140))
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    before: Mapped[float | None]
    after: Mapped[float | None]
    sites: Mapped[int | None]
    learners: Mapped[int | None]
    measured_on: Mapped[dt.date]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    rollout: Mapped[Rollout] = relationship(back_populates="results")
