"""The canvas of an idea, its drafts and its revisions."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.drafts import Tab
from innovation.forms import sent_tab
from innovation.ideas import canvas as reading
from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms import CanvasForm, canvas_form, first_values, typed_form
from innovation.ideas.models import Draft, DraftCopy, Idea, Revision
from innovation.languages import gettext as _
from innovation.values import dataclass
from innovation.web import day, me, moment, money, told_of_copy

NOT_TYPED = ("csrf_token", "once", "as_seen", "based_on", "tab", "began_with")


@dataclass(frozen=True)
class Clash:
    """Another revision that came in while somebody was typing, and where the two differ."""

    revision: Revision
    changes: list[reading.Change]


@bp.get("/ideas/<reference>/canvas")
def canvas(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_edit_canvas.require(me(), idea)
    form = _form_of(idea)
    wanted = whole_number(request.args.get("copy"))
    if wanted is not None:
        copy = queries.find_draft_copy(me(), idea, wanted)
        return _page(idea, typed_form(form, copy.answers, copy.based_on, idea.programme), None, looked_at=copy)
    draft = queries.find_draft(me(), idea)
    if draft is not None:
        return _page(idea, typed_form(form, draft.answers, draft.based_on, idea.programme), draft)
    answers = queries.latest_revision(idea).answers
    return _page(idea, form(None, data=first_values(idea.definition, idea, answers), programme=idea.programme), None)


@bp.post("/ideas/<reference>/canvas")
def hand_in_canvas(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_edit_canvas.require(me(), idea)
    form = _form_of(idea).read(programme=idea.programme)
    if form.submit_to(commands.hand_in_canvas, me(), idea, tab=sent_tab()):
        flash(_("Revision %(number)s is handed in. Thank you.", number=form.result.number))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    draft = commands.save_draft(me(), idea, typed=_typed(), based_on=form.number_based_on(), tab=sent_tab())
    clash = _clash(idea, form) if form.status == 409 else None
    form.based_on.data = str(idea.revision_number)
    return _page(idea, form, draft, clash), form.status


@bp.post("/ideas/<reference>/canvas/draft")
def save_draft(reference: str) -> Any:
    """Keep whatever was typed; the page asks for this by itself while somebody types."""
    idea = queries.find_idea(me(), reference)
    number = whole_number(request.form.get("based_on")) or idea.revision_number
    draft = commands.save_draft(me(), idea, typed=_typed(), based_on=number, tab=sent_tab())
    if "X-Autosave" in request.headers or request.accept_mimetypes.best == "application/json":
        answer = {"saved_at": draft.saved_at.isoformat()}
        for copy in queries.list_draft_copies(me(), idea, limit=1):
            answer |= told_of_copy(copy.saved_at, url_for(".canvas", reference=idea.reference, copy=copy.id))
        return jsonify(answer)
    flash(_("Your draft is saved. Only you see it until you hand it in."))
    return redirect(url_for(".canvas", reference=idea.reference))


@bp.post("/ideas/<reference>/canvas/copies/<int:copy_id>/use")
def use_draft_copy(reference: str, copy_id: int) -> Any:
    idea = queries.find_idea(me(), reference)
    commands.use_draft_copy(me(), idea, copy_id=copy_id)
    flash(_("You go on from this copy now. The draft that was here is kept as the other copy."))
    return redirect(url_for(".canvas", reference=idea.reference))


@bp.post("/ideas/<reference>/canvas/copies/<int:copy_id>/removal")
def discard_draft_copy(reference: str, copy_id: int) -> Any:
    idea = queries.find_idea(me(), reference)
    commands.discard_draft_copy(me(), idea, copy_id=copy_id)
    flash(_("The copy is gone. Your draft stays."))
    return redirect(url_for(".canvas", reference=idea.reference))


@bp.post("/ideas/<reference>/canvas/draft/removal")
def discard_draft(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    commands.discard_draft(me(), idea, tab=sent_tab())
    flash(_("Your draft is gone. This is the canvas as it was last handed in."))
    return redirect(url_for(".canvas", reference=idea.reference))


def _form_of(idea: Idea) -> type[CanvasForm]:
    definition = idea.definition
    needed = reading.required_now(definition, idea.place)
    return canvas_form(reading.form_fields(definition), definition.words, needed=needed)


def _typed() -> dict[str, list[str]]:
    return {name: values for name, values in request.form.lists() if name not in NOT_TYPED}


def _page(
    idea: Idea,
    form: CanvasForm,
    draft: Draft | None,
    clash: Clash | None = None,
    looked_at: DraftCopy | None = None,
) -> str:
    return render_template(
        "ideas/canvas.html",
        idea=idea,
        form=form,
        parts=reading.parts(idea.definition),
        ahead=queries.gate_ahead(idea),
        draft=draft,
        clash=clash,
        tab=Tab.on(draft),
        copies=queries.list_draft_copies(me(), idea),
        looked_at=looked_at,
    )


def _clash(idea: Idea, form: CanvasForm) -> Clash:
    """Both texts, field by field: the newest revision and what was typed."""
    theirs = queries.latest_revision(idea)
    mine = {key: value for key, value in form.answers().items() if key not in ("theme", "topic", "where")}
    return Clash(theirs, _changes(idea, {**theirs.answers, "title": theirs.title}, mine))


# Revisions


@bp.get("/ideas/<reference>/revisions")
def revisions(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    named = policy.may_see_names.allows(me(), idea)
    listed = [(each, who if named else "") for each, who in queries.list_revisions(idea)]
    newest = idea.revision_number
    new = _asked("to", newest, newest)
    old = _asked("from", max(1, new - 1), newest)
    changes = []
    if old != new:
        first, second = queries.find_revision(idea, old), queries.find_revision(idea, new)
        changes = _changes(idea, {**first.answers, "title": first.title}, {**second.answers, "title": second.title})
    return render_template("ideas/revisions.html", idea=idea, listed=listed, old=old, new=new, changes=changes)


@bp.get("/ideas/<reference>/revisions/<int:number>")
def revision(reference: str, number: int) -> Any:
    """One revision as it was handed in."""
    idea = queries.find_idea(me(), reference)
    found = queries.find_revision(idea, number)
    answers = [
        (field, reading.text_of(field, value, money=money, day=day))
        for field, value in reading.answered(idea.definition, found.answers, _audiences(idea))
    ]
    named = [found.submitted_by_id] if policy.may_see_names.allows(me(), idea) else []
    who = queries.names_of(named).get(found.submitted_by_id or 0, "")
    return render_template(
        "ideas/revision.html", idea=idea, revision=found, answers=answers, who=who, when=moment(found.submitted_at)
    )


def _asked(name: str, default: int, most: int) -> int:
    given = whole_number(request.args.get(name))
    return default if given is None else min(max(1, given), most)


def _audiences(idea: Idea) -> tuple[str, ...]:
    wide = ("staff",) if policy.may_see_personal.allows(me(), idea) else ()
    return reading.FOR_READERS + wide


def _changes(idea: Idea, old: dict[str, Any], new: dict[str, Any]) -> list[reading.Change]:
    return reading.changes(idea.definition, old, new, _audiences(idea))
