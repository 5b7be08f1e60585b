"""What the pages that join areas read: the programmes of a person, what waits for a person, and the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, raiseload

from innovation import events
from innovation.accounts import queries as people
from innovation.accounts.models import Person
from innovation.db import Page, db, paginate, this_day
from innovation.events import Event
from innovation.funders import queries as funders
from innovation.funders.events import InterestFact, WorkspaceFact
from innovation.funders.models import Interest
from innovation.gates import queries as gates
from innovation.gates.models import Condition, Seat
from innovation.gates.queries.standing import OWED_STATES, covered
from innovation.ideas import queries as ideas
from innovation.ideas.models import HANDED_IN, Ask, Contributor, Handin, Idea, Revision, Wall
from innovation.ideas.readiness import Readiness, readiness
from innovation.meetings import queries as meetings
from innovation.meetings.events import ItemFact
from innovation.permission import Actor, NotThere
from innovation.pipeline.events import RecordChecked
from innovation.programmes import definitions
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.statements import ask, worded
from innovation.values import dataclass
from workflows import Definition

PROGRAMME_ROLES = ("manager", "coordinator", "facilitator")
EXPORT_LIMIT = 20_000
MOST_COUNTED = 100


# The pipeline


class Choice(NamedTuple):
    """A programme whose pipeline somebody may look at."""

    id: int
    key: str
    name: str
    checksum: str

    @property
    def definition(self) -> Definition:
        return definitions.of(self.checksum)


def list_programmes(actor: Actor) -> list[Choice]:
    """The programmes in which the person has a role or an idea; all of them for an administrator."""
    if actor.person_id is None:
        return []
    return [Choice._make(row) for row in ask(_programmes(actor))]


@worded
def _programmes(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(Programme.id, Programme.key, Programme.name, WorkflowVersion.checksum)
    query = query.join(WorkflowVersion, WorkflowVersion.id == Programme.workflow_version_id).order_by(Programme.id)
    grants = actor.scopes(*PROGRAMME_ROLES)
    if not actor.has("administrator") and all(grant.programme_id is not None for grant in grants):
        held = sa.select(Programme.id).where(Programme.id.in_([grant.programme_id for grant in grants]))
        own = (sa.select(Idea.programme_id).where(way) for way in ideas.own_ways(actor))
        query = query.where(Programme.id.in_(sa.union(held, *own).subquery().select()))
    return query.limit(50)


def pick_programme(found: Sequence[Choice], key: str = "") -> Choice | None:
    """The programme asked for, or the person's first one; ``NotThere`` for one that is not theirs."""
    if not key:
        return found[0] if found else None
    for programme in found:
        if programme.key == key:
            return programme
    raise NotThere


# What a person is to the programme, and what waits for them


@dataclass(frozen=True)
class Ties:
    """What decides a person's navigation, and what waits for them: ``waiting`` things, or more of them."""

    ideas: bool
    seats: bool
    waiting: int
    or_more: bool = False
    unread: int = 0


def find_ties(actor: Actor, unread: Callable[[Actor], sa.ScalarSelect[int]]) -> Ties:
    """Whether the person has ideas and seats, how many things wait for them there, and what they have not read yet.

    One query, for it is asked on every page: the area above gives the part that counts what is unread. What My work
    finds out by more than a count (what an idea misses, what a panel's lead or a coordinator has to do) is not in the
    number, and whoever may have such things to do is told of a number or more.
    """
    [row] = ask(_ties(actor, unread))
    uncounted = actor.has("coordinator", "facilitator") or bool(actor.funder_ids) or row[0] or row[2]
    return Ties(bool(row[0]), bool(row[1]), int(row[3]), bool(uncounted) or row[3] >= MOST_COUNTED, int(row[4]))


@worded
def _ties(actor: Actor, unread: Callable[[Actor], sa.ScalarSelect[int]]) -> sa.Select[*tuple[Any, ...]]:
    me = actor.person_id
    owns = sa.exists().where(Idea.owner_id == me)
    contributes = sa.exists().where(Contributor.person_id == me, Contributor.ended_at.is_(None))
    seated = sa.exists().where(Seat.person_id == me)
    asked = sa.select(Interest.id).join(Interest.idea).where(funders.to_answer(actor))
    counted = (*gates.count_waiting(actor), gates.to_look_at(actor), meetings.to_attend(actor), asked)
    waiting = sum((_number(query) for query in counted), sa.literal(0))
    return sa.select(sa.or_(owns, contributes), seated, gates.leads_somewhere(actor), waiting, unread(actor))


