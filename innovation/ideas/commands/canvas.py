"""Filling in the canvas: drafts that are never refused, and revisions that never change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from innovation.command import Stale, command
from innovation.db import db, insert_into, now
from innovation.drafts import Tab
from innovation.events import record
from innovation.ideas import canvas, policy, queries
from innovation.ideas.codes import phase_codes
from innovation.ideas.events import CanvasHandedIn
from innovation.ideas.models import Draft, DraftCopy, Idea, Revision
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused

OVER = {
    "stopped": "This idea has been stopped. It can be revived first.",
    "merged": "This idea has been merged into another one and goes on there.",
    "referred": "This idea has been referred to another body.",
    "withdrawn": "This idea has been withdrawn.",
}


def require_alive(idea: Idea) -> None:
    """Refuse work on an idea that has come to its end."""
    if idea.standing in OVER:
        raise Refused((OVER[idea.standing],))


@command(policy.may_edit_canvas)
@repeatable
def save_draft(
    actor: Actor, idea: Idea, *, typed: dict[str, list[str]], based_on: int, tab: Tab | None = None
) -> Draft:
    """Keep what this person has typed, whatever it is; a draft that another tab has written is kept as a copy."""
    tab = tab or Tab()
    typed = {name: [value.replace("\x00", "") for value in values] for name, values in typed.items()}
    whose = {"idea_id": idea.id, "person_id": actor.person_id}
    row = insert_into(Draft).values(**whose, based_on=based_on, answers={}, version=1, saved_at=now())
    db.session.execute(row.on_conflict_do_nothing())
    draft = db.session.scalars(sa.select(Draft).filter_by(**whose).with_for_update()).one()
    _keep_copy(draft, tab, typed)
    db.session.execute(sa.delete(DraftCopy).filter_by(**whose, tab=tab.key))
    draft.answers, draft.based_on, draft.saved_at, draft.tab = typed, based_on, now(), tab.key
    return draft


def _keep_copy(draft: Draft, tab: Tab, typed: dict[str, Any] | None = None) -> None:
    """Keep a draft that this tab has not seen, unless it is empty or says the same as ``typed``."""
    if tab.goes_on_from(draft) or not draft.answers or draft.answers == typed:
        return
    whose = {"idea_id": draft.idea_id, "person_id": draft.person_id, "tab": draft.tab}
    db.session.execute(sa.delete(DraftCopy).filter_by(**whose))
    kept = {"based_on": draft.based_on, "answers": draft.answers, "saved_at": draft.saved_at}
    db.session.execute(sa.insert(DraftCopy).values(**whose, **kept))


def _end_draft(actor: Actor, idea: Idea, tab: Tab | None) -> None:
    """The draft has been handed in or thrown away; what another tab has written since is kept as a copy."""
    whose = {"idea_id": idea.id, "person_id": actor.person_id}
    draft = db.session.scalar(sa.select(Draft).filter_by(**whose).with_for_update())
    if draft is None:
        return
    if tab is not None:
        _keep_copy(draft, tab)
    db.session.execute(sa.delete(Draft).filter_by(**whose))


@command(policy.may_edit_canvas)
def discard_draft(actor: Actor, idea: Idea, *, tab: Tab | None = None) -> None:
    """Throw away what this person has typed and not handed in."""
    _end_draft(actor, idea, tab)


@command(policy.may_edit_canvas)
def use_draft_copy(actor: Actor, idea: Idea, *, copy_id: int) -> Draft:
    """Go on from a copy; the present draft becomes a copy in its place."""
    copy = queries.find_draft_copy(actor, idea, copy_id)
    return save_draft(actor, idea, typed=copy.answers, based_on=copy.based_on, tab=Tab(copy.tab))


@command(policy.may_edit_canvas)
def discard_draft_copy(actor: Actor, idea: Idea, *, copy_id: int) -> None:
    """Throw a copy of the draft away."""
    copy = queries.find_draft_copy(actor, idea, copy_id)
    db.session.execute(sa.delete(DraftCopy).filter_by(id=copy.id))


@command(policy.may_edit_canvas)
def hand_in_canvas(
    actor: Actor, idea: Idea, *, answers: dict[str, Any], based_on: int, tab: Tab | None = None
) -> Revision:
    """Make a revision of the canvas; ``Stale`` when another one came in since ``based_on``.

    ``answers`` holds the fields of the form by key: dates as ISO texts, amounts in cents, ``theme`` and ``topic`` as
    ids, ``where`` as a pair of district id and EMIS number. Fields that it does not name stay as they were.
    """
    require_alive(idea)
    if idea.revision_number != based_on:
        raise Stale
    before = queries.latest_revision(idea)
    kept = {key: answers[key] for key in canvas.ON_THE_FORM if key in answers}
    told = {key: value for key, value in answers.items() if key not in canvas.ON_THE_FORM}
    merged = {key: value for key, value in (dict(before.answers) | told).items() if value not in (None, "", [])}
    if merged == before.answers and kept == {key: value for key, value in _kept(idea).items() if key in kept}:
        raise Refused((f"Nothing has changed since revision {before.number}.",))
    _keep(idea, kept)
    return revise(actor, idea, merged, tab)


def revise(actor: Actor, idea: Idea, answers: dict[str, Any], tab: Tab | None = None) -> Revision:
    """The next revision of an idea, its search text and summary with it; part of a command."""
    idea.revision_number += 1
    idea.summary = answers.get("summary", "")
    if "phases" in answers:
        idea.phases = phase_codes(answers["phases"])
    idea.search_text = canvas.search_text(idea.definition, answers)
    revision = Revision(
        idea_id=idea.id,
        number=idea.revision_number,
        title=idea.title,
        answers=answers,
        submitted_by_id=actor.person_id,
        submitted_at=now(),
    )
    db.session.add(revision)
    _end_draft(actor, idea, tab)
    record(actor, CanvasHandedIn(idea.id, idea.revision_number))
    return revision


def _kept(idea: Idea) -> dict[str, Any]:
    return {
        "title": idea.title,
        "theme": idea.theme_id,
        "topic": idea.topic_id,
        "where": (idea.district_id, idea.school_emis),
    }


def _keep(idea: Idea, kept: dict[str, Any]) -> None:
    idea.title = kept.get("title", idea.title)
    idea.theme_id = kept.get("theme", idea.theme_id)
    idea.topic_id = kept.get("topic", idea.topic_id)
    idea.district_id, idea.school_emis = kept.get("where", (idea.district_id, idea.school_emis))
