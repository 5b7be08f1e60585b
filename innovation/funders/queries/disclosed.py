"""What an owner has disclosed to a funder, what it says, and who has read it when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import Event
from innovation.funders.commitment_models import DiligencePaper, Disclosure, Registration
from innovation.funders.disclosing import Field, fields_of
from innovation.funders.events import DisclosedRead
from innovation.funders.models import Interest
from innovation.funders.queries.interests import is_open
from innovation.ideas.canvas import text_of
from innovation.ideas.deliverables import Content, content_of
from innovation.ideas.models import Handin, Idea
from innovation.ideas.queries import latest_revision
from innovation.permission import NotThere
from innovation.pilots.models import Milestone
from innovation.values import dataclass

MOST_READINGS = 200


@dataclass(frozen=True)
class Kept:
    """A file in the store."""

    key: str
    name: str
    content_type: str


@dataclass(frozen=True)
class Shown:
    """A disclosed field with what it says now; ``file`` is what can be taken along, or several ``files`` by number."""

    field: Field
    texts: tuple[str, ...] = ()
    content: Content | None = None
    file: Kept | None = None
    files: tuple[tuple[int, Kept], ...] = ()
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Reading:
    """Somebody of the funder was shown these fields at this time."""

    at: dt.datetime
    who: str
    fields: tuple[str, ...]


def disclosed_keys(interest: Interest) -> set[str]:
    """The keys of the fields that are disclosed now; nothing while the idea is not shared with funders."""
    if interest.state != "accepted" or not is_open(interest.idea):
        return set()
    return kept_open(interest)


def kept_open(interest: Interest) -> set[str]:
    """What the owner has disclosed and not revoked, whether or not the idea is shared at the moment."""
    query = sa.select(Disclosure.field).where(Disclosure.interest_id == interest.id, Disclosure.revoked_at.is_(None))
    return set(db.session.scalars(query))


def introductions_with(field: str, introductions: Iterable[int]) -> list[Interest]:
    """Those of these introductions by which this field is disclosed now, with what decides who may read it."""
    open_now = sa.exists().where(
        Disclosure.interest_id == Interest.id, Disclosure.field == field, Disclosure.revoked_at.is_(None)
    )
    query = sa.select(Interest).where(Interest.id.in_(set(introductions)), Interest.state == "accepted", open_now)
    query = query.options(joinedload(Interest.idea).selectinload(Idea.walls)).order_by(Interest.id)
    return [interest for interest in db.session.scalars(query) if is_open(interest.idea)]


def disclosed_fields(interest: Interest) -> list[Field]:
    keys = disclosed_keys(interest)
    return [field for field in fields_of(interest.idea.definition) if field.key in keys]


def read_fields(interest: Interest, fields: Iterable[Field]) -> list[Shown]:
    """What disclosed fields say. Sums and the number of funders stand on the page of the talks."""
    idea = interest.idea
    readers: dict[str, Callable[[Idea, Field], Shown]] = {
        "canvas": _canvas,
        "handin": _handin,
        "paper": _paper,
        "milestones": _milestones,
        "registrations": _registrations,
    }
    return [readers[field.kind](idea, field) for field in fields if field.kind in readers]


def find_disclosed_file(interest: Interest, key: str, number: int | None = None) -> tuple[Field, Kept]:
    """The file of one disclosed field; the one with this number where there are several."""
    field = next((field for field in disclosed_fields(interest) if field.key == key), None)
    shown = read_fields(interest, [field])[:1] if field else []
    file = next((each.file or dict(each.files).get(number or 0) for each in shown), None)
    if field is None or file is None:
        raise NotThere
    return field, file


def _canvas(idea: Idea, field: Field) -> Shown:
    asked = idea.definition.field(field.of)
    text = text_of(asked, latest_revision(idea).answers.get(field.of))
    return Shown(field, (text,) if text else ())


def _handin(idea: Idea, field: Field) -> Shown:
    """The newest version that was accepted."""
    found = db.session.scalar(
        sa.select(Handin)
        .where(Handin.idea_id == idea.id, Handin.deliverable == field.of, Handin.state == "accepted")
        .options(joinedload(Handin.attachment))
        .order_by(Handin.number.desc())
        .limit(1)
    )
    if found is None:
        return Shown(field)
    kept = found.attachment if found.attachment and found.attachment.removed_at is None else None
    file = Kept(kept.key, kept.name, kept.content_type) if kept else None
    content = content_of(idea.definition.deliverable(field.of), found.content)
    return Shown(field, content=content, file=file, valid_until=found.expires_on)


def _paper(idea: Idea, field: Field) -> Shown:
    found = newest_papers(idea).get(field.of)
    if found is None:
        return Shown(field)
    return Shown(field, (found.text,) if found.text else (), file=file_of(found), valid_until=found.valid_until)


def file_of(paper: DiligencePaper) -> Kept | None:
    return Kept(paper.file_key, paper.file_name, paper.file_type) if paper.file_key else None


def _milestones(idea: Idea, field: Field) -> Shown:
    query = sa.select(Milestone).where(Milestone.idea_id == idea.id, Milestone.state.in_(("shown", "accepted")))
    query = query.order_by(Milestone.due_on, Milestone.id).options(selectinload(Milestone.files))
    found = db.session.scalars(query.limit(100)).all()
    files = [(file.id, Kept(file.file_key, file.name, file.content_type)) for each in found for file in each.files]
    return Shown(field, tuple(f"{each.title}: {each.evidence}" for each in found), files=tuple(files))


def _registrations(_idea: Idea, field: Field) -> Shown:
    return Shown(field)  # the page draws them as a table


def newest_papers(idea: Idea) -> dict[str, DiligencePaper]:
    """The newest version of each paper for due diligence, by its point."""
    query = sa.select(DiligencePaper).where(DiligencePaper.idea_id == idea.id)
    return {paper.item: paper for paper in db.session.scalars(query.order_by(DiligencePaper.number))}


def registrations_of(idea: Idea) -> dict[str, Registration]:
    return {each.kind: each for each in db.session.scalars(sa.select(Registration).filter_by(idea_id=idea.id))}


def list_readings(interest: Interest) -> list[Reading]:
    """Who of the funder has read which confidential fields, newest first: as the chain of the idea tells it."""
    of_kind = sa.select(Event, Person.name).outerjoin(Person, Person.id == Event.actor_id)
    rows = db.session.execute(
        of_kind.where(
            Event.subject == f"idea:{interest.idea_id}",
            Event.kind == DisclosedRead.kind(),
            sa.or_(*(Event.facts.contains(f'"interest_id":{interest.id}{end}') for end in (",", "}"))),
        )
        .order_by(Event.seq.desc())
        .limit(MOST_READINGS)
    )
    return [Reading(event.at, name or "", tuple(event.data["fields"].split())) for event, name in rows]