def _number(query: sa.Select[int]) -> sa.ColumnElement[int]:
    bounded = query.limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(bounded).scalar_subquery()


def list_own_ideas(actor: Actor, *, page: int = 1) -> Page[Idea]:
    """The ideas that the person owns or contributes to, those that moved last first."""
    owned = sa.select(Idea.id).where(Idea.owner_id == actor.person_id)
    helped = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    mine = Idea.id.in_(sa.union(owned, helped).subquery().select())
    query = ideas.row_query().where(mine, ~ideas.walled(actor)).order_by(Idea.place_since.desc(), Idea.id.desc())
    return paginate(query, page=page, size=20)


def list_preparing(actor: Actor) -> list[tuple[Idea, Readiness]]:
    """The person's active ideas at a stage with a gate ahead, each with its checklist: five queries in all."""
    mine = sa.and_(Idea.owner_id == actor.person_id, ~ideas.walled(actor))
    query = ideas.row_query().where(mine, Idea.standing == "active", Idea.place.not_like("at\\_%", escape="\\"))
    found = [i for i in db.session.scalars(query.order_by(Idea.id.desc()).limit(30)) if ideas.gate_ahead(i)]
    ids = [idea.id for idea in found]
    numbers = [(idea.id, idea.revision_number) for idea in found]
    latest = sa.tuple_(Revision.idea_id, Revision.number).in_(numbers)
    revisions = {r.idea_id: r for r in db.session.scalars(sa.select(Revision).where(latest))}
    asks = ideas.latest_asks(ids)
    versions: dict[int, list[Handin]] = {}
    handins = sa.select(Handin).options(raiseload("*")).where(Handin.idea_id.in_(ids))
    for handin in db.session.scalars(handins.order_by(Handin.id.desc()).limit(3000)):
        versions.setdefault(handin.idea_id, []).append(handin)
    owed: dict[int, list[str]] = {}
    query_owed = sa.select(Condition.idea_id, Condition.text).where(
        Condition.idea_id.in_(ids), ideas.unindexed(Condition.state).in_(OWED_STATES)
    )
    for idea_id, text in db.session.execute(query_owed):
        owed.setdefault(idea_id, []).append(text)
    return [(idea, _readiness(idea, revisions, versions, asks, owed)) for idea in found]


def _readiness(
    idea: Idea,
    revisions: dict[int, Revision],
    versions: dict[int, list[Handin]],
    asks: dict[int, Ask],
    owed: dict[int, list[str]],
) -> Readiness:
    gate = ideas.gate_ahead(idea)
    if gate is None or idea.id not in revisions:
        return Readiness()
    answers = dict(revisions[idea.id].answers) | ideas.kept_by_idea(idea)
    return readiness(
        idea.definition,
        gate,
        answers,
        versions.get(idea.id, []),
        has_ask=idea.id in asks,
        today=this_day(),
        conditions=owed.get(idea.id, []),
        waived=idea.waived_at(gate.key),
    )


def list_to_accept(actor: Actor) -> list[tuple[Handin, Idea]]:
    """Deliverables handed in and not yet judged, of ideas that the person coordinates, the longest waiting first."""
    if not actor.has("coordinator"):
        return []
    query = (
        sa.select(Handin)
        .join(Handin.idea)
        .where(sa.text(f"handin.{HANDED_IN}"), covered(actor, "coordinator"), ~ideas.walled(actor))
        .where(ideas.unindexed(Idea.standing) == "active", Idea.owner_id != actor.person_id)
        .options(raiseload("*"), contains_eager(Handin.idea).joinedload(Idea.workflow_version))
        .order_by(Handin.handed_in_at, Handin.id)
        .limit(gates.MOST_LISTED)
    )
    return [(handin, handin.idea) for handin in db.session.scalars(query)]


# The log


KEPT_APART = [fact.kind() for fact in WorkspaceFact.__subclasses__()]
FOR_TEAMS = ("everyone", "team")  # of what happens to an idea, the audiences that its team belongs to


