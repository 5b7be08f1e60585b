"""Ideas with their canvas, revisions, drafts, files, deliverables, consents, and who may see them."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from innovation.accounts.models import Person
from innovation.db import Base, Versioned, now
from innovation.drafts import Typed
from innovation.places.models import District, School
from innovation.programmes.models import Programme, Region, Theme, Topic, WorkflowVersion
from workflows import Definition, Gate, Journey, Stage, State, journey_of

# Few ideas are at a gate, on hold or from no clinic, and few deliverables wait to be accepted: these have an index of
# their own. A query that is to be answered from it says the same words.
AT_GATE = "standing = 'active' AND substr(place, 1, 3) = 'at_'"
ON_HOLD = "standing = 'held'"
UNHOSTED = "clinic_id IS NULL"
HANDED_IN = "state = 'handed_in'"
# What an index of a list holds besides, so that a row is read only once it is known to be in the list.
IN_ORDER = ("place_since", "id")
SUBJECT = ("theme_id", "topic_id", "district_id")
SEEN_BY = ("region_id", "clinic_id")


class Idea(Versioned, Base):
    """One row for life. ``place`` and ``standing`` are written through ``state`` only, by firing the journey."""

    __tablename__ = "idea"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "import_key"),
        sa.Index("ix_idea_place", "programme_id", "place", "standing", *IN_ORDER, *SEEN_BY),
        sa.Index("ix_idea_theme_place", "programme_id", "theme_id", "place", "standing", *IN_ORDER, *SEEN_BY),
        sa.Index("ix_idea_title", "programme_id", "title", "id", *SUBJECT, *SEEN_BY),
        sa.Index("ix_idea_captured", "programme_id", "captured_at", "id", *SUBJECT, *SEEN_BY),
        sa.Index("ix_idea_updated", "programme_id", "updated_at", "id"),
        sa.Index("ix_idea_due", "programme_id", "due_on", *IN_ORDER),
        sa.Index("ix_idea_standing", "programme_id", "standing", *IN_ORDER, *SEEN_BY),
        sa.Index("ix_idea_theme", "programme_id", "theme_id", "standing", *IN_ORDER, *SEEN_BY),
        sa.Index("ix_idea_topic", "programme_id", "topic_id", "standing", *IN_ORDER, "place", *SEEN_BY, "theme_id"),
        sa.Index(
            "ix_idea_district",
            "programme_id",
            "district_id",
            "standing",
            *IN_ORDER,
            "place",
            *SEEN_BY,
            "theme_id",
            "topic_id",
        ),
        sa.Index("ix_idea_region", "programme_id", "region_id", "standing", *IN_ORDER, "place", "clinic_id"),
        sa.Index(
            "ix_idea_at_gate",
            *("due_on", "place_since", "id", "programme_id", "region_id", "place"),
            sqlite_where=sa.text(AT_GATE),
            postgresql_where=sa.text(AT_GATE),
        ),
        sa.Index(
            "ix_idea_unhosted",
            *("programme_id", "place", "standing", "region_id"),
            sqlite_where=sa.text(UNHOSTED),
            postgresql_where=sa.text(UNHOSTED),
        ),
        sa.Index(
            "ix_idea_held",
            *("held_until", "id", "programme_id", "region_id", "owner_id"),
            sqlite_where=sa.text(ON_HOLD),
            postgresql_where=sa.text(ON_HOLD),
        ),
        sa.Index(
            "ix_idea_listed_version",
            "workflow_version_id",
            sqlite_where=sa.text("listed_at IS NOT NULL"),
            postgresql_where=sa.text("listed_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_idea_listed",
            "listed_at",
            sqlite_where=sa.text("listed_at IS NOT NULL"),
            postgresql_where=sa.text("listed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    workflow_version_id: Mapped[int] = mapped_column(sa.ForeignKey("workflow_version.id"))
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    secret_digest: Mapped[str] = mapped_column(sa.String(64))
    import_key: Mapped[str | None] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(140))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    captured_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    captured_at: Mapped[dt.datetime] = mapped_column(default=now)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    claimed_at: Mapped[dt.datetime | None]
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"))
    topic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("topic.id"))
    phases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"))
    school_emis: Mapped[str | None] = mapped_column(sa.ForeignKey("school.emis"))
    track: Mapped[str] = mapped_column(sa.String(20), default="full")
    place: Mapped[str] = mapped_column(sa.String(40), default="captured")
    standing: Mapped[str] = mapped_column(sa.String(20), default="active")
    place_since: Mapped[dt.datetime] = mapped_column(default=now)
    due_on: Mapped[dt.date | None]
    held_until: Mapped[dt.date | None]
    held_since: Mapped[dt.date | None]  # the clock stands still from here until the idea goes on
    pilot_ready_at: Mapped[dt.datetime | None]
    evidence_level: Mapped[str] = mapped_column(sa.String(4))
    evidence_accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("idea.id"))
    revision_number: Mapped[int] = mapped_column(default=0)
    listed_at: Mapped[dt.datetime | None]  # set while funders may browse it
    pilot_plan: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON, default=dict
    )  # sites, dates and means recorded at the start
    waived: Mapped[str] = mapped_column(sa.Text, default="")  # what its gates need not ask: "pilot/budget pilot/@day"
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)

    programme: Mapped[Programme] = relationship()
    region: Mapped[Region] = relationship()
    workflow_version: Mapped[WorkflowVersion] = relationship()
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id])
    theme: Mapped[Theme | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    district: Mapped[District | None] = relationship()
    school: Mapped[School | None] = relationship()
    contributors: Mapped[list[Contributor]] = relationship(back_populates="idea")
    walls: Mapped[list[Wall]] = relationship()
    nameless: Mapped[list[Access]] = relationship(
        primaryjoin="and_(Access.idea_id == Idea.id, Access.names_hidden)", viewonly=True
    )

    @property
    def state(self) -> State:
        """Where the idea is and how it stands, as one value."""
        return State(self.place, self.standing)

    @state.setter
    def state(self, value: State) -> None:
        if value.place != self.place:
            self.place_since = now()
        self.place, self.standing = value

    @property
    def definition(self) -> Definition:
        return self.workflow_version.definition

    @property
    def has_pilot(self) -> bool:
        """True from the gate before its pilot on, and for one that was sent back from its pilot."""
        stage = self.definition.pilot_stage
        if stage is None:
            return False
        here, there = (self.definition.place_index(key) for key in (self.place, stage.place))
        return here >= there or bool(self.pilot_plan)

    def waived_at(self, gate_key: str) -> frozenset[str]:
        """The keys of the deliverables that have been waived for a gate; ``@day`` is the day to present by."""
        pairs = (each.partition("/") for each in self.waived.split())
        return frozenset(key for gate, _slash, key in pairs if gate == gate_key)

    @property
    def journey(self) -> Journey:
        return journey_of(self.definition)

    @property
    def where(self) -> Stage | Gate:
        return self.definition.place(self.place)

    def once(self, kind: str, key: str) -> Any:
        """A gate, place, stage, deliverable .. by its key: of this version, or of one that the idea has left."""
        from innovation.ideas.moved import earlier_definitions

        try:
            return getattr(self.definition, kind)(key)
        except KeyError:
            for definition in earlier_definitions(self.id):
                with contextlib.suppress(KeyError):
                    return getattr(definition, kind)(key)
            raise


class Tally(Base):
    """How many ideas stand where: the counts of the line, kept by the transaction that moves an idea."""

    __tablename__ = "idea_tally"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"), primary_key=True)
    place: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    standing: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class Contributor(Base):
    __tablename__ = "contributor"
    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(80), default="")
    added_at: Mapped[dt.datetime] = mapped_column(default=now)
    ended_at: Mapped[dt.datetime | None]

    idea: Mapped[Idea] = relationship(back_populates="contributors")
    person: Mapped[Person] = relationship()


class Access(Base):
    """Why a person, or everybody of a funder, may see an idea; written by the areas above."""

    __tablename__ = "idea_access"
    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id", "funder_id", "why"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("funder.id"), index=True)
    why: Mapped[str] = mapped_column(sa.String(40))  # "seat:12", "interest:7"
    since: Mapped[dt.datetime] = mapped_column(default=now)
    until: Mapped[dt.datetime | None]
    names_hidden: Mapped[bool] = mapped_column(default=False)  # whoever reads by this way is told no names

    @property
    def is_open(self) -> bool:
        return self.until is None or self.until > now()


class Wall(Base):
    """A declared conflict: this person sees nothing of the idea, whatever else they are."""

    __tablename__ = "idea_wall"
    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id", "why"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(sa.String(40))
    since: Mapped[dt.datetime] = mapped_column(default=now)


class Revision(Base):
    """The canvas as it was handed in; never changed. ``answers`` maps field keys to values."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("idea_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(140))
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[dt.datetime] = mapped_column(default=now)

    idea: Mapped[Idea] = relationship()


