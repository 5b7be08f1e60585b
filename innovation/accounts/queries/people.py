"""Reading people, the roles that they hold, and where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload, selectinload

from innovation.accounts.models import Account, Affiliation, Person, RoleGrant, Token
from innovation.accounts.queries.searching import MOST_FOUND, addressed, named_like
from innovation.accounts.queries.signing_in import INVITATION, is_valid
from innovation.accounts.scopes import name_scopes
from innovation.accounts.tokens import digest as digest
from innovation.db import Page, db, paginate
from innovation.permission import Actor, Grant, NotThere
from innovation.values import dataclass

SCHOOL = sa.table("school", sa.column("emis", sa.String()), sa.column("name", sa.String()))


# People


@dataclass(frozen=True)
class Held:
    """A role as lists show it."""

    role: str
    where: str


@dataclass(frozen=True)
class PeopleList:
    """People with their roles, and which of them this person may open."""

    page: Page[Person]
    roles: dict[int, list[Held]] = field(default_factory=dict)
    invited: frozenset[int] = frozenset()
    open_to: frozenset[int] = frozenset()

    def state(self, person: Person) -> str:
        """``signs_in``, ``closed``, ``invited`` or ``none``."""
        if person.account is not None:
            return "closed" if person.account.disabled_at else "signs_in"
        return "invited" if person.id in self.invited else "none"


SORTS: dict[str, tuple[Any, ...]] = {
    "name": (Person.name, Person.id),
    "email": (Person.email, Person.id),
    "since": (Person.id,),
}


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Person`` for those whose page this person may open."""
    if _sees_all(actor):
        return sa.true()
    return sa.exists().where(RoleGrant.person_id == Person.id, *_in_theirs(actor))


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or actor.has("administrator")


