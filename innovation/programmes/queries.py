"""Reading programmes, their lists, and the published workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from innovation.db import db
from innovation.entities import Kinds
from innovation.permission import Actor, NotThere
from innovation.programmes import policy
from innovation.programmes.models import Programme, Region, Theme, Topic, WorkflowVersion
from innovation.statements import ask, keep

if TYPE_CHECKING:
    from collections.abc import Iterable

WITH_VERSION = Kinds(Programme, WorkflowVersion)
NUMBERED = keep(
    sa.select(*WITH_VERSION.columns)
    .select_from(Programme)
    .join(WorkflowVersion, WorkflowVersion.id == Programme.workflow_version_id)
    .where(Programme.id == sa.bindparam("id"))
)
LISTS: dict[str, type[Theme] | type[Topic] | type[Region]] = {"themes": Theme, "topics": Topic, "regions": Region}


def list_programmes(actor: Actor) -> list[Programme]:
    """The programmes whose settings the person may see."""
    found = db.session.scalars(sa.select(Programme).order_by(Programme.name))
    return [programme for programme in found if policy.may_list_programmes.allows(actor, programme)]


def find_programme(actor: Actor, key: str) -> Programme:
    """The programme for its settings page, with its lists."""
    lists = (selectinload(Programme.themes), selectinload(Programme.topics), selectinload(Programme.regions))
    programme = db.session.scalar(sa.select(Programme).where(Programme.key == key).options(*lists))
    if programme is None or not policy.may_change_programme.allows(actor, programme):
        raise NotThere
    return programme


def programme_of(programme_id: int) -> Programme:
    """The programme of something that was found already, with the version of its process."""
    [(programme, version)] = WITH_VERSION.made(ask(NUMBERED, {"id": programme_id}))
    if "workflow_version" not in programme.__dict__:
        set_committed_value(programme, "workflow_version", version)
    return programme  # type: ignore[no-any-return]


def find_entry(programme: Programme, which: str, entry_id: int) -> Theme | Topic | Region:
    """One entry of a programme's themes, topics or regions."""
    if which not in LISTS:
        raise NotThere
    entry: Theme | Topic | Region | None = db.session.get(LISTS[which], entry_id)  # type: ignore[assignment]
    if entry is None or entry.programme_id != programme.id:
        raise NotThere
    return entry


def programmes_of(actor: Actor) -> list[Programme]:
    """The programmes in which a person works: those of their roles; every one for people without a role there."""
    ids = {grant.programme_id for grant in actor.grants if grant.programme_id is not None}
    query = sa.select(Programme).order_by(Programme.id)
    return list(db.session.scalars(query.where(Programme.id.in_(ids)) if ids else query))


def main_programme(actor: Actor) -> Programme | None:
    """The programme that a person's pages start from."""
    return next(iter(programmes_of(actor)), None)


def in_use(entries: Iterable[Theme | Topic | Region]) -> list[Theme | Topic | Region]:
    """The entries that have not been retired."""
    return [entry for entry in entries if entry.retired_at is None]


def list_versions() -> list[WorkflowVersion]:
    """Every published workflow, the newest of each first."""
    order = (WorkflowVersion.key, WorkflowVersion.number.desc())
    return list(db.session.scalars(sa.select(WorkflowVersion).order_by(*order)))


def find_version(actor: Actor, key: str, number: int) -> WorkflowVersion:
    version = db.session.scalar(sa.select(WorkflowVersion).filter_by(key=key, number=number))
    if version is None or not policy.may_see_workflow.allows(actor):
        raise NotThere
    return version


def find_version_by_id(actor: Actor, version_id: int) -> WorkflowVersion:
    version = db.session.get(WorkflowVersion, version_id)
    if version is None or not policy.may_see_workflow.allows(actor):
        raise NotThere
    return version


def version_before(version: WorkflowVersion) -> WorkflowVersion | None:
    """The version that this one came after."""
    older = sa.select(WorkflowVersion).where(
        WorkflowVersion.key == version.key, WorkflowVersion.number < version.number
    )
    return db.session.scalar(older.order_by(WorkflowVersion.number.desc()).limit(1))
