"""Reading what a funder's people keep among themselves: nobody else, and nobody of an idea's team, sees any of it."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts import tokens
from innovation.accounts.models import Person
from innovation.clinics.small_cells import Cell, cells_of
from innovation.db import db
from innovation.funders import policy
from innovation.funders.codes import PASS_REASONS
from innovation.funders.models import Funder
from innovation.funders.queries.interests import is_open
from innovation.funders.queries.kept import passed, shortlisted, takes_part
from innovation.funders.workspace_models import FunderNote, Passed, SavedSearch, SearchAlert, Shortlisted
from innovation.ideas.models import Idea
from innovation.ideas.queries import in_scope, walled
from innovation.permission import Actor, NotThere
from innovation.values import dataclass

MOST = 200
LEAST_FUNDERS = 2  # with one alone, a sum would be that funder's own


@dataclass(frozen=True)
class Mark:
    """What a card says of an idea in the workspace."""

    shortlisted: bool
    notes: int


@dataclass(frozen=True)
class Note:
    text: str
    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Kept:
    """An idea that somebody put on the shortlist or passed on; ``idea`` is None while it is not shared with funders."""

    reference: str
    idea: Idea | None
    name: str
    at: dt.datetime
    reason: str = ""
    text: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Desk:
    """The workspace about one idea."""

    shortlisted: Kept | None
    passed: Kept | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class OwnSearch:
    """A search with how often the reader hears of it."""

    search: SavedSearch
    often: str


def marks_of(actor: Actor, funder: Funder, idea_ids: Iterable[int]) -> dict[int, Mark]:
    """What cards say of these ideas, in one query."""
    notes = (
        sa.select(sa.func.count())
        .where(FunderNote.idea_id == Idea.id, FunderNote.funder_id == funder.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    query = sa.select(Idea.id, shortlisted(actor, funder), notes).where(Idea.id.in_(list(idea_ids)), ~takes_part(actor))
    return {row[0]: Mark(bool(row[1]), row[2]) for row in db.session.execute(query)}


def desk_of(actor: Actor, funder: Funder, idea: Idea) -> Desk | None:
    """What the funder's people keep about an idea; None for who takes part in it themselves."""
    if db.session.scalar(sa.select(takes_part(actor)).select_from(Idea).where(Idea.id == idea.id)):
        return None
    on, gone = (next(iter(_kept(model, actor, funder, Idea.id == idea.id)), None) for model in (Shortlisted, Passed))
    return Desk(on, gone, _notes(funder, [idea.id]).get(idea.id, ()))


def list_shortlist(actor: Actor, funder: Funder) -> list[Kept]:
    """The newest of what is on the shortlist, each with its notes."""
    return _kept(Shortlisted, actor, funder, shortlisted(actor, funder), with_notes=True)


def list_passed(actor: Actor, funder: Funder) -> list[Kept]:
    return _kept(Passed, actor, funder, passed(actor, funder))


def find_kept(actor: Actor, funder: Funder, reference: str) -> Idea:
    """An idea that is on the funder's shortlist or passed on, also while it is not shared with funders."""
    here = sa.or_(shortlisted(actor, funder), passed(actor, funder))
    found = db.session.scalar(sa.select(Idea).where(Idea.reference == reference.upper(), here, ~walled(actor)))
    if found is None:
        raise NotThere
    return found


def _kept(
    model: type[Shortlisted] | type[Passed],
    actor: Actor,
    funder: Funder,
    condition: sa.ColumnElement[bool],
    *,
    with_notes: bool = False,
) -> list[Kept]:
    by, at = (
        (Shortlisted.put_by_id, Shortlisted.put_at) if model is Shortlisted else (Passed.passed_by_id, Passed.passed_at)
    )
    query = (
        sa.select(model, Idea, Person.name, at.label("at"))
        .join(Idea, Idea.id == model.idea_id)
        .outerjoin(Person, Person.id == by)
        .where(model.funder_id == funder.id, model.ended_at.is_(None), condition, ~walled(actor))
        .order_by(at.desc(), model.id.desc())
        .limit(MOST)
    )
    rows = db.session.execute(query).all()
    notes = _notes(funder, [idea.id for _row, idea, _name, _at in rows]) if with_notes else {}
    return [
        Kept(
            idea.reference,
            idea if is_open(idea) else None,
            name or "",
            when,
            getattr(row, "reason", ""),
            getattr(row, "text", ""),
            notes.get(idea.id, ()),
        )
        for row, idea, name, when in rows
    ]


