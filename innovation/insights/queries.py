"""Reading whom innovations reach: the stays in one statement, and the names of what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from heapq import nlargest
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.ideas.queries import visible
from innovation.insights.presence import pieces, stays
from innovation.insights.reach import Cell
from innovation.permission import Actor
from innovation.places.models import District, Province, School
from innovation.programmes import definitions
from innovation.programmes.models import Programme, Theme, WorkflowVersion
from innovation.values import dataclass

KINDS = ("pilot", "rollout", "system")


@dataclass(frozen=True)
class Narrowed:
    """What the figures are narrowed to; empty values narrow nothing. ``since`` and ``until`` are the days of a term."""

    programme: int | None = None
    kind: str = ""
    theme: str = ""
    province: str = ""
    idea_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class Row(NamedTuple):
    """A line of a table: whose it is, what more to say of it, and what was counted."""

    name: str
    more: str
    cell: Cell


class Found(NamedTuple):
    """What is reached: by province (its code) and district, by stage, and by the innovations at the most places (with
    their references). Without a province a place is no school of the register; without a name a district is not known.
    """

    provinces: dict[str, Cell]
    districts: list[Row]
    stages: dict[str, Cell]
    innovations: list[Row]


def find_reach(actor: Actor, by: Narrowed, most: int = 20) -> Found:
    """Whom the ideas reach that the person may see: a row for each pilot and rollout, counted by each in turn."""
    from innovation.insights.counting import Piece, count

    piece = pieces()
    stage = sa.case((_is_of_the_system(), sa.literal("system")), else_=piece.c.kind)
    query = sa.select(piece.c.idea_id, stage, piece.c.since, piece.c.until, piece.c.only_begun, piece.c.content)
    query = query.join(Idea, Idea.id == piece.c.idea_id).where(*_asked(actor, by, piece))
    found = (Piece(*row) for row in db.session.execute(query))
    counted = count(found, since=by.since, until=by.until, province=by.province)
    return Found(
        provinces=counted.provinces,
        districts=_districts(counted.districts),
        stages=counted.stages,
        innovations=_innovations(dict(nlargest(most, counted.ideas.items(), key=lambda item: item[1].places))),
    )


def _districts(cells: Mapping[tuple[str, int | None], Cell]) -> list[Row]:
    """The one with the most places first."""
    ids = [district for _province, district in cells if district]
    names = dict(db.session.execute(sa.select(District.id, District.name).where(District.id.in_(ids))).all())
    found = [Row(names.get(district or 0, ""), province, cell) for (province, district), cell in cells.items()]
    return sorted(found, key=lambda row: (-row.cell.places, row.name, row.more))


def _innovations(cells: Mapping[int, Cell]) -> list[Row]:
    query = sa.select(Idea.id, Idea.title, Idea.reference).where(Idea.id.in_(list(cells)))
    found = [Row(title, reference, cells[idea]) for idea, title, reference in db.session.execute(query)]
    return sorted(found, key=lambda row: (-row.cell.places, row.more))


def list_schools(actor: Actor, by: Narrowed, most: int) -> list[sa.Row[*tuple[Any, ...]]]:
    """The places themselves: number or name, school where it is one, district and province, and the numbers said."""
    stay = stays()
    said = (sa.func.max(stay.c.learners).label("learners"), sa.func.max(stay.c.teachers).label("teachers"))
    at = sa.select(_place(stay).label("place"), sa.func.min(stay.c.place).label("said"), *said)
    at = at.join(Idea, Idea.id == stay.c.idea_id).where(*_asked(actor, by, stay), *_there(by, stay))
    place = at.group_by(_place(stay)).subquery()
    query = sa.select(place.c.said, School.name, School.quintile, School.urban_rural)
    query = query.add_columns(District.name, Province.name, place.c.learners, place.c.teachers).select_from(place)
    query = query.outerjoin(School, School.emis == place.c.place)
    query = query.outerjoin(District, District.id == School.district_id)
    query = query.outerjoin(Province, Province.code == School.province_code)
    return list(db.session.execute(query.order_by(Province.name, District.name, place.c.place).limit(most)))


def _asked(actor: Actor, by: Narrowed, stay: sa.Subquery) -> list[sa.ColumnElement[bool]]:
    """What is asked of ``Idea`` and of the kind of the stays or pieces that are joined to it."""
    asked: list[sa.ColumnElement[bool]] = [visible(actor)]
    if by.programme is not None:
        asked.append(Idea.programme_id == by.programme)
    if by.idea_id is not None:
        asked.append(Idea.id == by.idea_id)
    if by.theme:
        asked.append(Idea.theme_id.in_(sa.select(Theme.id).where(Theme.key == by.theme)))
    if by.kind == "system":
        asked.append(_is_of_the_system())
    elif by.kind:
        asked += [stay.c.kind == by.kind, ~_is_of_the_system()]
    return asked


def _there(by: Narrowed, stay: sa.Subquery) -> list[sa.ColumnElement[bool]]:
    """When and in which province; pieces are asked for this where they are counted."""
    asked: list[sa.ColumnElement[bool]] = []
    if by.until is not None:
        asked.append(sa.or_(stay.c.since.is_(None), stay.c.since <= by.until))
    if by.since is not None:
        asked.append(sa.or_(stay.c.until.is_(None), stay.c.until >= by.since))
    if by.province:
        asked.append(stay.c.emis.in_(sa.select(School.emis).where(School.province_code == by.province)))
    return asked


def _place(stay: sa.Subquery) -> sa.ColumnElement[str]:
    """What tells one place from another: its number in the register, or its name however it is written."""
    return sa.func.coalesce(stay.c.emis, sa.func.lower(stay.c.place))


def _is_of_the_system() -> sa.ColumnElement[bool]:
    """Whether an idea has come to the last place of its way, where it is part of how things are done."""
    ends: dict[str, list[int]] = {}
    for version_id, checksum in db.session.execute(sa.select(WorkflowVersion.id, WorkflowVersion.checksum)):
        ends.setdefault(definitions.of(checksum).stages[-1].key, []).append(version_id)
    ways = (sa.and_(Idea.place == key, Idea.workflow_version_id.in_(ids)) for key, ids in ends.items())
    return sa.or_(sa.false(), *ways)


def choices(actor: Actor) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:
    """Programmes in which the person manages or coordinates, and the themes that these have."""
    grants = actor.scopes("manager", "coordinator")
    within = {grant.programme_id for grant in grants}
    query = sa.select(Programme.id, Programme.name).order_by(Programme.name)
    if None not in within and not actor.is_system:
        query = query.where(Programme.id.in_(within))
    programmes = [(found, name) for found, name in db.session.execute(query)]
    themes = sa.select(Theme.key, sa.func.min(Theme.name)).where(Theme.programme_id.in_([p for p, _n in programmes]))
    found = db.session.execute(themes.group_by(Theme.key).order_by(sa.func.min(Theme.name)))
    return programmes, [(key, name) for key, name in found]
