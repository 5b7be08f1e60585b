"""What gates ask of an idea: deliverables in versions, files, and the level of evidence."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, flash, redirect, render_template, request, url_for

from innovation import errors
from innovation.ideas import commands, filecheck, policy, queries, store
from innovation.ideas.blueprint import bp
from innovation.ideas.deliverables import content_inside, content_of, total_of
from innovation.ideas.forms import (
    AttachmentForm,
    DeliverableForm,
    EvidenceForm,
    ReturnForm,
    add_row,
    deliverable_form,
    deliverable_values,
)
from innovation.ideas.models import Idea
from innovation.ideas.naming import file_name
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me
from workflows import Deliverable


def setup(app: Flask) -> None:
    """Answer with a page while the place where files are kept is away."""
    app.register_error_handler(store.StoreAway, errors.store_trouble)


@bp.get("/ideas/<reference>/deliverables")
def deliverables(reference: str) -> Any:
    """All that gates ask of this idea, gate by gate, and its files."""
    return _papers(queries.find_idea(me(), reference))


@bp.post("/ideas/<reference>/files")
def add_attachment(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    form = AttachmentForm.read()
    if form.submit_to(commands.add_attachment, me(), idea):
        flash(_("%(name)s is kept with the idea.", name=form.result.name))
        return redirect(url_for(".deliverables", reference=idea.reference, _anchor="files"))
    return _papers(idea, file_form=form, status=form.status)


@bp.get("/ideas/<reference>/files/<int:attachment_id>")
def attachment(reference: str, attachment_id: int) -> Any:
    idea = queries.find_idea(me(), reference)
    found = queries.find_attachment(idea, attachment_id)
    try:
        content = store.store().get(found.key)
    except FileNotFoundError:
        raise NotThere from None
    response = Response(content, mimetype=found.content_type)
    shown = "inline" if filecheck.is_image(found.content_type) else "attachment"
    name = file_name(me(), idea, found.name, found.id)
    response.headers.set("Content-Disposition", shown, filename=name)
    # Even a file that slipped through can run nothing and load nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/ideas/<reference>/files/<int:attachment_id>/removal")
def remove_attachment(reference: str, attachment_id: int) -> Any:
    idea = queries.find_idea(me(), reference)
    found = queries.find_attachment(idea, attachment_id)
    commands.remove_attachment(me(), found)
    flash(_("%(name)s is removed.", name=found.name))
    return redirect(url_for(".deliverables", reference=idea.reference, _anchor="files"))


@bp.post("/ideas/<reference>/evidence")
def accept_evidence(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    form = EvidenceForm.read().offer(idea.definition)
    if form.submit_to(commands.accept_evidence, me(), idea):
        flash(_("The level of evidence is confirmed."))
        return redirect(url_for(".deliverables", reference=idea.reference, _anchor="evidence"))
    return _papers(idea, evidence_form=form, status=form.status)


def _papers(
    idea: Idea,
    *,
    file_form: AttachmentForm | None = None,
    evidence_form: EvidenceForm | None = None,
    status: int = 200,
) -> Any:
    files = queries.list_attachments(idea)
    handins = queries.list_handins(idea)
    return render_template(
        "ideas/deliverables.html",
        idea=idea,
        readiness=queries.readiness(idea),
        files=files,
        names=_names(idea, [file.uploaded_by_id for file in files]),
        handed_in={handin.attachment_id for handin in handins if handin.attachment_id},
        others=_asked_elsewhere(idea),
        file_form=file_form or AttachmentForm(None),
        evidence_form=evidence_form or EvidenceForm(None, data={"level": idea.evidence_level}).offer(idea.definition),
        kinds=filecheck.KINDS,
        limit=store.size_limit(),
    ), status


def _names(idea: Idea, people: list[int | None]) -> dict[int, str]:
    """The names of people by id, for whoever may see them."""
    return queries.names_of(people) if policy.may_see_names.allows(me(), idea) else {}


def _asked_elsewhere(idea: Idea) -> list[tuple[Any, list[Deliverable]]]:
    """The other gates of the line with what they ask."""
    here = queries.gate_ahead(idea)
    gates = [gate for gate in idea.definition.gates if gate != here and gate.track is None]
    return [(gate, [a.deliverable for a in gate.asks if a.deliverable.kind != "generated"]) for gate in gates]


# One deliverable


@bp.route("/ideas/<reference>/deliverables/<key>", methods=["GET", "POST"])
def deliverable(reference: str, key: str) -> Any:
    idea = queries.find_idea(me(), reference)
    found = _deliverable(idea, key)
    if found.kind == "generated":
        return redirect(url_for(".canvas", reference=idea.reference))
    form = _handin_form(idea, found)
    if request.method == "POST":
        policy.may_hand_in_deliverable.require(me(), idea)
        if found.kind == "table" and request.form.get("more"):
            add_row(form)
        elif form.submit_to(commands.hand_in_deliverable, me(), idea):
            flash(_("Version %(number)s is handed in.", number=form.result.number))
            return redirect(url_for(".deliverable", reference=idea.reference, key=key))
    return _deliverable_page(idea, found, form, status=form.status)


@bp.post("/ideas/<reference>/deliverables/<key>/<int:number>/acceptance")
def accept_deliverable(reference: str, key: str, number: int) -> Any:
    idea = queries.find_idea(me(), reference)
    handin = queries.find_handin(idea, key, number)
    commands.accept_deliverable(me(), handin)
    flash(_("Version %(number)s is accepted.", number=number))
    return redirect(url_for(".deliverable", reference=idea.reference, key=key))


@bp.post("/ideas/<reference>/deliverables/<key>/<int:number>/return")
def return_deliverable(reference: str, key: str, number: int) -> Any:
    idea = queries.find_idea(me(), reference)
    handin = queries.find_handin(idea, key, number)
    form = ReturnForm.read()
    if form.submit_to(commands.return_deliverable, me(), handin):
        flash(_("Version %(number)s is returned. The team is told why.", number=number))
        return redirect(url_for(".deliverable", reference=idea.reference, key=key))
    found = _deliverable(idea, key)
    return _deliverable_page(idea, found, _first_form(idea, found), return_form=form, status=form.status)


def _deliverable(idea: Idea, key: str) -> Deliverable:
    try:
        return idea.definition.deliverable(key)
    except KeyError:
        raise NotThere from None


def _handin_form(idea: Idea, found: Deliverable) -> DeliverableForm:
    return deliverable_form(found).read() if request.method == "POST" else _first_form(idea, found)


def _first_form(idea: Idea, found: Deliverable) -> DeliverableForm:
    versions = queries.list_handins(idea, found.key)
    values = deliverable_values(found, versions[0].content) if versions else {}
    return deliverable_form(found)(None, data=values)


def _deliverable_page(
    idea: Idea, found: Deliverable, form: DeliverableForm, *, return_form: ReturnForm | None = None, status: int = 200
) -> Any:
    versions = queries.list_handins(idea, found.key)
    people = [person for v in versions for person in (v.handed_in_by_id, v.judged_by_id)]
    reads = content_inside if policy.may_see_inside.allows(me(), idea) else content_of
    return render_template(
        "ideas/deliverable.html",
        idea=idea,
        deliverable=found,
        made=queries.is_made(idea, found),
        of_system=queries.is_of_system(found),
        form=form,
        return_form=return_form or ReturnForm(None),
        versions=[(v, reads(found, v.content), total_of(found, v.content)) for v in versions],
        names=_names(idea, people),
        gates=[g for g in idea.definition.gates if any(a.deliverable == found for a in g.asks)],
        kinds=filecheck.KINDS,
        limit=store.size_limit(),
    ), status
