"""What came of an import, and taking it back within the hour, as far as nobody has worked with its ideas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from innovation.accounts import commands as accounts
from innovation.accounts import queries as people
from innovation.command import command
from innovation.db import db, now
from innovation.events import Event, record
from innovation.ideas import policy, queries
from innovation.ideas.events import IdeaTakenBack
from innovation.ideas.import_models import IdeaImport, ImportedIdea
from innovation.ideas.models import Idea
from innovation.ideas.moves import move
from innovation.jobs.commands import ask_job
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.jobs.queries import at_work, list_under_way
from innovation.languages import lazy_gettext
from innovation.once import repeatable
from innovation.permission import Actor, NotThere
from innovation.values import dataclass
from workflows import Refused

WITHIN = dt.timedelta(hours=1)
AT_ONCE = 20  # so many ideas take less than a second; more are a long job
OF_ITSELF = ("idea_captured", "owner_named", "consent_given", "secret_renewed")  # what an import does, or undoes
TOO_LATE = "This import is more than an hour old, so it can no longer be undone. Withdraw single ideas instead."
GOING_ON = "This import is still going on. Stop it first, or wait until it has ended, then undo it."
WORKED_WITH = "Somebody has worked with this idea since it was imported, so it stays."


@dataclass(frozen=True)
class Source:
    """The file that an import reads, under the key by which it waited."""

    key: str
    name: str


def note(actor: Actor, source: Source, ideas: Sequence[Idea]) -> None:
    """Keep which ideas came from the file; part of the command that makes them, which may come in batches."""
    made = db.session.scalars(sa.select(IdeaImport).filter_by(key=source.key)).first()
    if made is None:
        first = ideas[0]
        where = {"programme_id": first.programme_id, "region_id": first.region_id, "clinic_id": first.clinic_id}
        made = IdeaImport(key=source.key, name=source.name, person_id=actor.person_id, made_at=now(), **where)
        db.session.add(made)
        db.session.flush()
    db.session.execute(sa.insert(ImportedIdea), [{"idea_id": idea.id, "import_id": made.id} for idea in ideas])


def find_import(actor: Actor, import_id: int) -> IdeaImport:
    """The import with this number; ``NotThere`` for everybody but whoever made it."""
    found = db.session.get(IdeaImport, import_id)
    if found is None or actor.person_id is None or found.person_id != actor.person_id:
        raise NotThere
    return found


def find_by_key(actor: Actor, key: str) -> IdeaImport | None:
    mine = sa.select(IdeaImport).where(IdeaImport.key == key, IdeaImport.person_id == actor.person_id)
    return db.session.scalars(mine).one_or_none()


def list_lately(actor: Actor) -> list[IdeaImport]:
    """The imports of this person that can still be undone, the newest first."""
    query = sa.select(IdeaImport).where(IdeaImport.person_id == actor.person_id, IdeaImport.made_at > now() - WITHIN)
    theirs = sa.select(ImportedIdea.idea_id).join(Idea).where(ImportedIdea.import_id == IdeaImport.id, *_left())
    return list(db.session.scalars(query.where(theirs.exists()).order_by(IdeaImport.id.desc()).limit(10)))


def _left() -> tuple[sa.ColumnElement[bool], ...]:
    """That an imported idea can still be taken back: nothing has happened with it that no import does."""
    worked_with = sa.exists().where(
        Event.subject == sa.literal("idea:") + sa.cast(Idea.id, sa.String), Event.kind.not_in(OF_ITSELF)
    )
    return ImportedIdea.taken_back_at.is_(None), Idea.standing == "active", ~worked_with


def has_left(made: IdeaImport) -> bool:
    """True while an idea of the import can be taken back."""
    query = sa.select(ImportedIdea.idea_id).join(Idea).where(ImportedIdea.import_id == made.id, *_left()).limit(1)
    return db.session.scalar(query) is not None


def count_ideas(made: IdeaImport) -> tuple[int, int]:
    """How many ideas came from the import, and how many of these were taken back."""
    asked = sa.select(sa.func.count(), sa.func.count(ImportedIdea.taken_back_at)).where(
        ImportedIdea.import_id == made.id
    )
    in_all, back = db.session.execute(asked).one()
    return int(in_all), int(back)


def reasons_against(made: IdeaImport, asked_at: dt.datetime | None = None) -> tuple[str, ...]:
    """Why the import can no longer be undone, or could not when that was asked; empty when it can."""
    return (TOO_LATE,) if (asked_at or now()) - made.made_at > WITHIN else ()


def references(made: IdeaImport) -> list[str]:
    """The ideas that came from the import, in the order of the table."""
    query = sa.select(Idea.reference).join(ImportedIdea, ImportedIdea.idea_id == Idea.id)
    return list(db.session.scalars(query.where(ImportedIdea.import_id == made.id).order_by(Idea.id)))


def list_seen(actor: Actor, made: IdeaImport, most: int) -> list[Idea]:
    """The first ideas of the import that this person may see."""
    query = sa.select(Idea).join(ImportedIdea, ImportedIdea.idea_id == Idea.id).where(queries.visible(actor))
    return list(db.session.scalars(query.where(ImportedIdea.import_id == made.id).order_by(Idea.id).limit(most)))


@command(policy.may_import_ideas)
def take_back(
    actor: Actor, made: IdeaImport, *, which: Iterable[str], asked_at: dt.datetime | None = None
) -> dict[str, Outcome]:
    """Withdraw these ideas of an import and let the same rows be imported again; what became of each.

    ``Refused`` an hour after the import; ``asked_at`` is when it was asked for, where the worker does it later.
    """
    if reasons := reasons_against(made, asked_at):
        raise Refused(reasons)
    query = sa.select(Idea, ImportedIdea, sa.and_(*_left())).join(ImportedIdea, ImportedIdea.idea_id == Idea.id)
    found = db.session.execute(query.where(ImportedIdea.import_id == made.id, Idea.reference.in_(list(which)))).all()
    outcomes = {}
    for idea, noted, is_left in found:
        if noted.taken_back_at is not None:
            outcomes[idea.reference] = Outcome(result="known")
        elif not is_left:
            outcomes[idea.reference] = Outcome(idea.reference, "failed", (WORKED_WITH,))
        else:
            _withdraw(actor, idea)
            noted.taken_back_at = now()
            outcomes[idea.reference] = Outcome(idea.reference)
    return outcomes


@command(policy.may_import_ideas)
@repeatable
def undo_import(actor: Actor, made: IdeaImport) -> Job | None:
    """Take back what can be taken back of an import: a few ideas at once, more by the worker, whose job it gives."""
    if reasons := reasons_against(made):
        raise Refused(reasons)
    if db.session.scalar(sa.select(at_work(made.key))):
        raise Refused((GOING_ON,))
    names = references(made)
    if len(names) <= AT_ONCE:
        take_back(actor, made, which=names)
        return None
    under_way = [job for job in list_under_way(actor, ["undo_import"]) if job.payload["import"] == made.id]
    if under_way:
        return under_way[0]
    if not has_left(made):
        return None
    mine = sa.select(sa.func.max(Job.id)).where(Job.person_id == actor.person_id, Job.kind == "undo_import")
    form_key = f"undo {made.id} after {db.session.scalar(mine)}"  # one that was stopped is gone on with by another
    job: Job = ask_job(actor, kind="undo_import", payload={"import": made.id}, total=len(names), form_key=form_key)
    return job


def _withdraw(actor: Actor, idea: Idea) -> None:
    move(idea, "withdraw", queries.journey_facts(idea))
    idea.due_on = idea.import_key = None
    accounts.spend_tokens(people.CLAIM, idea.owner, idea.id)
    record(actor, IdeaTakenBack(idea.id))


def _begin(actor: Actor, job: Job) -> Work:
    made = find_import(actor, job.payload["import"])
    names = references(made)
    asked_at, import_id = job.asked_at, made.id

    def do(actor: Actor, which: range) -> list[Outcome]:
        some = [names[at] for at in which]
        became = take_back(actor, find_import(actor, import_id), which=some, asked_at=asked_at)
        return [became[name] for name in some]

    return Work(names, do)


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("The import"), "ideas.imported", {"import_id": job.payload["import"]})]


KIND = Kind(
    lazy_gettext("Undo an import"),
    _begin,
    batch=25,
    of_each="pipeline.idea",
    seen=queries.seen_references,
    back=_back,
)
