"""Reading places: choices for forms, the school picker, and what still waits for a district."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, raiseload

from innovation.db import Page, db, paginate, whole_number
from innovation.permission import Actor, NotThere
from innovation.places import policy
from innovation.places.models import District, DistrictAlias, Province, School, SchoolTerm
from innovation.places.names import fold
from innovation.values import dataclass

FEWEST_LETTERS = 3
MOST_OPTIONS = 20
MOST_ASKED = 500  # of which a database is asked at once
SORTS = {
    "name": (School.name, School.emis),
    "emis": (School.emis,),
    "learners": (School.learners.desc(), School.emis),
    "quintile": (School.quintile, School.name, School.emis),
}


def list_provinces() -> list[Province]:
    return list(db.session.scalars(sa.select(Province).order_by(Province.name)))


def list_districts(province_code: str | None = None) -> list[District]:
    """The districts of today, of one province or all, by province and name."""
    query = sa.select(District).options(joinedload(District.province)).where(District.valid_to.is_(None))
    if province_code:
        query = query.where(District.province_code == province_code)
    return list(db.session.scalars(query.order_by(District.province_code, District.name)))


def list_terms(start: dt.date | None = None, end: dt.date | None = None) -> list[SchoolTerm]:
    """The school terms that touch these days, in order; an end left open is open."""
    query = sa.select(SchoolTerm).order_by(SchoolTerm.key)
    if start:
        query = query.where(SchoolTerm.ends_on >= start)
    if end:
        query = query.where(SchoolTerm.starts_on <= end)
    return list(db.session.scalars(query))


def by_province(districts: Iterable[District]) -> list[tuple[str, list[int]]]:
    """The ids of the districts under the name of each province, in its order."""
    groups: dict[str, list[int]] = {}
    for district in districts:
        groups.setdefault(district.province.name, []).append(district.id)
    return sorted(groups.items())


def district_choices() -> list[tuple[str, str]]:
    """Pairs of id and name with province, for a select."""
    named = sa.select(District.id, District.name, Province.name).join(District.province)
    rows = db.session.execute(named.where(District.valid_to.is_(None)).order_by(District.province_code, District.name))
    return [(str(district_id), f"{name}, {province}") for district_id, name, province in rows]


def known_names() -> dict[tuple[str, str], int]:
    """The district for each province code and folded name, aliases included where they have exactly one."""
    names = {(a.province_code, fold(a.name)): a.district_id for a in db.session.scalars(sa.select(DistrictAlias))}
    for district in db.session.scalars(sa.select(District)):
        names[district.province_code, fold(district.name)] = district.id
    return {key: district_id for key, district_id in names.items() if district_id is not None}


def known_schools(numbers: Iterable[str]) -> set[str]:
    """Those of the EMIS numbers that a school has."""
    asked, known = sorted(numbers), set[str]()
    for start in range(0, len(asked), MOST_ASKED):
        some = School.emis.in_(asked[start : start + MOST_ASKED])
        known |= set(db.session.scalars(sa.select(School.emis).where(some)))
    return known


def search_schools(text: str, province_code: str | None = None) -> list[School]:
    """At most twenty schools whose name, number or places, old ones too, hold every word; from three letters on."""
    words = fold(text).split()
    if len("".join(words)) < FEWEST_LETTERS:
        return []
    query = sa.select(School).options(joinedload(School.district), raiseload("*"))
    query = query.where(*_hold_every(words))
    if province_code:
        query = query.where(School.province_code == province_code)
    begins = School.search_text.startswith(words[0], autoescape=True)
    return list(db.session.scalars(query.order_by(begins.desc(), School.name, School.emis).limit(MOST_OPTIONS)))


def _hold_every(words: list[str]) -> list[sa.ColumnElement[bool]]:
    """The conditions that a school, or its district of today, has each word in its names."""
    if not words:
        return []
    districts = [(row.id, fold(row.name)) for row in db.session.execute(sa.select(District.id, District.name))]
    found = []
    for word in words:
        within = [key for key, name in districts if word in name]
        said = School.search_text.contains(word, autoescape=True)
        found.append(sa.or_(said, School.district_id.in_(within)) if within else said)
    return found


def find_school(emis: str) -> School | None:
    return db.session.get(School, emis.strip())


@dataclass(frozen=True)
class SchoolFilter:
    text: str = ""
    province: str = ""
    district: str = ""
    quintile: str = ""
    sort: str = "name"


def schools_query(actor: Actor, by: SchoolFilter) -> sa.Select[Any]:
    """The schools that a filter lets through; district ``none`` are those still without one."""
    if not policy.may_list_schools.allows(actor):
        raise NotThere
    query = sa.select(School).options(joinedload(School.district), joinedload(School.province), raiseload("*"))
    query = query.where(*_hold_every(fold(by.text).split()))
    if by.province:
        query = query.where(School.province_code == by.province)
    if by.district == "none":
        query = query.where(School.district_id.is_(None))
    elif (district_id := whole_number(by.district)) is not None:
        query = query.where(School.district_id == district_id)
    if (quintile := whole_number(by.quintile)) is not None:
        query = query.where(School.quintile == quintile)
    return query.order_by(*SORTS.get(by.sort, SORTS["name"]))


def list_schools(actor: Actor, by: SchoolFilter, *, page: int = 1) -> Page[School]:
    return paginate(schools_query(actor, by), page=page)


@dataclass(frozen=True)
class Unmapped:
    """Schools of one province under one old name that have no district yet."""

    province_code: str
    province: str
    old_district: str
    count: int


def list_unmapped(actor: Actor) -> list[Unmapped]:
    """What still waits for a district, the largest groups first."""
    if not policy.may_map_schools.allows(actor):
        raise NotThere
    count = sa.func.count().label("n")
    rows = db.session.execute(
        sa.select(School.province_code, Province.name, School.old_district, count)
        .join(Province, Province.code == School.province_code)
        .where(School.district_id.is_(None))
        .group_by(School.province_code, Province.name, School.old_district)
        .order_by(count.desc(), School.province_code, School.old_district)
        .limit(200)
    )
    return [Unmapped(*row) for row in rows]


def where(school: School) -> str:
    """The school's district, or what its register said where no district is known."""
    if school.district:
        return school.district.name
    return " · ".join(part.title() for part in (school.old_district, school.municipality) if part)
