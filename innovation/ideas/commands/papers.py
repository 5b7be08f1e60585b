"""Files and deliverables: handed in as versions, accepted or returned with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import policy, queries, store
from innovation.ideas.commands.canvas import require_alive
from innovation.ideas.deliverables import HANDIN
from innovation.ideas.events import (
    AttachmentAdded,
    AttachmentRemoved,
    DeliverableAccepted,
    DeliverableHandedIn,
    DeliverableReturned,
    EvidenceAccepted,
)
from innovation.ideas.filecheck import Checked
from innovation.ideas.models import Attachment, Handin, Idea
from innovation.permission import Actor
from workflows import Refused

MOST_FILES = 100
ELSEWHERE = {
    False: "This is made from what the pilot measured. Hand it in on the pilot's pages.",
    True: "This is made from the tracker and the hand-over. Hand it in on their pages.",
}


@command(policy.may_add_attachment)
def add_attachment(actor: Actor, idea: Idea, *, file: Checked) -> Attachment:
    """Keep a file that has been looked at with the idea."""
    require_alive(idea)
    attachment = _keep_file(actor, idea, file)
    record(actor, AttachmentAdded(idea.id, attachment.id))
    return attachment


@command(policy.may_remove_attachment)
def remove_attachment(actor: Actor, attachment: Attachment) -> Attachment:
    """Take a file away from the idea; the record keeps that it was there."""
    hold_row(attachment)
    if _is_handed_in(attachment):
        raise Refused(("This file belongs to a deliverable that was handed in. Its versions are kept.",))
    if attachment.removed_at is None:
        attachment.removed_at = now()
        record(actor, AttachmentRemoved(attachment.idea_id, attachment.id))
    return attachment


@command(policy.may_hand_in_deliverable)
def hand_in_deliverable(
    actor: Actor,
    idea: Idea,
    *,
    deliverable: str,
    content: dict[str, Any],
    file: Checked | None = None,
    expires_on: dt.date | None = None,
) -> Handin:
    """Hand in the next version of a deliverable; ``file`` has been looked at."""
    require_alive(idea)
    if idea.definition.deliverable(deliverable).kind == "generated":
        raise Refused(("This is made from the canvas. There is nothing to hand in.",))
    asked = idea.definition.deliverable(deliverable)
    if "parts" not in content and queries.is_made(idea, asked):
        raise Refused((ELSEWHERE[queries.is_of_system(asked)],))
    hold_row(idea)
    newest = db.session.scalar(
        sa.select(sa.func.max(Handin.number)).where(Handin.idea_id == idea.id, Handin.deliverable == deliverable)
    )
    handin = Handin(
        idea=idea,
        deliverable=deliverable,
        number=(newest or 0) + 1,
        content=content,
        attachment=_keep_file(actor, idea, file) if file else None,
        expires_on=expires_on,
        handed_in_by_id=actor.person_id,
        handed_in_at=now(),
    )
    db.session.add(handin)
    db.session.flush()
    record(actor, DeliverableHandedIn(idea.id, handin.id, deliverable, handin.number))
    return handin


@command(policy.may_judge_deliverable)
def accept_deliverable(actor: Actor, handin: Handin) -> Handin:
    """Say that this version is what the gate asked for."""
    _judge(actor, handin, "accept")
    record(actor, DeliverableAccepted(handin.idea_id, handin.id, handin.deliverable, handin.number))
    return handin


@command(policy.may_judge_deliverable)
def return_deliverable(actor: Actor, handin: Handin, *, reason: str) -> Handin:
    """Give this version back with a reason that says what to change."""
    _judge(actor, handin, "return")
    handin.reason = reason
    record(actor, DeliverableReturned(handin.idea_id, handin.id, handin.deliverable, handin.number))
    return handin


@command(policy.may_accept_evidence)
def accept_evidence(actor: Actor, idea: Idea, *, level: str) -> Idea:
    """Confirm how strong the idea's evidence is; the proven way and funders rely on it."""
    require_alive(idea)
    idea.definition.evidence_level(level)
    idea.evidence_level, idea.evidence_accepted_by_id = level, actor.person_id
    record(actor, EvidenceAccepted(idea.id, level))
    return idea


def _judge(actor: Actor, handin: Handin, verdict: str) -> None:
    newest = db.session.scalar(
        sa.select(sa.func.max(Handin.number)).filter_by(idea_id=handin.idea_id, deliverable=handin.deliverable)
    )
    if handin.number != newest:
        raise Refused((f"Version {newest} has been handed in since. Look at that one.",))
    handin.state = HANDIN.fire(handin.state, verdict)
    handin.judged_by_id, handin.judged_at = actor.person_id, now()


def _keep_file(actor: Actor, idea: Idea, file: Checked) -> Attachment:
    """Write the file first and its row after: a row without a file would be a promise that is not kept."""
    present = db.session.scalar(
        sa.select(sa.func.count()).where(Attachment.idea_id == idea.id, Attachment.removed_at.is_(None))
    )
    if (present or 0) >= MOST_FILES:
        raise Refused((f"An idea can have {MOST_FILES} files. Remove one that is not needed first.",))
    return keep_checked(actor, idea, file)


def keep_checked(actor: Actor, idea: Idea, checked: Checked) -> Attachment:
    """Keep a file that has been looked at; part of a command."""
    attachment = Attachment(
        idea=idea,
        key=store.store().put(checked.content),
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=store.digest(checked.content),
        uploaded_by_id=actor.person_id,
        uploaded_at=now(),
    )
    db.session.add(attachment)
    db.session.flush()
    return attachment


def _is_handed_in(attachment: Attachment) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(Handin.attachment_id == attachment.id))))
