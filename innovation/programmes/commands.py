"""Making and changing programmes; publishing workflows."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.permission import Actor
from innovation.places.commands import load_districts
from innovation.places.models import Province
from innovation.places.names import PROVINCES
from innovation.programmes import definitions, notices, policy
from innovation.programmes.events import (
    ListChanged,
    ProgrammeChanged,
    ProgrammeMade,
    WorkflowChosen,
    WorkflowPublished,
)
from innovation.programmes.models import Programme, Region, Theme, Topic, WorkflowVersion
from innovation.programmes.queries import LISTS
from workflows import Refused


@command(policy.may_publish_workflow)
def publish_workflow(actor: Actor, text: str) -> WorkflowVersion:
    """Keep a definition for good under the next number; the same content again gives the version there is."""
    return keep_version(actor, text)


def keep_version(actor: Actor, text: str) -> WorkflowVersion:
    """Publish a text as part of a command; ``DefinitionFault`` names its faults."""
    definition = definitions.checked(text)
    found = db.session.scalar(sa.select(WorkflowVersion).filter_by(checksum=definition.checksum))
    if found is not None:
        return found
    last = db.session.scalar(sa.select(sa.func.max(WorkflowVersion.number)).filter_by(key=definition.key)) or 0
    version = WorkflowVersion(
        key=definition.key,
        number=last + 1,
        name=definition.name,
        checksum=definition.checksum,
        text=text,
        published_by_id=actor.person_id,
    )
    db.session.add(version)
    db.session.flush()
    record(actor, WorkflowPublished(version.id, version.key, version.number, version.checksum))
    return version


@command(policy.may_make_programme)
def make_programme(
    actor: Actor, _nothing: None = None, *, key: str, name: str, workflow_version: WorkflowVersion, **settings: Any
) -> Programme:
    """A programme whose new ideas travel under a published workflow."""
    if db.session.scalar(sa.select(Programme.id).filter_by(key=key)):
        raise Refused((f"There is a programme with the key {key} already. Choose another key.",))
    if (db.session.scalar(sa.select(sa.func.count()).select_from(Province)) or 0) < len(PROVINCES):
        load_districts(actor)
    programme = Programme(key=key, name=name, workflow_version_id=workflow_version.id, **settings)
    db.session.add(programme)
    db.session.flush()
    record(actor, ProgrammeMade(programme.id, workflow_version.id))
    return programme


@command(policy.may_make_programme)
def found_programme(
    actor: Actor, _nothing: None = None, *, key: str, name: str, workflow_version_id: int, provinces: bool
) -> Programme:
    """Make a programme by the id of its workflow, with the provinces as its regions when that is asked for."""
    version = db.session.get(WorkflowVersion, workflow_version_id)
    if version is None:
        raise Refused(("Choose one of the published workflows.",))
    programme = make_programme(actor, None, key=key, name=name, workflow_version=version)
    for code, province in PROVINCES.items() if provinces else ():
        prefix = code.removeprefix("ZA-")
        add_entry(actor, programme, which="regions", name=province, prefix=prefix, province_code=code)
    return programme


@command(policy.may_change_programme)
def change_programme(
    actor: Actor, programme: Programme, *, name: str, notice: str, responsible_party: str, country: str | None = None
) -> Programme:
    """Change the settings; a changed notice gets a new version, because people agreed to the one they saw."""
    values = {"name": name, "notice": notice, "responsible_party": responsible_party}
    if country is not None:
        values["country"] = country
    changed = tuple(key for key, value in values.items() if getattr(programme, key) != value)
    if "notice" in changed:  # without one, the usual words were shown
        notices.keep_text(programme)
        programme.notice_version += 1
    for key in changed:
        setattr(programme, key, values[key])
    if changed:
        record(actor, ProgrammeChanged(programme.id, changed, programme.notice_version))
    return programme


@command(policy.may_choose_workflow)
def choose_workflow(actor: Actor, programme: Programme, *, workflow_version_id: int) -> Programme:
    """Let new ideas travel under another published version; ideas under way stay with theirs."""
    version = db.session.get(WorkflowVersion, workflow_version_id)
    if version is None:
        raise Refused(("Choose one of the published workflows.",))
    if programme.workflow_version_id != version.id:
        programme.workflow_version = version
        record(actor, WorkflowChosen(programme.id, version.id))
    return programme


@command(policy.may_change_programme)
def add_entry(
    actor: Actor, programme: Programme, *, which: str, name: str, prefix: str = "", province_code: str | None = None
) -> Theme | Topic | Region:
    """Add a theme, a topic or a region; its key is made from its name once and never changes."""
    entry: Theme | Topic | Region
    if which == "regions":
        prefix = prefix.upper()
        _refuse_double(Region, programme, prefix=prefix)
        entry = Region(programme_id=programme.id, prefix=prefix, name=name, province_code=province_code or None)
    else:
        model = Theme if which == "themes" else Topic
        key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or which
        _refuse_double(model, programme, key=key)
        last = db.session.scalar(sa.select(sa.func.max(model.position)).filter_by(programme_id=programme.id)) or 0
        entry = model(programme_id=programme.id, key=key, name=name, position=last + 1)
    db.session.add(entry)
    db.session.flush()
    record(actor, ListChanged(programme.id, which, entry.id, "added"))
    return entry


def _refuse_double(model: type[Any], programme: Programme, **by: str) -> None:
    if db.session.scalar(sa.select(model.id).filter_by(programme_id=programme.id, **by)):
        raise Refused(
            (f"There is one called {next(iter(by.values()))} already. Bring it back or choose another name.",)
        )


@command(policy.may_change_programme)
def change_entry(
    actor: Actor, programme: Programme, *, which: str, entry: Theme | Topic | Region, change: str, name: str = ""
) -> Theme | Topic | Region:
    """Rename an entry, move it up, retire it (it stays on the ideas that have it) or bring it back."""
    if change == "rename" and name:
        entry.name = name
    elif change == "retire":
        entry.retired_at = now()
    elif change == "restore":
        entry.retired_at = None
    elif change == "up" and not isinstance(entry, Region):
        _move_up(programme, which, entry)
    else:
        raise Refused(("Choose what to change.",))
    record(actor, ListChanged(programme.id, which, entry.id, change))
    return entry


def _move_up(programme: Programme, which: str, entry: Theme | Topic) -> None:
    model: Any = LISTS[which]
    entries = list(db.session.scalars(sa.select(model).filter_by(programme_id=programme.id).order_by(model.position)))
    here = entries.index(entry)
    if here:
        entries[here - 1], entries[here] = entries[here], entries[here - 1]
    for position, item in enumerate(entries, 1):
        item.position = position
