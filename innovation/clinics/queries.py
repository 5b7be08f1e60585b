"""Reading clinics: who sees which, their ideas, and what is still missing before a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Account, Person, RoleGrant
from innovation.clinics import policy
from innovation.clinics.models import Clinic
from innovation.db import Page, db, paginate, whole_number
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import Name, indexed, unindexed, walled
from innovation.permission import Actor, Grant, NotThere
from innovation.places.models import District
from innovation.programmes.models import Programme, Region, Theme, Topic
from innovation.values import dataclass
from workflows import Attendee

MOST_SHOWN = 1000


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty values narrow nothing."""

    q: str = ""
    state: str = ""
    region: str = ""
    theme: str = ""
    year: str = ""


SORTS: dict[str, Any] = {
    "date": Clinic.starts_on,
    "title": Clinic.title,
    "code": Clinic.code,
    "state": Clinic.state,
    "ideas": sa.literal_column("ideas"),
}

Scope = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Listed:
    """A clinic as lists show it."""

    clinic: Clinic
    region: str
    district: str
    theme: str
    ideas: int


def visible(actor: Actor, name: Name = indexed) -> sa.ColumnElement[bool]:
    """The condition on ``Clinic`` that holds for those this person works at or oversees.

    With ``unindexed`` as ``name`` something else than where they belong finds the clinics.
    """
    if actor.is_system:
        return sa.true()
    return sa.or_(sa.false(), *(_within(grant, name) for grant in widest(actor.scopes(*policy.ROLES))))


def widest(grants: Iterable[Grant]) -> list[Grant]:
    """The roles without those whose scope lies inside that of another one."""
    scopes = {(grant.programme_id, grant.region_id, grant.clinic_id): grant for grant in grants}
    return [grant for scope, grant in scopes.items() if not any(_lies_in(scope, other) for other in scopes)]


def _lies_in(scope: Scope, other: Scope) -> bool:
    return scope != other and all(whole in (None, part) for part, whole in zip(scope, other, strict=True))


def _within(grant: Grant, name: Name) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = [sa.true()]
    if grant.programme_id is not None:
        parts.append(name(Clinic.programme_id) == grant.programme_id)
    if grant.region_id is not None:
        parts.append(name(Clinic.region_id) == grant.region_id)
    if grant.clinic_id is not None:
        parts.append(Clinic.id == grant.clinic_id)
    return sa.and_(*parts)


def _ideas_of(actor: Actor) -> Any:
    """The number of ideas of each clinic, without those behind a wall."""
    counted = sa.select(sa.func.count()).select_from(Idea).where(Idea.clinic_id == Clinic.id, ~walled(actor))
    return counted.correlate(Clinic).scalar_subquery().label("ideas")


def list_clinics(
    actor: Actor,
    filters: Filters | None = None,
    *,
    sort: str = "date",
    descending: bool = True,
    page: int = 1,
    size: int = 20,
) -> Page[Listed]:
    """One page of the clinics that the person may see, each with its names and the number of its ideas."""
    found = paginate(_query(actor, filters or Filters(), sort, descending), page=page, size=size, scalars=False)
    listed = [Listed(row[0], row[1], row[2] or "", row[3] or "", row[4]) for row in found.items]
    return Page(listed, found.number, found.size, found.counted, found.has_next)


def _query(actor: Actor, by: Filters, sort: str, descending: bool) -> sa.Select[Any]:
    if not policy.may_list_clinics.allows(actor):
        raise NotThere
    column = SORTS.get(sort, SORTS["date"])
    query = (
        sa.select(Clinic, Region.name, District.name, Theme.name, _ideas_of(actor))
        .join(Region, Region.id == Clinic.region_id)
        .outerjoin(District, District.id == Clinic.district_id)
        .outerjoin(Theme, Theme.id == Clinic.theme_id)
        .where(visible(actor), *_conditions(by))
    )
    return query.order_by(column.desc() if descending else column.asc(), Clinic.id.desc())


