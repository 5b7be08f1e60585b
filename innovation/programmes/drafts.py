"""Writing a new version of a workflow: begun from a version or a file, changed page by page, published, or dropped."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.accounts.models import Person
from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.permission import Actor, NotThere
from innovation.programmes import policy, writing
from innovation.programmes.commands import keep_version
from innovation.programmes.events import DraftBegun, DraftDiscarded, DraftPublished, DraftSaved
from innovation.programmes.models import Programme, WorkflowDraft, WorkflowVersion
from innovation.programmes.sheets import sheet_of
from workflows import DefinitionFault, Refused, drafting
from workflows.drafting import Content

CLOSED = "This draft is closed: it was published, or thrown away. Begin another one."
LONGEST = 300_000  # a definition has some fifty thousand letters
MOST = 60  # rows in one list: nobody weighs more, and a page has to hold them


# Reading


def find_draft(actor: Actor, draft_id: int) -> WorkflowDraft:
    """A draft that the person may write on, or could while it was open; ``NotThere`` for anybody else's."""
    draft = db.session.get(WorkflowDraft, draft_id, options=[joinedload(WorkflowDraft.programme)])
    if draft is None or not policy.may_edit_draft.allows(actor, draft):
        raise NotThere
    return draft


def find_open_draft(actor: Actor, draft_id: int) -> WorkflowDraft:
    draft = find_draft(actor, draft_id)
    if not draft.is_open:
        raise NotThere
    return draft


def list_drafts(programme: Programme) -> list[WorkflowDraft]:
    """The open drafts of a programme, the one saved last first."""
    mine = sa.select(WorkflowDraft).where(
        WorkflowDraft.programme_id == programme.id,
        WorkflowDraft.published_id.is_(None),
        WorkflowDraft.discarded_at.is_(None),
    )
    light = mine.options(sa.orm.defer(WorkflowDraft.content), joinedload(WorkflowDraft.based_on))
    return list(db.session.scalars(light.order_by(WorkflowDraft.saved_at.desc()).limit(50)))


def name_of(person_id: int | None) -> str:
    """Who it was; empty where it was nobody."""
    return db.session.scalar(sa.select(Person.name).where(Person.id == person_id)) or "" if person_id else ""


# Beginning


@command(policy.may_draft_workflow)
def copy_version(actor: Actor, programme: Programme, *, workflow_version_id: int) -> WorkflowDraft:
    """A draft that begins as a published version stands."""
    version = db.session.get(WorkflowVersion, workflow_version_id)
    if version is None:
        raise Refused(("Choose one of the published workflows.",))
    return _begin(actor, programme, writing.content_of(version.text), version)


@command(policy.may_draft_workflow)
def import_draft(actor: Actor, programme: Programme, *, text: str) -> WorkflowDraft:
    """A draft from a TOML text, faulty or not; only what is no TOML at all is refused."""
    if len(text) > LONGEST:
        raise Refused((f"The file is longer than {LONGEST} characters, which no process needs.",))
    try:
        content = writing.content_of(text)
    except DefinitionFault as fault:
        raise Refused(tuple(f"The file {item.message}." for item in fault.faults)) from None
    newest = sa.select(WorkflowVersion).filter_by(key=str(content.get("key", ""))[:40])
    return _begin(actor, programme, content, db.session.scalar(newest.order_by(WorkflowVersion.number.desc()).limit(1)))


def _begin(actor: Actor, programme: Programme, content: Content, based_on: WorkflowVersion | None) -> WorkflowDraft:
    draft = WorkflowDraft(
        programme_id=programme.id,
        based_on_id=based_on.id if based_on else None,
        name=_name(content),
        content=content,
        made_by_id=actor.person_id,
        saved_by_id=actor.person_id,
    )
    db.session.add(draft)
    db.session.flush()
    record(actor, DraftBegun(programme.id, draft.id, draft.based_on_id))
    return draft


def _name(content: Content) -> str:
    return str(content.get("name") or "")[:120]


# Writing


@command(policy.may_edit_draft)
def change_draft(
    actor: Actor, draft: WorkflowDraft, *, page: str, typed: Mapping[str, Any], act: str, name: str = "", kind: str = ""
) -> str:
    """Keep what was typed on a page, right or wrong, and add, move or remove a row; the name of the row that was added.

    ``act`` is ``check``, or says what to do with which row: ``add:should``, ``up:should:need``.
    """
    _require_open(draft)
    content = copy.deepcopy(draft.content)
    for cell in sheet_of(content, page).cells:
        if cell.name in typed:
            cell.put(content, typed[cell.name])
    if page == "line":
        drafting.relink(content)
        drafting.settle_tracker(content)
    added = _act(content, page, act, name.strip(), kind)
    if content != draft.content:
        draft.content, draft.name = content, _name(content)
        draft.saved_by_id, draft.saved_at = actor.person_id, now()
        record(actor, DraftSaved(draft.programme_id, draft.id))
    return added