@dataclass(frozen=True)
class LogFilters:
    """What the log is narrowed to; empty values narrow nothing."""

    kind: str = ""
    subject: str = ""
    person: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def log_query(actor: Actor, filters: LogFilters) -> sa.Select[Event, str]:
    """The record, newest first, each event with the name of who acted; for administrators.

    Nothing of an idea that is walled off from the reader, or for which they sit on a panel; and of what they take part
    in themselves no more than the others there know. ``log verify`` checks the whole record for everybody.
    """
    if not actor.has("administrator"):
        raise NotThere
    query = sa.select(Event, Person.name).outerjoin(Person, Person.id == Event.actor_id)
    query = query.where(
        Event.subject.not_in(_chains(_walled_off(actor))), sa.or_(Event.kind.not_in(KEPT_APART), stands_outside(actor))
    )
    query = query.where(*_as_one_of_them(actor))
    if filters.kind:
        query = query.where(Event.kind == filters.kind)
    if filters.subject:
        query = query.where(Event.subject == _subject(filters.subject))
    if filters.person:
        named = db.session.scalars(people.named_like(filters.person, most=500)).all()
        query = query.where(Event.actor_id.in_(named))
    if filters.since:
        query = query.where(Event.at >= _midnight(filters.since))
    if filters.until and filters.until < dt.date.max:
        query = query.where(Event.at < _midnight(filters.until + dt.timedelta(days=1)))
    # Whoever did little would be looked for through all that ever happened, were it read by its time.
    at = ideas.unindexed(Event.at) if filters.person else Event.at
    return query.order_by(at.desc(), Event.id.desc())


def _as_one_of_them(actor: Actor) -> Iterator[sa.ColumnElement[bool]]:
    """What an administrator who is on a team, on a panel or at a funder does not read of the others there."""
    told = [kind for kind, fact in events.fact_classes.items() if fact.audience in FOR_TEAMS]
    yield sa.or_(Event.subject.not_in(_chains(gates.ideas_of(actor))), Event.kind.in_(told))
    yield Event.subject.not_in(_chains(gates.ideas_before(actor)))
    within = [kind for kind, fact in events.fact_classes.items() if issubclass(fact, ItemFact)]
    closed = (gates.ideas_of(actor).subquery().select(), gates.ideas_before(actor), _walled_off(actor))
    yield sa.or_(
        Event.kind.not_in(within),
        sa.and_(*(Event.subject.not_in(_chains(meetings.about_ideas(ideas), "meeting")) for ideas in closed)),
    )
    if actor.funder_ids:
        between = [kind for kind, fact in events.fact_classes.items() if issubclass(fact, InterestFact)]
        yield Event.kind.not_in(between)


def _walled_off(actor: Actor) -> sa.Select[int]:
    return sa.select(Wall.idea_id).where(Wall.person_id == actor.person_id)


def _chains(ids: Any, of: str = "idea") -> sa.Select[str]:
    found = ids.subquery()
    return sa.select(sa.literal(f"{of}:") + sa.cast(found.c[0], sa.String))


def stands_outside(actor: Actor) -> sa.ColumnElement[bool]:
    """True for who works for no funder and has nothing to do with any idea: they read that a funder kept something."""
    mine = [
        sa.exists().where(Idea.owner_id == actor.person_id),
        sa.exists().where(Contributor.person_id == actor.person_id),
        sa.exists().where(Wall.person_id == actor.person_id),
    ]
    return sa.and_(sa.literal(not actor.funder_ids), ~sa.or_(*mine))


def list_log(actor: Actor, filters: LogFilters, *, page: int = 1) -> Page[tuple[Event, str | None]]:
    query: Any = log_query(actor, filters)
    return paginate(query, page=page, size=50, scalars=False)


def find_last_check() -> tuple[Event, str] | None:
    """The newest check of the record and who asked for it; it holds numbers only."""
    checked = Event.kind == RecordChecked.kind()
    query = sa.select(Event, Person.name).join(Person, Person.id == Event.actor_id).where(checked)
    found = db.session.execute(query.order_by(Event.at.desc(), Event.id.desc()).limit(1)).one_or_none()
    return (found[0], found[1]) if found else None


def _subject(typed: str) -> str:
    """``idea:12`` as it is, and an idea's reference as the subject that it stands for."""
    if ":" in typed:
        return typed.strip().lower()
    found = db.session.scalar(sa.select(Idea.id).where(Idea.reference == typed.strip().upper()))
    return f"idea:{found or 0}"


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