def _in_theirs(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on ``RoleGrant`` for the roles that a manager looks after."""
    scopes = (_within(grant) for grant in actor.scopes("manager"))
    return RoleGrant.ended_at.is_(None), sa.or_(sa.false(), *scopes)


def _within(grant: Grant) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [RoleGrant.programme_id.is_not(None)]
    if grant.programme_id is not None:
        parts.append(RoleGrant.programme_id == grant.programme_id)
    if grant.region_id is not None:
        parts.append(RoleGrant.region_id == grant.region_id)
    return sa.and_(*parts)


def list_people(
    actor: Actor,
    *,
    q: str = "",
    role: str = "",
    state: str = "",
    sort: str = "name",
    descending: bool = False,
    page: int = 1,
    size: int = 20,
) -> PeopleList:
    """People whose page this person may open, and whoever has exactly the e-mail that was searched for."""
    query = people_query(actor, q=q, role=role, state=state, sort=sort, descending=descending)
    query = query.options(joinedload(Person.account).raiseload("*"), raiseload("*"))
    return _with_roles(actor, paginate(query, page=page, size=size))


def people_by_id(actor: Actor, ids: Sequence[int], *, q: str) -> PeopleList:
    """Those of these people that a search for ``q`` may find for this person, in the order of the ids."""
    query = sa.select(Person).outerjoin(Account).where(Person.id.in_(ids), _found(actor, q))
    query = query.options(joinedload(Person.account).raiseload("*"), raiseload("*"))
    found = {person.id: person for person in db.session.scalars(query)}
    items = [found[person_id] for person_id in ids if person_id in found]
    return _with_roles(actor, Page(items, 1, len(ids), len(items), has_next=False))


def still_found(actor: Actor, ids: Sequence[int], *, q: str) -> set[int]:
    """The ids of those, as ``people_by_id`` reads them."""
    query = sa.select(Person.id).outerjoin(Account).where(Person.id.in_(ids), _found(actor, q))
    return set(db.session.scalars(query))


def people_query(
    actor: Actor,
    *,
    q: str = "",
    role: str = "",
    state: str = "",
    sort: str = "name",
    descending: bool = False,
    most: int = MOST_FOUND,
) -> sa.Select[Any]:
    """The people of the list, in its order; with words, of the newest ``most`` who have them."""
    if not actor.is_system and not actor.has("administrator", "manager"):
        raise NotThere
    search = q.strip()
    within = [] if _sees_all(actor) else [sa.select(RoleGrant.person_id).where(*_in_theirs(actor))]
    held = [sa.select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.ended_at.is_(None))] if role else []
    if search:
        alike = named_like(search, [*within, *held], most).subquery().select()
        narrow = [sa.union_all(alike, addressed(search)).subquery().select(), *held]
    else:
        narrow = [*within, *held]
    query = sa.select(Person).outerjoin(Account).where(*(Person.id.in_(ids) for ids in narrow))
    if state:
        query = query.where(_in_state(state))
    return query.order_by(*_order(sort, descending))


def _found(actor: Actor, q: str) -> sa.ColumnElement[bool]:
    """Those who are shown to the person, and whoever has exactly the e-mail that is searched for."""
    return sa.or_(visible(actor), Person.id.in_(addressed(q))) if q.strip() else visible(actor)


def _order(sort: str, descending: bool) -> list[sa.ColumnElement[Any]]:
    return [column.desc() if descending else column.asc() for column in SORTS.get(sort, SORTS["name"])]


def _in_state(state: str) -> sa.ColumnElement[bool]:
    pending = Person.id.in_(sa.select(Token.person_id).where(Token.kind == INVITATION, is_valid()))
    conditions = {
        "signs_in": sa.and_(Account.id.is_not(None), Account.disabled_at.is_(None)),
        "closed": Account.disabled_at.is_not(None),
        "invited": sa.and_(Account.id.is_(None), pending),
        "none": sa.and_(Account.id.is_(None), ~pending),
    }
    return conditions.get(state, sa.true())


def _with_roles(actor: Actor, page: Page[Person]) -> PeopleList:
    ids = [person.id for person in page.items]
    grants = db.session.scalars(
        sa.select(RoleGrant)
        .where(RoleGrant.person_id.in_(ids), RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
        .options(raiseload("*"))
    ).all()
    names = name_scopes(grants)
    roles: dict[int, list[Held]] = {}
    for grant in grants:
        roles.setdefault(grant.person_id, []).append(Held(grant.role, names[grant.id]))
    invited = db.session.scalars(
        sa.select(Token.person_id).where(Token.person_id.in_(ids), Token.kind == INVITATION, is_valid())
    )
    open_to = db.session.scalars(sa.select(Person.id).where(Person.id.in_(ids), visible(actor)))
    return PeopleList(page, roles, frozenset(invited), frozenset(open_to))


def find_person(actor: Actor, person_id: int) -> Person:
    """The person, when this person may open their page; else ``NotThere``."""
    person = db.session.scalar(
        sa.select(Person)
        .where(Person.id == person_id, visible(actor))
        .options(joinedload(Person.account), selectinload(Person.grants))
    )
    if person is None:
        raise NotThere
    return person


def find_grant(actor: Actor, person_id: int, grant_id: int) -> RoleGrant:
    """A role of a person whose page this person may open."""
    person = find_person(actor, person_id)
    found = next((grant for grant in person.grants if grant.id == grant_id), None)
    if found is None:
        raise NotThere
    return found


def name_people(ids: set[int | None]) -> dict[int, str]:
    """Names by id."""
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids - {None})))
    return {row[0]: row[1] for row in rows}


def hold_administrators() -> None:
    """Let nobody else end the role of an administrator, or close one's sign-in, before this transaction is over."""
    held = sa.select(RoleGrant.id).where(RoleGrant.role == "administrator", RoleGrant.ended_at.is_(None))
    db.session.execute(held.order_by(RoleGrant.id).with_for_update()).all()


def count_administrators(*, without: Person) -> int:
    """How many others can sign in as an administrator."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(sa.distinct(RoleGrant.person_id)))
            .join(Account, Account.person_id == RoleGrant.person_id)
            .where(
                RoleGrant.role == "administrator",
                RoleGrant.ended_at.is_(None),
                Account.disabled_at.is_(None),
                RoleGrant.person_id != without.id,
            )
        )
        or 0
    )


# Affiliations


@dataclass(frozen=True)
class Place:
    """An affiliation with the name of its school."""

    affiliation: Affiliation
    name: str


def list_affiliations(person: Person) -> list[Place]:
    """Where the person works or belongs, the present ones first."""
    rows = db.session.execute(
        sa.select(Affiliation, SCHOOL.c.name)
        .outerjoin(SCHOOL, SCHOOL.c.emis == Affiliation.school_emis)
        .where(Affiliation.person_id == person.id)
        .order_by(Affiliation.ended_on.is_not(None), Affiliation.id)
    )
    return [Place(affiliation, school or affiliation.organisation) for affiliation, school in rows]


def find_affiliation(actor: Actor, person_id: int, affiliation_id: int) -> Affiliation:
    """An affiliation of a person whose page this person may open."""
    person = find_person(actor, person_id)
    found = db.session.get(Affiliation, affiliation_id)
    if found is None or found.person_id != person.id:
        raise NotThere
    return found


def is_school(emis: str) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(SCHOOL.c.emis == emis))))


def has_demo_accounts() -> bool:
    """True when somebody here is part of a demonstration."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Person.is_demo))))
