"""Reading people, sessions, roles and tokens."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload, selectinload

from innovation.accounts import tokens
from innovation.accounts.models import Account, Affiliation, Person, RoleGrant, Token, UserSession
from innovation.accounts.scopes import name_scopes
from innovation.accounts.tokens import digest as digest
from innovation.db import Page, db, now, paginate
from innovation.permission import Actor, Grant, NotThere

SCHOOL = sa.table("school", sa.column("emis", sa.String()), sa.column("name", sa.String()))
INVITATION, RESET, CLAIM = "invitation", "reset", "claim"
HELD = (RoleGrant.role, RoleGrant.programme_id, RoleGrant.region_id, RoleGrant.clinic_id, RoleGrant.funder_id)


# Who is signed in


def find_actor(token: str) -> Actor | None:
    """Who is signed in with this session token; None when the session has ended or the account is closed."""
    found = find_session(token)
    return found[0] if found else None


def find_session(token: str) -> tuple[Actor, dt.datetime] | None:
    """Who is signed in with this session token, with their roles, and when they were last seen; one query."""
    rows = db.session.execute(
        sa.select(UserSession.id, UserSession.seen_at, Account.id, Person.id, Person.name, Person.is_demo, *HELD)
        .join(Account, UserSession.account_id == Account.id)
        .join(Person, Account.person_id == Person.id)
        .outerjoin(RoleGrant, sa.and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
        .where(
            UserSession.token_digest == digest(token),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now(),
            Account.disabled_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    session_id, seen_at, account_id, person_id, name, is_demo = rows[0][:6]
    actor = Actor(
        person_id,
        name,
        frozenset(Grant(*row[6:]) for row in rows if row[6]),
        account_id=account_id,
        session_id=session_id,
        is_demo=is_demo,
    )
    return actor, seen_at


def find_grants(person_id: int) -> frozenset[Grant]:
    """The roles that a person holds now."""
    rows = db.session.execute(sa.select(*HELD).where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None)))
    return frozenset(Grant(*row) for row in rows)


def actor_of(person: Person) -> Actor:
    """The person as an actor, for commands run without a browser (imports, the demo, tests)."""
    return Actor(person.id, person.name, find_grants(person.id), is_demo=person.is_demo)


def find_account(email: str) -> Account | None:
    """The account that signs in with this e-mail, in whatever case it is written."""
    return db.session.scalar(sa.select(Account).where(Account.email == email.strip().lower()))


def knows_address(account: Account, address: str) -> bool:
    """Has this account signed in from this address before?"""
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(UserSession.account_id == account.id, UserSession.address == address))
        )
    )


# One's own


def find_self(actor: Actor) -> Person:
    """The person who asks, with their account."""
    person = db.session.scalar(
        sa.select(Person)
        .where(Person.id == actor.person_id)
        .options(joinedload(Person.account), selectinload(Person.grants))
    )
    if person is None:
        raise NotThere
    return person


def list_sessions(actor: Actor) -> Sequence[UserSession]:
    """The person's own sessions that still work, the newest first."""
    return db.session.scalars(
        sa.select(UserSession)
        .where(_is_own(actor), UserSession.ended_at.is_(None), UserSession.expires_at > now())
        .options(raiseload("*"))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(100)
    ).all()


def find_own_session(actor: Actor, session_id: int) -> UserSession:
    found = db.session.scalar(
        sa.select(UserSession)
        .where(UserSession.id == session_id, _is_own(actor))
        .options(joinedload(UserSession.account))
    )
    if found is None:
        raise NotThere
    return found


def _is_own(actor: Actor) -> sa.ColumnElement[bool]:
    return UserSession.account_id.in_(sa.select(Account.id).where(Account.person_id == actor.person_id))


# One-time secrets


def secret_of(token: Token) -> str:
    """The secret of a token, made again; a link is this after its address."""
    return tokens.derive(token.kind, token.person_id, token.nonce)


def find_token(kind: str, secret: str) -> Token | None:
    """The token of that kind with this secret; None when unknown, used, withdrawn or out of date."""
    wanted = digest(secret)
    token = db.session.scalar(
        sa.select(Token)
        .where(Token.digest == wanted, Token.kind == kind, _is_valid())
        .options(joinedload(Token.person).joinedload(Person.account))
    )
    return token if token is not None and hmac.compare_digest(token.digest, wanted) else None


def find_invitation(person: Person) -> Token | None:
    """The person's newest invitation, whether or not it still works."""
    return db.session.scalar(
        sa.select(Token)
        .where(Token.person_id == person.id, Token.kind == INVITATION)
        .order_by(Token.id.desc())
        .limit(1)
    )


def _is_valid() -> sa.ColumnElement[bool]:
    return sa.and_(Token.used_at.is_(None), Token.expires_at > now())


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
    if actor.is_system or actor.has("administrator"):
        return sa.true()
    ways = [_has_role_in(grant) for grant in actor.scopes("manager")]
    return sa.or_(sa.false(), *ways)


def _has_role_in(grant: Grant) -> sa.ColumnElement[bool]:
    parts = [RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)]
    parts.append(RoleGrant.programme_id.is_not(None))
    if grant.programme_id is not None:
        parts.append(RoleGrant.programme_id == grant.programme_id)
    if grant.region_id is not None:
        parts.append(RoleGrant.region_id == grant.region_id)
    return sa.exists().where(*parts)


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
    if not actor.is_system and not actor.has("administrator", "manager"):
        raise NotThere
    search = q.strip()
    shown = visible(actor)
    query = sa.select(Person).outerjoin(Account)
    if search:
        query = query.where(
            sa.or_(
                sa.and_(shown, sa.or_(_contains(Person.name, search), _contains(Person.email, search))),
                sa.func.lower(Person.email) == search.lower(),
                Account.email == search.lower(),
            )
        )
    else:
        query = query.where(shown)
    if role:
        query = query.where(
            sa.exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        )
    if state:
        query = query.where(_in_state(state))
    query = query.options(joinedload(Person.account).raiseload("*"), raiseload("*"))
    return _with_roles(actor, paginate(query.order_by(*_order(sort, descending)), page=page, size=size))


def _order(sort: str, descending: bool) -> list[sa.ColumnElement[Any]]:
    return [column.desc() if descending else column.asc() for column in SORTS.get(sort, SORTS["name"])]


def _contains(column: Any, text: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(text.lower(), autoescape=True)


def _in_state(state: str) -> sa.ColumnElement[bool]:
    pending = sa.exists().where(Token.person_id == Person.id, Token.kind == INVITATION, _is_valid())
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
        sa.select(Token.person_id).where(Token.person_id.in_(ids), Token.kind == INVITATION, _is_valid())
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
