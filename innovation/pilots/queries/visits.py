"""Reading visits to the sites of a pilot: their list, one of them, and how faithfully the pilot is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.accounts.models import Account, Person
from innovation.accounts.queries import digest
from innovation.db import Page, db, now, paginate
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.fidelity import DIMENSIONS, mean_of
from innovation.pilots.places import NAME, named_sites, told_apart
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.queries.readings import like_words
from innovation.pilots.visit_models import PilotVisit, VisitPhone
from innovation.places.models import School
from innovation.values import dataclass

ON_PAGE = 20
MOST_EXPORTED = 20_000
MOST_LISTED = 200  # sites that a list to choose from can have
MOST_DRAWN = 12  # sites in one figure
MOST_DOTS = 40  # visits of each of them
MOST_NAMED = 20
LONGEST = dt.timedelta(days=90)  # for which a phone that took a pilot along may send


def last_number(pilot: Pilot, model: Any) -> int:
    """The highest number that something of the pilot has; nought where there is none yet."""
    return db.session.scalar(sa.select(sa.func.max(model.number)).where(model.pilot_id == pilot.id)) or 0


def reference_of(visit: PilotVisit) -> str:
    """What a visit is called: the idea's reference and its own number."""
    return f"{visit.pilot.idea.reference}-V{visit.number}"


# Sites


class Visitable(NamedTuple):
    """A site as it can be chosen."""

    id: int
    place: str
    name: str
    left_on: dt.date | None


def list_visitable(pilot: Pilot) -> list[Visitable] | None:
    """All sites by name, those that have left among them; None where they are too many to choose from."""
    query = sa.select(PilotSite.id, PilotSite.place, NAME, PilotSite.left_on)
    query = query.outerjoin(School, School.emis == PilotSite.emis).where(PilotSite.pilot_id == pilot.id)
    rows = db.session.execute(query.order_by(NAME, PilotSite.id).limit(MOST_LISTED + 1)).all()
    return [Visitable(*row) for row in rows] if len(rows) <= MOST_LISTED else None


def name_of_site(site_id: int) -> str:
    query = sa.select(NAME).select_from(PilotSite).outerjoin(School, School.emis == PilotSite.emis)
    return str(db.session.scalar(query.where(PilotSite.id == site_id)))


def has_site(pilot: Pilot, site_id: int) -> bool:
    return db.session.scalar(sa.select(PilotSite.id).filter_by(pilot_id=pilot.id, id=site_id)) is not None


def list_sites_called(pilot: Pilot, text: str) -> list[int]:
    """The sites with this number or name; two at most, as nobody can choose from more."""
    query = sa.select(PilotSite.id).outerjoin(School, School.emis == PilotSite.emis)
    named = sa.or_(PilotSite.place == text, sa.func.lower(NAME.element) == text.lower())
    return list(db.session.scalars(query.where(PilotSite.pilot_id == pilot.id, named).limit(2)))


# Visits


def list_visits(pilot: Pilot, *, text: str = "", page: int = 1, size: int = ON_PAGE) -> Page[Any]:
    """Visits with the names of their sites and visitors, the latest first; ``text`` is part of a site's number or
    name."""
    columns: tuple[Any, ...] = (PilotVisit, NAME, Person.name.label("visitor"))
    query = sa.select(*columns)
    query = query.join(PilotSite, PilotSite.id == PilotVisit.site_id)
    query = query.outerjoin(School, School.emis == PilotSite.emis)
    query = query.outerjoin(Person, Person.id == PilotVisit.visited_by_id)
    query = like_words(query.where(PilotVisit.pilot_id == pilot.id), text, NAME.element, PilotSite.place)
    query = query.options(joinedload(PilotVisit.site))
    order = (PilotVisit.visited_on.desc(), PilotVisit.id.desc())
    return paginate(query.order_by(*order), page=page, size=size, scalars=False)


class Told(NamedTuple):
    """A visit with the name of its site."""

    visit: PilotVisit
    site: str


def find_visit(actor: Actor, pilot: Pilot, number: int) -> Told:
    """One visit of the pilot with its corrections, for whoever may see the pilot."""
    columns: tuple[Any, ...] = (PilotVisit, NAME)
    query = sa.select(*columns).join(PilotVisit.site)
    query = query.outerjoin(School, School.emis == PilotSite.emis)
    query = query.where(PilotVisit.pilot_id == pilot.id, PilotVisit.number == number)
    loads = (joinedload(PilotVisit.site), joinedload(PilotVisit.visited_by), selectinload(PilotVisit.corrections))
    row = db.session.execute(query.options(*loads)).first()
    if row is None or not policy.may_see_pilot.allows(actor, pilot):
        raise NotThere
    return Told(*row)


def visit_numbered(pilot: Pilot, number: int) -> PilotVisit | None:
    query = sa.select(PilotVisit).where(PilotVisit.pilot_id == pilot.id, PilotVisit.number == number)
    return db.session.scalar(query.options(joinedload(PilotVisit.site)))


# Fidelity


@dataclass(frozen=True)
class Coverage:
    """How many visits there were, and at how many of the sites where the pilot is done."""

    visits: int
    visited: int
    sites: int
    not_visited: tuple[str, ...]
    """The first of those that nobody has visited, by name."""