def _act(content: Content, page: str, act: str, name: str, kind: str) -> str:
    what, _colon, rest = act.partition(":")
    if what == "check":
        return ""
    section = next((s for s in sheet_of(content, page).sections if rest == s.key or rest.startswith(f"{s.key}:")), None)
    if section is None or what not in ("add", "up", "down", "remove"):
        raise Refused(("Choose what to do.",))
    if what == "add":
        if len(section.rows) >= MOST:
            raise Refused((f"There are {MOST} of them already, which nobody reads.",))
        if section.named and not name:
            raise Refused(("Give it a name first.",))
        if section.kinds and kind not in dict(section.kinds):
            raise Refused((f"Choose first: {section.kinds_label}.",))
        _add(content, page, section.key, name[:120], kind)
        return name
    row = next((row for row in section.rows if rest == f"{section.key}:{row.token}" and what in row.acts), None)
    if row is None:
        raise Refused(("It is not there any more.",))
    _arrange(content, page, section.key, what, row.token)
    return ""


def _add(content: Content, page: str, section: str, name: str, kind: str) -> None:
    thing = _thing(content, page, section)
    if section == "stages":
        drafting.add_stage(content, name)
    elif section == "gates":
        drafting.add_gate(content, name, kind)
    elif section == "deliverables":
        drafting.add_deliverable(content, name, kind)
    elif section == "canvas":
        drafting.add_field(content, name, kind)
    elif section == "stop_reasons":
        drafting.add_stop_reason(content, name)
    elif section == "scales":
        drafting.add_scale(content, name)
    elif section == "marks":
        drafting.add_mark(thing)
    elif page == "pilot":
        drafting.add_planned(thing, section, name)
    elif section in drafting.CRITERIA:
        drafting.add_criterion(content, thing, section, name)
    elif section.startswith("composition:"):
        drafting.add_seat_rule(thing, kind)
    else:
        drafting.add_part(thing, section, name, kind)


def _arrange(content: Content, page: str, section: str, what: str, token: str) -> None:
    """Move a row up or down, or take it away, with what hangs on it."""
    step = {"up": -1, "down": 1}.get(what)
    table = _thing(content, page, section)
    name = section.partition(":")[0]
    at = _number(table, name, token)
    key = str(drafting.rows(table, name)[at].get("key", ""))
    if step is not None:
        drafting.move(table, name, at, step)
    elif name == "gates":
        drafting.remove_gate(content, at)
    elif name == "stages":
        drafting.remove_stage(content, at)
    elif name == "deliverables":
        drafting.remove_deliverable(content, at)
    else:
        drafting.made_rows(table, name).pop(at)
    if name == "tracks" and key:
        drafting.give_up_track(content, key)
    drafting.relink(content)


def _thing(content: Content, page: str, section: str) -> Content:
    """The table whose list a section shows: a gate, a deliverable, or the whole."""
    kind, _colon, token = page.partition(":")
    if kind == "pilot":
        return drafting.made_inner(content, "pilot")
    if section.startswith("composition:"):
        kind, token = "gate", section.partition(":")[2]
    if kind == "gate":
        return drafting.rows(content, "gates")[_number(content, "gates", token)]
    if kind in ("deliverable", "scale"):
        return drafting.rows(content, f"{kind}s")[_number(content, f"{kind}s", token)]
    return content


def _number(table: Content, name: str, token: str) -> int:
    """Where the row of this token stands (see ``At.rows``)."""
    by = {"composition": "kind", "marks": "value"}.get(name, "key")
    if token.startswith("#"):
        return int(token[1:])
    return next(at for at, row in enumerate(drafting.rows(table, name)) if drafting.said(row, by) == token)


# Ending


@command(policy.may_publish_draft)
def publish_draft(actor: Actor, draft: WorkflowDraft) -> WorkflowVersion:
    """Keep the draft for good as the next version; ``Refused`` with every fault, or where a version says the same."""
    _require_open(draft)
    faults = writing.faults_of(draft.content)
    if faults:
        raise Refused(tuple(f"{fault.place}: {fault.message}" for fault in faults))
    newest = db.session.scalar(sa.select(sa.func.max(WorkflowVersion.id))) or 0
    version = keep_version(actor, writing.written(draft.content))
    if version.id <= newest:
        raise Refused((f"It says the same as version {version.number}, which is published already.",))
    draft.published_id = version.id
    record(actor, DraftPublished(draft.programme_id, draft.id, version.id))
    return version


@command(policy.may_edit_draft)
def discard_draft(actor: Actor, draft: WorkflowDraft) -> WorkflowDraft:
    """Throw the draft away; nothing that was published changes."""
    _require_open(draft)
    draft.discarded_at = now()
    record(actor, DraftDiscarded(draft.programme_id, draft.id))
    return draft


def _require_open(draft: WorkflowDraft) -> None:
    if not draft.is_open:
        raise Refused((CLOSED,))
