"""Reading ideas: every question is asked for a person, so that visibility cannot be forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from innovation.accounts.models import Person
from innovation.db import db, this_day
from innovation.ideas.models import (
    Access,
    Ask,
    Attachment,
    Consent,
    Contributor,
    Draft,
    DraftCopy,
    Handin,
    Idea,
    Revision,
    Wall,
)
from innovation.ideas.readiness import Readiness
from innovation.ideas.readiness import readiness as readiness_for
from innovation.permission import Actor, Grant, NotThere
from innovation.statements import ago, prepared
from workflows import AskedIn, Definition, Gate, JourneyFacts, Track

SEAT = sa.table("seat", sa.column("review_id"), sa.column("person_id"), sa.column("stance", sa.String()))
Name = Callable[[Any], Any]
REVIEW = sa.table(
    "review",
    *(sa.column("id"), sa.column("idea_id"), sa.column("state", sa.String()), sa.column("workflow_version_id")),
)

# What an index answers


def indexed(column: Any) -> Any:
    return column


class unindexed(sa.sql.functions.FunctionElement[Any]):
    """The value of a column in words by which SQLite looks for no index.

    Without statistics it takes one index for as good as another, and with an index for each part of an OR it gathers
    all that they give before it sorts a page of twenty. PostgreSQL keeps statistics by itself, and needs the plain
    column to use them.
    """

    name = "unindexed"
    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: Any, **more: Any) -> str:
    text: str = compiler.process(next(iter(element.clauses)), **more)
    return text


@compiles(unindexed, "sqlite")
def _in_other_words(element: unindexed, compiler: Any, **more: Any) -> str:
    text = _as_it_is(element, compiler, **more)
    return f"coalesce({text}, {text})"


# Who sees what


@prepared
def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds for the ideas this person may see whole."""
    if actor.is_system:
        return sa.true()
    if actor.person_id is None:
        return sa.false()
    return sa.and_(sa.or_(*own_ways(actor), *hosted_ways(actor), *wide_ways(actor)), ~walled(actor))