def _notes(funder: Funder, idea_ids: list[int]) -> dict[int, tuple[Note, ...]]:
    """The notes on each idea, newest first."""
    query = (
        sa.select(FunderNote, Person.name)
        .outerjoin(Person, Person.id == FunderNote.person_id)
        .where(FunderNote.funder_id == funder.id, FunderNote.idea_id.in_(idea_ids))
        .order_by(FunderNote.id.desc())
        .limit(5 * MOST)
    )
    found: dict[int, list[Note]] = {}
    for note, name in db.session.execute(query):
        found.setdefault(note.idea_id, []).append(Note(note.text, name or "", note.written_at))
    return {idea_id: tuple(notes) for idea_id, notes in found.items()}


# Saved searches and their alerts


def list_searches(actor: Actor, funder: Funder) -> list[OwnSearch]:
    """The funder's saved searches by name, each with the reader's own alert."""
    own = sa.and_(SearchAlert.search_id == SavedSearch.id, SearchAlert.person_id == actor.person_id)
    query = (
        sa.select(SavedSearch, SearchAlert.often)
        .outerjoin(SearchAlert, own)
        .where(SavedSearch.funder_id == funder.id, SavedSearch.ended_at.is_(None))
        .options(joinedload(SavedSearch.programme))
        .order_by(sa.func.lower(SavedSearch.name), SavedSearch.id)
        .limit(MOST)
    )
    return [OwnSearch(search, often or "never") for search, often in db.session.execute(query)]


def count_searches(funder: Funder) -> int:
    query = sa.select(sa.func.count()).where(SavedSearch.funder_id == funder.id, SavedSearch.ended_at.is_(None))
    return db.session.scalar(query.select_from(SavedSearch)) or 0


def find_search(actor: Actor, search_id: int) -> SavedSearch:
    """A saved search of a funder that this person works for."""
    found = db.session.get(SavedSearch, search_id, options=[joinedload(SavedSearch.funder)])
    if found is None or found.ended_at is not None or found.funder_id not in actor.funder_ids:
        raise NotThere
    return found


def secret_of(alert: SearchAlert) -> str:
    """What an address carries that ends the mails of this alert."""
    return tokens.derive("search_alert", alert.person_id, alert.nonce)


def find_alert(alert_id: int, secret: str) -> SearchAlert:
    """The alert for whoever holds the secret from one of its mails."""
    found = db.session.get(SearchAlert, alert_id, options=[joinedload(SearchAlert.search)])
    if found is None or not hmac.compare_digest(secret_of(found).encode(), secret.encode()):
        raise NotThere
    return found


# What the programme learns


def pass_reasons(actor: Actor) -> list[Cell]:
    """How often funders passed for each reason, over all ideas that a manager looks after; small counts held back.

    None of them while nobody, or one funder alone, has passed.
    """
    if not policy.may_see_pass_reasons.allows(actor):
        raise NotThere
    theirs = sa.or_(sa.false(), *(in_scope(grant) for grant in actor.scopes("manager")))
    query = (
        sa.select(Passed.reason, Passed.funder_id, sa.func.count())
        .join(Idea, Idea.id == Passed.idea_id)
        .where(Passed.ended_at.is_(None), theirs, ~takes_part(actor), ~walled(actor))
        .group_by(Passed.reason, Passed.funder_id)
    )
    rows = db.session.execute(query).all()
    if len({funder_id for _reason, funder_id, _count in rows}) < LEAST_FUNDERS:
        return []
    counts = {name: sum(count for reason, _funder, count in rows if reason == key) for key, name in PASS_REASONS}
    return cells_of(counts)