def read_coverage(pilot: Pilot) -> Coverage:
    done = (PilotSite.pilot_id == pilot.id, ~PilotSite.is_comparison, PilotSite.left_on.is_(None))
    was = sa.exists().where(PilotVisit.site_id == PilotSite.id)
    visits = sa.select(sa.func.count()).where(PilotVisit.pilot_id == pilot.id).scalar_subquery()
    counts = sa.select(visits, sa.func.count().filter(was), sa.func.count()).where(*done)
    number, visited, sites = db.session.execute(counts).one()
    missing = db.session.execute(named_sites().where(*done, ~was).order_by(NAME, PilotSite.id).limit(MOST_NAMED))
    return Coverage(number, visited, sites, tuple(told_apart(missing).values()))


class Seen(NamedTuple):
    """A dimension over all visits to sites where the pilot is done."""

    dimension: str
    visits: int
    mean: float | None
    lowest: int | None
    highest: int | None


def read_dimensions(pilot: Pilot) -> list[Seen]:
    """Each dimension, in as many questions for a thousand visits as for one."""
    figures = [
        figure(getattr(PilotVisit, name))
        for name in DIMENSIONS
        for figure in (sa.func.count, sa.func.avg, sa.func.min, sa.func.max)
    ]
    query = sa.select(*figures).join(PilotSite, PilotSite.id == PilotVisit.site_id)
    row = tuple(db.session.execute(query.where(PilotVisit.pilot_id == pilot.id, ~PilotSite.is_comparison)).one())
    parts = zip(DIMENSIONS, (row[at : at + 4] for at in range(0, len(row), 4)), strict=True)
    return [
        Seen(name, count, float(mean) if mean is not None else None, low, high)
        for name, (count, mean, low, high) in parts
    ]


class Point(NamedTuple):
    """A visit at which something was seen of the dimensions."""

    number: int
    day: dt.date
    mean: float
    marks: tuple[int | None, ...]


class SiteCourse(NamedTuple):
    """What the visits to a site came to, the oldest first."""

    site_id: int
    place: str
    name: str
    points: tuple[Point, ...]


def list_courses(pilot: Pilot, *, text: str = "") -> list[SiteCourse]:
    """Fidelity over time of the sites that were visited last, by name; ``text`` as in the list."""
    marks = [getattr(PilotVisit, name) for name in DIMENSIONS]
    seen = sa.or_(*(mark.is_not(None) for mark in marks))
    columns: tuple[Any, ...] = (PilotVisit.site_id, PilotSite.place, NAME, PilotVisit.number, PilotVisit.visited_on)
    query = sa.select(*columns, *marks).join(PilotSite, PilotSite.id == PilotVisit.site_id)
    query = query.outerjoin(School, School.emis == PilotSite.emis)
    query = query.where(PilotVisit.pilot_id == pilot.id, seen, ~PilotSite.is_comparison)
    query = like_words(query, text, NAME.element, PilotSite.place)
    last = query.with_only_columns(PilotVisit.site_id).group_by(PilotVisit.site_id)
    last = last.order_by(sa.func.max(PilotVisit.visited_on).desc(), PilotVisit.site_id).limit(MOST_DRAWN)
    ids = list(db.session.scalars(last))
    latest = query.where(PilotVisit.site_id.in_(ids)).order_by(PilotVisit.visited_on.desc(), PilotVisit.id.desc())
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(latest.limit(MOST_DRAWN * MOST_DOTS)):
        found.setdefault(row[0], []).append(row)
    courses = [
        SiteCourse(site, rows[0][1], rows[0][2], tuple(map(_point, reversed(rows)))) for site, rows in found.items()
    ]
    return sorted(courses, key=lambda course: (course.name.casefold(), course.site_id))


def _point(row: Sequence[Any]) -> Point:
    marks = tuple(row[5:])
    return Point(row[3], row[4], mean_of(marks) or 0.0, marks)


# Phones


def list_phones(pilot: Pilot) -> list[VisitPhone]:
    """The phones that hold the pilot and may still send, the last heard of first."""
    query = (
        sa.select(VisitPhone).where(VisitPhone.pilot_id == pilot.id, _sends()).options(joinedload(VisitPhone.person))
    )
    return list(db.session.scalars(query.order_by(VisitPhone.seen_at.desc(), VisitPhone.id.desc()).limit(200)))


def has_phones(person_id: int) -> bool:
    """Does a phone hold any pilot in this person's name, and may it still send?"""
    return bool(db.session.scalar(sa.select(sa.exists().where(VisitPhone.person_id == person_id, _sends()))))


def _sends() -> sa.ColumnElement[bool]:
    return sa.and_(VisitPhone.revoked_at.is_(None), VisitPhone.taken_at > now() - LONGEST)


def find_phone_of(pilot: Pilot, phone_id: int) -> VisitPhone:
    found = db.session.get(VisitPhone, phone_id)
    if found is None or found.pilot_id != pilot.id:
        raise NotThere
    return found


def find_phone(token: str) -> VisitPhone | None:
    """The phone that holds the token, as long as it may send and whoever took it along may sign in."""
    query = sa.select(VisitPhone).join(Account, Account.person_id == VisitPhone.person_id)
    query = query.where(VisitPhone.token_digest == digest(token), _sends(), Account.disabled_at.is_(None))
    return db.session.scalars(query.options(joinedload(VisitPhone.pilot), joinedload(VisitPhone.person))).first()