def own_ways(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """The conditions under which an idea is this person's own to see: owner, contributor, opened, one of their clinics.

    Each finds some hundred ideas by its index.
    """
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    opened = sa.select(Access.idea_id).where(
        Access.person_id == actor.person_id, sa.or_(Access.until.is_(None), Access.until > ago())
    )
    ways = [Idea.owner_id == actor.person_id, Idea.id.in_(contributes), Idea.id.in_(opened)]
    return [*ways, Idea.clinic_id.in_(sorted(actor.clinic_ids))] if actor.clinic_ids else ways


def clinic_ways(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """The conditions under which an idea was captured at a clinic that this person facilitates."""
    at_theirs = [Idea.clinic_id.in_(sorted(actor.clinic_ids))] if actor.clinic_ids else []
    return [*hosted_ways(actor), *at_theirs]


def hosted_ways(actor: Actor, name: Name = indexed) -> list[sa.ColumnElement[bool]]:
    """The same for whoever facilitates every clinic of a programme or a region."""
    wide = [grant for grant in actor.scopes("facilitator") if grant.clinic_id is None]
    return [sa.and_(name(Idea.clinic_id).is_not(None), in_scope(grant, name)) for grant in wide]


def wide_ways(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """The conditions under which a programme or a region opens its ideas to this person."""
    return [in_scope(grant) for grant in actor.scopes("manager", "coordinator")]


def walled(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds where the person has declared a conflict of interest."""
    return Idea.id.in_(walls(actor))


def walls(actor: Actor) -> sa.Select[int]:
    """The ids of the ideas in which the person has declared a conflict of interest."""
    return sa.select(Wall.idea_id).where(Wall.person_id == actor.person_id)


def in_scope(grant: Grant, name: Name = indexed) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds within the scope of a role."""
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    if grant.programme_id is not None:
        parts.append(name(Idea.programme_id) == grant.programme_id)
    if grant.region_id is not None:
        parts.append(name(Idea.region_id) == grant.region_id)
    return sa.and_(*parts)


# One idea


def find_idea(actor: Actor, reference: str) -> Idea:
    """The idea with this reference; ``NotThere`` when there is none that the person may see."""
    idea = db.session.scalar(sa.select(Idea).where(Idea.reference == reference.upper(), visible(actor)))
    if idea is None:
        raise NotThere
    return idea


def latest_revision(idea: Idea) -> Revision:
    """The canvas as it was last handed in."""
    return find_revision(idea, idea.revision_number)


def find_revision(idea: Idea, number: int) -> Revision:
    revision = db.session.scalar(sa.select(Revision).filter_by(idea_id=idea.id, number=number))
    if revision is None:
        raise NotThere
    return revision


def list_revisions(idea: Idea, limit: int = 100) -> list[tuple[Revision, str]]:
    """The newest revisions, newest first, each with the name of who handed it in."""
    rows = db.session.execute(
        sa.select(Revision, Person.name)
        .outerjoin(Person, Person.id == Revision.submitted_by_id)
        .where(Revision.idea_id == idea.id)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    return [(revision, name or "") for revision, name in rows]


def find_draft(actor: Actor, idea: Idea) -> Draft | None:
    """What this person has typed and not yet handed in."""
    return db.session.scalar(sa.select(Draft).filter_by(idea_id=idea.id, person_id=actor.person_id))


def list_draft_copies(actor: Actor, idea: Idea, limit: int = 20) -> list[DraftCopy]:
    """Other texts of this person's draft, which other tabs have written; newest first."""
    of_theirs = sa.select(DraftCopy).filter_by(idea_id=idea.id, person_id=actor.person_id)
    return list(db.session.scalars(of_theirs.order_by(DraftCopy.saved_at.desc()).limit(limit)))


def find_draft_copy(actor: Actor, idea: Idea, copy_id: int) -> DraftCopy:
    """One of this person's own copies; ``NotThere`` for anybody else's."""
    copy = db.session.scalar(sa.select(DraftCopy).filter_by(id=copy_id, idea_id=idea.id, person_id=actor.person_id))
    if copy is None:
        raise NotThere
    return copy


def list_drafts(actor: Actor, limit: int = 20) -> list[tuple[Draft, Idea]]:
    """The person's own drafts on ideas that they may still see, newest first."""
    rows = db.session.execute(
        sa.select(Draft, Idea)
        .join(Idea, Idea.id == Draft.idea_id)
        .where(Draft.person_id == actor.person_id, visible(actor))
        .order_by(Draft.saved_at.desc())
        .limit(limit)
    )
    return [(draft, idea) for draft, idea in rows]


def list_contributors(idea: Idea) -> list[Contributor]:
    """Who contributes now, in the order in which they joined."""
    return list(
        db.session.scalars(
            sa.select(Contributor)
            .options(sa.orm.joinedload(Contributor.person))
            .where(Contributor.idea_id == idea.id, Contributor.ended_at.is_(None))
            .order_by(Contributor.added_at, Contributor.id)
        )
    )


def sits_for(idea: Idea, person_id: int) -> bool:
    """True while the person sits on a panel for the idea (panels are an area above: their tables are read by name)."""
    seated = (
        sa.select(SEAT.c.person_id)
        .join(REVIEW, REVIEW.c.id == SEAT.c.review_id)
        .where(REVIEW.c.idea_id == idea.id, REVIEW.c.state.in_(("convened", "scoring")))
        .where(SEAT.c.person_id == person_id, SEAT.c.stance.not_in(("recused", "excused")))
    )
    return db.session.scalar(seated.limit(1)) is not None


def find_contributor(idea: Idea, contributor_id: int) -> Contributor:
    found = db.session.get(Contributor, contributor_id)
    if found is None or found.idea_id != idea.id or found.ended_at is not None:
        raise NotThere
    return found


def live_consents(idea: Idea) -> dict[str, Consent]:
    """The present owner's consents in force, by purpose."""
    rows = db.session.scalars(
        sa.select(Consent)
        .where(Consent.idea_id == idea.id, Consent.person_id == idea.owner_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id)
    )
    return {consent.purpose: consent for consent in rows}


def latest_ask(idea: Idea) -> Ask | None:
    return db.session.scalar(sa.select(Ask).filter_by(idea_id=idea.id).order_by(Ask.number.desc()).limit(1))


def latest_asks(idea_ids: Iterable[int]) -> dict[int, Ask]:
    """The newest ask of each idea that has one, in one query."""
    ids = list(idea_ids)
    newest = (
        sa.select(Ask.idea_id, sa.func.max(Ask.number).label("number"))
        .where(Ask.idea_id.in_(ids))
        .group_by(Ask.idea_id)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(Ask).join(newest, sa.and_(newest.c.idea_id == Ask.idea_id, newest.c.number == Ask.number))
    )
    return {ask.idea_id: ask for ask in rows}


# Files and deliverables


def list_attachments(idea: Idea) -> list[Attachment]:
    """The files that have not been removed, newest first."""
    return list(
        db.session.scalars(
            sa.select(Attachment)
            .where(Attachment.idea_id == idea.id, Attachment.removed_at.is_(None))
            .order_by(Attachment.id.desc())
            .limit(200)
        )
    )


def find_attachment(idea: Idea, attachment_id: int) -> Attachment:
    found = db.session.get(Attachment, attachment_id)
    if found is None or found.idea_id != idea.id or found.removed_at is not None:
        raise NotThere
    return found


def list_handins(idea: Idea, deliverable: str | None = None) -> list[Handin]:
    """Every version of one deliverable, or of all, newest first."""
    query = sa.select(Handin).options(sa.orm.joinedload(Handin.attachment)).where(Handin.idea_id == idea.id)
    if deliverable is not None:
        query = query.where(Handin.deliverable == deliverable)
    return list(db.session.scalars(query.order_by(Handin.number.desc()).limit(500)))


def find_handin(idea: Idea, deliverable: str, number: int) -> Handin:
    found = db.session.scalar(sa.select(Handin).filter_by(idea_id=idea.id, deliverable=deliverable, number=number))
    if found is None:
        raise NotThere
    return found


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by id, in one query."""
    ids = {person_id for person_id in person_ids if person_id is not None}
    if not ids:
        return {}
    return {key: name for key, name in db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))}  # noqa: C416


# Readiness and the journey


def gate_ahead(idea: Idea) -> Gate | None:
    """The gate where the idea stands, or the next one of its line."""
    definition = idea.definition
    return definition.gate_at(idea.place) or definition.gate_after(idea.place)


def readiness(
    idea: Idea, *, gate: Gate | None = None, conditions: Sequence[str] = (), definition: Definition | None = None
) -> Readiness:
    """What is missing for the gate ahead, or for the one named; ``conditions`` are the open ones, in words.

    ``definition`` is that of the gate, where the idea has left its version since.
    """
    gate = gate or gate_ahead(idea)
    if gate is None:
        return Readiness()
    revision = latest_revision(idea)
    return readiness_for(
        definition or idea.definition,
        gate,
        dict(revision.answers) | kept_by_idea(idea),
        list_handins(idea),
        has_ask=latest_ask(idea) is not None,
        today=this_day(),
        conditions=conditions,
        waived=idea.waived_at(gate.key),
    )


def kept_by_idea(idea: Idea) -> dict[str, Any]:
    """What the idea itself keeps of its canvas, by the keys of the fields; its owner agreed when it was captured."""
    return {
        "title": idea.title,
        "owner": idea.owner_id,
        "consent": True,
        "theme": idea.theme_id,
        "topic": idea.topic_id,
        "where": idea.district_id or idea.school_emis,
    }


def journey_facts(idea: Idea, *, missing: Sequence[str] = (), **known: Any) -> JourneyFacts:
    """The facts that the idea itself holds for its journey; ``known`` adds what the areas above know."""
    accepted = idea.evidence_level if idea.evidence_accepted_by_id is not None else None
    return JourneyFacts(missing=tuple(missing), light_faults=light_faults(idea), evidence_accepted=accepted, **known)


def light_faults(idea: Idea) -> tuple[str, ...] | None:
    """Why the idea may not take the shorter way, one sentence for each limit; None where there is no such way."""
    track = next((track for track in idea.definition.tracks if track.limits), None)
    if track is None:
        return None
    return track.faults(measured(idea, track))


def measured(idea: Idea, track: Track) -> dict[str, int | bool | None]:
    """What the limits of a track are held against, by their keys in the definition; None where it is not known yet."""
    ask = latest_ask(idea)
    asked: dict[str, int | bool | None] = {
        limit.key: _answered(idea, limit.asked_in) for limit in track.limits if limit.asked_in
    }
    if ask is None:
        return asked
    known = {"ask_rand": -(-ask.amount_cents // 100), "sites": ask.schools, "reached": ask.learners}
    return known | {"schools": ask.schools} | asked  # as limits published before say it


def _answered(idea: Idea, asked: AskedIn) -> bool | None:
    """Whether the newest answer to the question is one of those asked for; None while nobody has answered."""
    newest = db.session.scalar(
        sa.select(Handin)
        .filter_by(idea_id=idea.id, deliverable=asked.deliverable)
        .order_by(Handin.number.desc())
        .limit(1)
    )
    said = newest.content.get("answers", {}).get(asked.question) if newest else None
    return None if said is None else said in asked.answers


def overdue_days(idea: Idea, today: dt.date) -> int:
    """How many days the idea is past its date; 0 when it is not."""
    return max(0, (today - idea.due_on).days) if idea.due_on else 0
