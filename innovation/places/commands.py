"""Changing the register of places: districts loaded, schools imported, groups of schools mapped."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, insert_into
from innovation.events import record
from innovation.permission import Actor
from innovation.places import policy, queries
from innovation.places.events import SchoolsImported, SchoolsMapped, TermKept
from innovation.places.models import District, DistrictAlias, Province, School, SchoolTerm
from innovation.places.names import PROVINCES
from innovation.places.register import Report, columns_of, read_school
from innovation.tables import Table
from workflows import Refused

DATA = Path(__file__).parent / "data"
BATCH = 500


@command(policy.may_import_schools)
def load_districts(actor: Actor) -> int:
    """Make provinces, districts with their older names, and school terms where they are missing; how many districts."""
    for code, name in PROVINCES.items():
        if db.session.get(Province, code) is None:
            db.session.add(Province(code=code, name=name))
    db.session.flush()
    have = {(d.province_code, d.name): d.id for d in db.session.scalars(sa.select(District))}
    for row in _rows("districts.csv"):
        key = (f"ZA-{row['province_code']}", row["district"])
        if key not in have:
            db.session.add(District(province_code=key[0], name=key[1]))
    db.session.flush()
    have = {(d.province_code, d.name): d.id for d in db.session.scalars(sa.select(District))}
    aliases = {(a.province_code, a.name) for a in db.session.scalars(sa.select(DistrictAlias))}
    for province, name, current, note in _aliases():
        if (province, name) not in aliases:
            district_id = have.get((province, current))
            db.session.add(DistrictAlias(province_code=province, name=name, district_id=district_id, note=note))
    _load_terms()
    return len(have)


def _load_terms() -> None:
    known = set(db.session.scalars(sa.select(SchoolTerm.key)))
    for row in _rows("school_terms.csv"):
        if row["term"] not in known:
            days = (dt.date.fromisoformat(row[day]) for day in ("starts_on", "ends_on"))
            db.session.add(SchoolTerm(key=row["term"], **dict(zip(("starts_on", "ends_on"), days, strict=True))))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _aliases() -> Iterator[tuple[str, str, str, str]]:
    """Each older name apart; one that the list itself marks as low in confidence has no district: people are asked."""
    for row in _rows("district_aliases.csv"):
        current = "" if row["note"].startswith("LOW") else row["current_district"]
        for name in row["legacy_or_alternate_name"].split(" / "):
            yield f"ZA-{row['province_code']}", name.strip(), current, row["note"][:200]


@command(policy.may_import_schools)
def import_schools(actor: Actor, table: Table, *, as_of: dt.date | None = None, register: str = "schools") -> Report:
    """Add and renew schools by EMIS number; those without a known district are kept with their old name."""
    report = Report()
    columns, districts = columns_of(table), queries.known_names()
    if not districts:
        raise Refused(("Load the districts first: gatehouse import districts.",))
    read = (read_school(row, columns, districts, report) for row in table.rows)
    for batch in _batches(values for values in read if values is not None):
        _renew(batch, as_of, report)
    record(actor, SchoolsImported(register, report.made, report.changed, sum(report.unmapped.values())))
    return report


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield list({row["emis"]: row for row in batch}.values())


def _renew(batch: list[dict[str, Any]], as_of: dt.date | None, report: Report) -> None:
    """Write what differs. A district that people chose is kept when the register still has none."""
    columns = [School.__table__.c[name] for name in batch[0]]
    numbers = [row["emis"] for row in batch]
    rows = db.session.execute(sa.select(*columns).where(School.emis.in_(numbers)))
    have = {row.emis: dict(row._mapping) for row in rows}
    changed = []
    for row in batch:
        before = have.get(row["emis"])
        if before is not None and row["district_id"] is None and before["old_district"] == row["old_district"]:
            row["district_id"] = before["district_id"]
        if before == row:
            report.unchanged += 1
        else:
            changed.append(row | {"as_of": as_of})
            report.made += before is None
            report.changed += before is not None
    if changed:
        statement = insert_into(School)
        renewed = {name: statement.excluded[name] for name in changed[0] if name != "emis"}
        db.session.execute(statement.on_conflict_do_update(index_elements=["emis"], set_=renewed), changed)


@command(policy.may_map_schools)
def map_schools(actor: Actor, district: District, *, province_code: str, old_district: str) -> int:
    """Give every school of the province under an old name its district, and remember the name; how many schools."""
    if district.province_code != province_code:
        raise Refused(("Choose a district of the same province.",))
    group = (School.province_code == province_code, School.old_district == old_district, School.district_id.is_(None))
    count = db.session.scalar(sa.select(sa.func.count()).where(*group)) or 0
    if not count:
        raise Refused(("These schools have a district already. Look at the list again.",))
    db.session.execute(sa.update(School).where(*group).values(district_id=district.id))
    if old_district:
        _remember(province_code, old_district, district)
    record(actor, SchoolsMapped(district.id, province_code, count))
    return count


def _remember(province_code: str, name: str, district: District) -> None:
    alias = db.session.scalar(sa.select(DistrictAlias).filter_by(province_code=province_code, name=name))
    if alias is None:
        alias = DistrictAlias(province_code=province_code, name=name)
        db.session.add(alias)
    alias.district_id, alias.note = district.id, "chosen for a group of schools"


@command(policy.may_keep_terms)
def keep_term(
    actor: Actor, _register: None, *, year: int, number: int, starts_on: dt.date, ends_on: dt.date
) -> SchoolTerm:
    """Write down a school term, or correct its days; two terms share no day."""
    key = f"{year}-{number}"
    if ends_on <= starts_on:
        raise Refused(("A term must end after it begins.",))
    if starts_on.year != year or ends_on.year != year:
        raise Refused(("A term lies within its year.",))
    if any(term.key != key for term in queries.list_terms(starts_on, ends_on)):
        raise Refused(("Another term has some of these days.",))
    term = db.session.get(SchoolTerm, key)
    if term is None:
        term = SchoolTerm(key=key)
        db.session.add(term)
    term.starts_on, term.ends_on = starts_on, ends_on
    record(actor, TermKept("terms", key))
    return term
