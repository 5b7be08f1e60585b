"""Reading one's own register of interests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from innovation.accounts.models import Person, RegisteredInterest
from innovation.accounts.queries.people import SCHOOL
from innovation.db import db
from innovation.permission import Actor, NotThere
from innovation.values import dataclass

DISTRICT = sa.table("district", sa.column("id", sa.Integer()), sa.column("name", sa.String()))


@dataclass(frozen=True)
class RegisterEntry:
    """An entry with the name of its school or district."""

    row: RegisteredInterest
    name: str

    def is_past(self, day: dt.date) -> bool:
        return self.row.until is not None and self.row.until < day


def list_interests(person: Person) -> list[RegisterEntry]:
    """The register as it stands: the newest row of each entry."""
    replaced = _of(person.id, RegisteredInterest.replaces_id).where(RegisteredInterest.replaces_id.is_not(None))
    return _named(RegisteredInterest.person_id == person.id, RegisteredInterest.id.not_in(replaced))


def find_interest(actor: Actor, entry_id: int) -> RegisterEntry:
    """An entry of one's own register as it stands; ``NotThere`` for a row that another has replaced."""
    replaced = sa.exists().where(RegisteredInterest.replaces_id == entry_id)
    mine = RegisteredInterest.person_id == actor.person_id
    found = _named(RegisteredInterest.id == entry_id, mine, ~replaced)
    if not found:
        raise NotThere
    return found[0]


def list_earlier(entry: RegisteredInterest) -> list[RegisterEntry]:
    """The rows that this one has replaced, newest first."""
    rows = {each.row.id: each for each in _named(RegisteredInterest.person_id == entry.person_id)}
    earlier, at = [], entry.replaces_id
    while at is not None:
        earlier.append(rows[at])
        at = rows[at].row.replaces_id
    return earlier


def _of(person_id: int, column: Any) -> sa.Select[Any]:
    return sa.select(column).where(RegisteredInterest.person_id == person_id)


def _named(*narrow: sa.ColumnElement[bool]) -> list[RegisterEntry]:
    query = (
        sa.select(RegisteredInterest, SCHOOL.c.name, DISTRICT.c.name)
        .outerjoin(SCHOOL, SCHOOL.c.emis == RegisteredInterest.school_emis)
        .outerjoin(DISTRICT, DISTRICT.c.id == RegisteredInterest.district_id)
        .where(*narrow)
        .order_by(RegisteredInterest.id)
    )
    return [
        RegisterEntry(row, ", ".join(part for part in (row.relative, school or row.organisation, district) if part))
        for row, school, district in db.session.execute(query)
    ]


def list_district_names() -> list[tuple[int, str]]:
    """Every district by name, to choose from."""
    query = sa.select(DISTRICT.c.id, DISTRICT.c.name).order_by(DISTRICT.c.name)
    return [(district_id, name) for district_id, name in db.session.execute(query)]


def is_district(district_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(DISTRICT.c.id == district_id))))