class Draft(Typed, Base):
    """What one person has typed into a canvas and not yet handed in: never refused, never lost."""

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    based_on: Mapped[int]  # number of the revision it started from
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    saved_at: Mapped[dt.datetime] = mapped_column(default=now, onupdate=now)


class DraftCopy(Base):
    """What one tab typed into a canvas before another one saved a different text: kept until its writer decides."""

    __tablename__ = "draft_copy"
    __table_args__ = (sa.UniqueConstraint("idea_id", "person_id", "tab"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    tab: Mapped[str] = mapped_column(sa.String(32))
    based_on: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    saved_at: Mapped[dt.datetime]


class Attachment(Base):
    """A stored file; ``key`` is its unguessable name in the store."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    content_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[dt.datetime] = mapped_column(default=now)
    removed_at: Mapped[dt.datetime | None]

    idea: Mapped[Idea] = relationship()


class Handin(Versioned, Base):
    """One version of a deliverable. ``state``: handed_in, accepted, returned (with a reason)."""

    __tablename__ = "handin"
    __table_args__ = (
        sa.UniqueConstraint("idea_id", "deliverable", "number"),
        sa.Index(
            "ix_handin_waiting",
            "handed_in_at",
            "id",
            sqlite_where=sa.text(HANDED_IN),
            postgresql_where=sa.text(HANDED_IN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    deliverable: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # text, rows, answers or link, by the kind of deliverable
    attachment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachment.id"))
    expires_on: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(sa.String(20), default="handed_in")
    handed_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    handed_in_at: Mapped[dt.datetime] = mapped_column(default=now)
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    judged_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    idea: Mapped[Idea] = relationship()
    attachment: Mapped[Attachment | None] = relationship()


class Consent(Base):
    """A consent given for one purpose: contact, public_name, photo or share_with_funders; withdrawn, never deleted."""

    __tablename__ = "consent"
    __table_args__ = (sa.Index("ix_consent_idea_id_purpose", "idea_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(30))
    notice_version: Mapped[int] = mapped_column(default=1)
    notice_language: Mapped[str] = mapped_column(sa.String(8), default="")  # where a room has shown it
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[dt.datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[dt.datetime | None]


class Ask(Base):
    """One version of what an idea wants from funders. Money in cents; ``share_q1_3`` in percent of sites."""

    __tablename__ = "ask"
    __table_args__ = (sa.UniqueConstraint("idea_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("idea.id"))
    number: Mapped[int]
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger)
    instruments: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    months: Mapped[int]
    provinces: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # ISO codes
    district_ids: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    phases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    secondary_theme_ids: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    schools: Mapped[int | None]
    learners: Mapped[int | None]
    cost_per_learner_cents: Mapped[int | None] = mapped_column(sa.BigInteger)
    evidence_level: Mapped[str] = mapped_column(sa.String(4))
    share_q1_3: Mapped[int | None]
    legal_status: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # keys of codes.LEGAL_STATUSES
    sed_percent: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[dt.datetime] = mapped_column(default=now)
