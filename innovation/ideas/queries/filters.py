"""What a list of ideas is narrowed to, as conditions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from innovation.ideas.models import Idea
from innovation.ideas.queries.reach import named
from innovation.permission import Actor
from innovation.programmes.models import Region, Theme, Topic
from innovation.statements import ago
from innovation.values import dataclass
from workflows import UNDER_WAY


@dataclass(frozen=True)
class Filters:
    """What a list of ideas is narrowed to; empty values narrow nothing. ``standing`` "any" takes every standing."""

    programme: int | None = None
    place: str = ""
    standing: str = ""
    clinic: int | None = None
    theme: str = ""
    topic: str = ""
    district: int | None = None
    region: str = ""
    waiting: int | None = None
    owner: str = ""
    q: str = ""

    def without(self, name: str) -> Filters:
        """The same filters but for one."""
        values: dict[str, Any] = {name: getattr(Filters(), name)}
        return replace(self, **values)


def conditions(actor: Actor, filters: Filters, leading: Collection[str] = ()) -> list[sa.ColumnElement[bool]]:
    """The filters, but for the words, as conditions on ``Idea``; an index answers the ``leading`` ones."""
    return [*_about_its_place(filters, leading), *_about_its_subject(filters, leading), *_of_few(actor, filters)]


def _about_its_place(by: Filters, leading: Collection[str]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if by.programme is not None:
        found.append(named(Idea.programme_id, "programme", leading) == by.programme)
    if by.place:
        found.append(named(Idea.place, "place", leading) == by.place)
    standing = named(Idea.standing, "standing", leading)
    if by.standing:
        found += [] if by.standing == "any" else [standing == by.standing]
    elif by.place or by.waiting:
        found.append(standing.in_(UNDER_WAY))
    if by.waiting:
        found.append(named(Idea.place_since, "waiting", leading) < ago(days=by.waiting))
    return found


def _about_its_subject(by: Filters, leading: Collection[str]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if by.theme:
        column = named(Idea.theme_id, "theme", leading)
        found.append(_called(column, Theme, Theme.key == by.theme, by.programme))
    if by.topic:
        column = named(Idea.topic_id, "topic", leading)
        found.append(_called(column, Topic, Topic.key == by.topic, by.programme))
    if by.district is not None:
        found.append(named(Idea.district_id, "district", leading) == by.district)
    if by.region:
        column = named(Idea.region_id, "region", leading)
        found.append(_called(column, Region, Region.prefix == by.region, by.programme))
    return found


def _of_few(actor: Actor, by: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if by.clinic is not None:
        found.append(Idea.clinic_id == by.clinic)
    if by.owner == "me":
        found.append(Idea.owner_id == actor.person_id)
    return found


def _called(column: Any, model: Any, condition: sa.ColumnElement[bool], programme: int | None) -> Any:
    """The column holds the id of the one thing of a programme that meets a condition, or of one of any programme."""
    ids = sa.select(model.id).where(condition)
    if programme is None:
        return column.in_(ids)
    return column == ids.where(model.programme_id == programme).scalar_subquery()