def _conditions(by: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if by.q.strip():
        columns = (Clinic.title, Clinic.code, Clinic.venue, Clinic.challenge)
        words = by.q.lower().split()[:8]
        found += [
            sa.or_(*(sa.func.lower(column).contains(word, autoescape=True) for column in columns)) for word in words
        ]
    if by.state:
        found.append(Clinic.state == by.state)
    if (region_id := whole_number(by.region)) is not None:
        found.append(Clinic.region_id == region_id)
    if (theme_id := whole_number(by.theme)) is not None:
        found.append(Clinic.theme_id == theme_id)
    if 0 < (year := whole_number(by.year) or 0) < 10_000:
        found.append(Clinic.starts_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    return found


def find_clinic(actor: Actor, code: str) -> Clinic:
    """The clinic with this code; ``NotThere`` when there is none that the person may see."""
    clinic = db.session.scalar(sa.select(Clinic).where(Clinic.code == code.upper(), visible(actor)))
    if clinic is None:
        raise NotThere
    return clinic


@dataclass(frozen=True)
class Names:
    """What the ids of a clinic are called."""

    region: str
    district: str
    theme: str
    topic: str


def names_of(clinic: Clinic) -> Names:
    row = db.session.execute(
        sa.select(Region.name, District.name, Theme.name, Topic.name)
        .select_from(Clinic)
        .join(Region, Region.id == Clinic.region_id)
        .outerjoin(District, District.id == Clinic.district_id)
        .outerjoin(Theme, Theme.id == Clinic.theme_id)
        .outerjoin(Topic, Topic.id == Clinic.topic_id)
        .where(Clinic.id == clinic.id)
    ).one()
    return Names(*(text or "" for text in row))


def count_ideas(actor: Actor, clinic: Clinic) -> int:
    """How many ideas were captured, without those behind a wall."""
    query = sa.select(sa.func.count()).select_from(Idea).where(Idea.clinic_id == clinic.id, ~walled(actor))
    return db.session.scalar(query) or 0


def list_to_run(actor: Actor, until: dt.date) -> list[Clinic]:
    """The clinics that the person facilitates and that begin by a day, run, or have no report yet; oldest first."""
    grants = actor.scopes("facilitator")
    if actor.person_id is None or not grants:
        return []
    soon = sa.and_(Clinic.state == "planned", Clinic.starts_on <= until)
    waits = sa.or_(soon, Clinic.state.in_(("open", "voting", "closed")))
    query = sa.select(Clinic).where(waits, sa.or_(*(_within(grant, indexed) for grant in grants)))
    return list(db.session.scalars(query.order_by(Clinic.starts_on, Clinic.id).limit(50)))


def attendees_of(clinic: Clinic) -> tuple[Attendee, ...]:
    """The kinds of people whom the clinic's programme counts."""
    return db.session.get_one(Programme, clinic.programme_id).workflow_version.definition.attendees


def report_reasons(clinic: Clinic) -> tuple[str, ...]:
    """What is missing before the clinic can be reported."""
    reasons = []
    if not clinic.attendance:
        reasons.append("Record how many people came, by role.")
    if not db.session.scalar(sa.select(sa.exists().where(Idea.clinic_id == clinic.id))):
        reasons.append("No idea has been captured. Reopen the clinic to add the ideas.")
    return tuple(reasons)


# Where one may plan, and what the list can be narrowed to


def list_regions(actor: Actor) -> list[Region]:
    """The regions in which the person may plan a clinic."""
    regions = db.session.scalars(sa.select(Region).where(Region.retired_at.is_(None)).order_by(Region.name, Region.id))
    return [region for region in regions if policy.may_plan_clinic.allows(actor, region)]


def regions_of_clinics(actor: Actor) -> list[tuple[int, str]]:
    """The regions that have a clinic which the person may see."""
    held = sa.exists().where(Clinic.region_id == Region.id, visible(actor, unindexed))
    return _pairs(sa.select(Region.id, Region.name).where(held).order_by(Region.name))


def themes_of_clinics(actor: Actor) -> list[tuple[int, str]]:
    held = sa.exists().where(Clinic.theme_id == Theme.id, visible(actor, unindexed))
    return _pairs(sa.select(Theme.id, Theme.name).where(held).order_by(Theme.position, Theme.id))


def years_of_clinics(actor: Actor) -> list[int]:
    """The years that have a clinic which the person may see, the newest first."""
    days = (sa.select(end(Clinic.starts_on)).where(visible(actor)) for end in (sa.func.min, sa.func.max))
    ends = sa.select(*(day.scalar_subquery() for day in days))  # apart, each is found at its end of an index
    row: Any = db.session.execute(ends).one()
    first, last = row
    return list(range(last.year, first.year - 1, -1))[:50] if first is not None and last is not None else []


def _pairs(query: Any) -> list[tuple[int, str]]:
    return [(key, name) for key, name in db.session.execute(query)]


# Facilitators


@dataclass(frozen=True)
class Facilitator:
    person_id: int
    name: str
    email: str
    signs_in: bool


def list_facilitators(clinic: Clinic) -> list[Facilitator]:
    """Who runs the clinic now."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name, Person.email, Account.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(RoleGrant.clinic_id == clinic.id, RoleGrant.role == "facilitator", RoleGrant.ended_at.is_(None))
        .order_by(RoleGrant.id)
        .limit(MOST_SHOWN)
    )
    return [Facilitator(key, name, email or "", account is not None) for key, name, email, account in rows]


def find_facilitator(clinic: Clinic, person_id: int) -> RoleGrant | None:
    """The role by which a person runs the clinic."""
    return db.session.scalar(
        sa.select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.clinic_id == clinic.id,
            RoleGrant.role == "facilitator",
            RoleGrant.ended_at.is_(None),
        )
    )


def known_facilitators(programme_ids: Iterable[int], but: int | None) -> list[tuple[int, str]]:
    """People who facilitate in these programmes now, by name: whom a new clinic can be given to."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == "facilitator",
            RoleGrant.ended_at.is_(None),
            RoleGrant.programme_id.in_(list(programme_ids)),
            Person.id != (but or 0),
        )
        .distinct()
        .order_by(Person.name, Person.id)
        .limit(60)
    )
    return [(key, name) for key, name in rows]
