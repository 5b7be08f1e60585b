"""Reading funders: the directory, one funder with its mandate, people and past awards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.db import Page, db, paginate
from innovation.funders import policy
from innovation.funders.models import Award, Funder, Mandate
from innovation.ideas.models import Idea
from innovation.permission import Actor, NotThere
from innovation.places.models import District
from innovation.programmes import definitions
from innovation.programmes.models import Programme, Theme, Topic, WorkflowVersion
from innovation.statements import ask
from innovation.values import dataclass
from workflows import Definition, Stage, Words

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (sa.func.lower(Funder.name), Funder.id),
    "kind": (Funder.kind, sa.func.lower(Funder.name), Funder.id),
    "since": (Funder.created_at, Funder.id),
}
AWARD_SORTS: dict[str, tuple[Any, ...]] = {
    "date": (Award.awarded_on, Award.id),
    "amount": (Award.amount_minor, Award.id),
    "title": (sa.func.lower(Award.title), Award.id),
}
ROLES = ("funder_admin", "funder_member")


@dataclass(frozen=True)
class Filters:
    """What the directory is narrowed to; ``mandate`` is yes, no or empty."""

    q: str = ""
    kind: str = ""
    mandate: str = ""


# One funder


def find_funder(actor: Actor, key: str) -> Funder:
    """The funder with this key, for its own people and for staff."""
    funder = db.session.scalar(sa.select(Funder).where(Funder.key == key))
    if funder is None or not policy.may_see_funder.allows(actor, funder):
        raise NotThere
    return funder


def own_funders(actor: Actor) -> list[Funder]:
    """The funders that this person works for, by name."""
    query = sa.select(Funder).where(Funder.id.in_(sorted(actor.funder_ids))).order_by(Funder.name, Funder.id)
    return list(db.session.scalars(query))


def acting_funder(actor: Actor, key: str = "") -> Funder:
    """The funder for which this person acts: the one named, or the first of theirs."""
    own = own_funders(actor)
    found = next((funder for funder in own if funder.key == key), None) if key else next(iter(own), None)
    if found is None:
        raise NotThere
    return found


def find_own_funder(actor: Actor, funder_id: int) -> Funder:
    """A funder that this person works for; ``NotThere`` for any other."""
    found = next((funder for funder in own_funders(actor) if funder.id == funder_id), None)
    if found is None:
        raise NotThere
    return found


# The directory


def funders_query(actor: Actor, filters: Filters, sort: str = "name") -> sa.Select[Any]:
    """The funders that staff may list."""
    if not policy.may_list_funders.allows(actor):
        raise NotThere
    query = sa.select(Funder).options(raiseload("*"))
    if filters.q.strip():
        query = query.where(sa.func.lower(Funder.name).contains(filters.q.strip().lower(), autoescape=True))
    if filters.kind:
        query = query.where(Funder.kind == filters.kind)
    has_mandate = sa.exists().where(Mandate.funder_id == Funder.id)
    if filters.mandate in ("yes", "no"):
        query = query.where(has_mandate if filters.mandate == "yes" else ~has_mandate)
    columns = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return query.order_by(*(c.desc() if sort.startswith("-") else c for c in columns))


def list_funders(actor: Actor, filters: Filters, *, sort: str = "name", page: int = 1) -> Page[Funder]:
    return paginate(funders_query(actor, filters, sort), page=page)


def list_open_funders(*, page: int = 1) -> Page[Funder]:
    """The funders that anybody may find, by name."""
    query = sa.select(Funder).where(Funder.visibility == "public").options(raiseload("*"))
    return paginate(query.order_by(*SORTS["name"]), page=page)


def verifier_of(funder: Funder) -> str:
    """The name of who checked the funder; for staff."""
    return db.session.scalar(sa.select(Person.name).where(Person.id == funder.verified_by_id)) or ""


# Past awards


def awards_query(funder: Funder, sort: str = "-date") -> sa.Select[Any]:
    columns = AWARD_SORTS.get(sort.removeprefix("-"), AWARD_SORTS["date"])
    query = sa.select(Award).where(Award.funder_id == funder.id)
    return query.order_by(*(c.desc() if sort.startswith("-") else c for c in columns))


def list_awards(funder: Funder, *, sort: str = "-date", page: int = 1) -> Page[Award]:
    return paginate(awards_query(funder, sort), page=page, size=10)


# People


@dataclass(frozen=True)
class Colleague:
    """Somebody's role at a funder; ``signs_in`` is False until an invitation was accepted."""

    grant: RoleGrant
    person: Person
    signs_in: bool


def list_colleagues(actor: Actor, funder: Funder) -> list[Colleague]:
    """Who works for the funder now, those who administer it first."""
    if not policy.may_see_funder_people.allows(actor, funder):
        raise NotThere
    rows = db.session.execute(
        sa.select(RoleGrant, Person, Account.id, Account.disabled_at)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(RoleGrant.funder_id == funder.id, RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.role, Person.name, RoleGrant.id)
        .limit(200)
    )
    return [Colleague(grant, person, bool(account) and closed is None) for grant, person, account, closed in rows]


def find_colleague(actor: Actor, funder: Funder, grant_id: int) -> RoleGrant:
    """A role at the funder that is in force."""
    found = db.session.get(RoleGrant, grant_id, options=[joinedload(RoleGrant.person)])
    if found is None or found.funder_id != funder.id or found.ended_at is not None:
        raise NotThere
    return found


# What mandates choose from


def themes_and_topics() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of key and name over all programmes, each key once, in the programmes' order."""
    return _named(Theme), _named(Topic)


def _named(model: type[Theme] | type[Topic]) -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(model.key, model.name).where(model.retired_at.is_(None)).order_by(model.programme_id, model.position)
    )
    found: dict[str, str] = {}
    for key, name in rows:
        found.setdefault(key, name)
    return list(found.items())


def definitions_in_use() -> dict[int, Definition]:
    """The definitions under which ideas are listed for funders or programmes run, by the id of their version."""
    listed = sa.exists().where(Idea.workflow_version_id == WorkflowVersion.id, Idea.listed_at.is_not(None))
    current = sa.exists().where(Programme.workflow_version_id == WorkflowVersion.id)
    found = ask(sa.select(WorkflowVersion.id, WorkflowVersion.checksum).where(sa.or_(current, listed)))
    return {row.id: definitions.of(row.checksum) for row in found}


def phases_in_use(definitions: Iterable[Definition]) -> tuple[str, list[tuple[str, str]]]:
    """What the programmes call the groups that ideas are for, and pairs of key and name, each key once."""
    fields = [definition.phases for definition in definitions if definition.phases]
    found: dict[str, str] = {}
    for field in fields:
        for choice in field.choices:
            found.setdefault(choice.key.lower(), choice.name)
    return (fields[0].name if fields else ""), list(found.items())


def shared_words(definitions: Iterable[Definition]) -> Words:
    """The words of the programmes where they speak alike, else the plain ones."""
    spoken = {definition.words for definition in definitions}
    return spoken.pop() if len(spoken) == 1 else Words()


def stages_for_funders(definitions: Iterable[Definition]) -> list[Stage]:
    """The stages at which funders see ideas, each key once."""
    found: dict[str, Stage] = {}
    for definition in definitions:
        first = definition.place_index(definition.funders_from)
        for stage in definition.stages:
            if definition.place_index(stage.key) >= first:
                found.setdefault(stage.key, stage)
    return list(found.values())


def district_provinces() -> dict[int, str]:
    """The province of each district."""
    rows: Sequence[Any] = db.session.execute(sa.select(District.id, District.province_code)).all()
    return {row[0]: row[1] for row in rows}
