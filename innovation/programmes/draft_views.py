"""The pages on which a new version of a workflow is written, page by page, and published."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.programmes import drafts, queries, sheets, writing
from innovation.programmes.blueprint import bp
from innovation.programmes.cells import Sheet
from innovation.programmes.draft_forms import CopyForm, ImportDraftForm, PlainForm, SheetForm, sheet_form
from innovation.programmes.models import Programme, WorkflowDraft
from innovation.web import me
from workflows import Definition, Fault

TOML = "application/toml; charset=utf-8"
NOT_TYPED = {"csrf_token", "once", "as_seen", "act"}


@bp.get("/programmes/<key>/workflows")
def workflows(key: str) -> Any:
    return _workflows(queries.find_programme(me(), key))


def _workflows(home: Programme, status: int = 200, **forms: Any) -> Any:
    shown = {
        "copy_form": CopyForm(data={"workflow_version_id": home.workflow_version_id}),
        "import_form": ImportDraftForm(),
    }
    return render_template(
        "programmes/workflows.html",
        programme=home,
        versions=queries.list_versions(),
        drafts=drafts.list_drafts(home),
        **(shown | forms),
    ), status


@bp.post("/programmes/<key>/workflows/copies")
def copy_version(key: str) -> Any:
    home = queries.find_programme(me(), key)
    form = CopyForm.read()
    if form.submit_to(drafts.copy_version, me(), home):
        flash(_("The draft is yours to change. Nothing happens to ideas until it is published."))
        return redirect(url_for(".draft", draft_id=form.result.id))
    return _workflows(home, form.status, copy_form=form)


@bp.post("/programmes/<key>/workflows/imports")
def import_version(key: str) -> Any:
    home = queries.find_programme(me(), key)
    form = ImportDraftForm.read()
    if form.submit_to(drafts.import_draft, me(), home):
        flash(_("The file is a draft now. Nothing happens to ideas until it is published."))
        return redirect(url_for(".draft", draft_id=form.result.id))
    return _workflows(home, form.status, import_form=form)


# One draft


@bp.get("/workflow-drafts/<int:draft_id>")
def draft(draft_id: int) -> Any:
    return _overview(drafts.find_draft(me(), draft_id))


def _overview(found: WorkflowDraft, status: int = 200, refusals: Any = ()) -> Any:
    faults = writing.faults_of(found.content)
    told = [(sheets.where(found.content, f.place), f, sheets.page_of(found.content, f.place)) for f in faults]
    return render_template(
        "programmes/draft.html",
        draft=found,
        faults=told,
        refusals=refusals,
        saved_by=drafts.name_of(found.saved_by_id),
        marks=line_of(writing.as_it_stands(found.content)),
        pages=_pages(found, faults),
    ), status


def line_of(definition: Definition) -> list[dict[str, Any]]:
    """The places of a line as ``line_journey`` draws them, gates beside the line right after their stage."""
    beside = {gate.comes_from: gate for gate in definition.gates if gate not in definition.places}
    places = [each for place in definition.places for each in (place, beside.get(place.place)) if each]
    return [{"label": each.short or each.name, "kind": each.kind, "status": "todo", "note": None} for each in places]


def _pages(found: WorkflowDraft, faults: tuple[Fault, ...], current: str = "") -> list[dict[str, Any]]:
    """Every page of the draft, with how many faults can be mended there."""
    where = [sheets.page_of(found.content, fault.place) for fault in faults]
    return [
        {
            "label": title,
            "url": url_for(".draft_page", draft_id=found.id, page=key),
            "current": key == current,
            "faults": where.count(key),
        }
        for key, title in sheets.pages(found.content)
    ]


@bp.get("/workflow-drafts/<int:draft_id>/pages/<path:page>")
def draft_page(draft_id: int, page: str) -> Any:
    found = drafts.find_open_draft(me(), draft_id)
    sheet = sheets.sheet_of(found.content, page)
    return _page(found, sheet, sheet_form(sheet, found.content))


@bp.post("/workflow-drafts/<int:draft_id>/pages/<path:page>")
def change_draft(draft_id: int, page: str) -> Any:
    found = drafts.find_open_draft(me(), draft_id)
    sheet = sheets.sheet_of(found.content, page)
    form = sheet_form(sheet, found.content)
    if form.submit_to(drafts.change_draft, me(), found, page=page):
        flash(_("Saved. %(name)s is added below.", name=form.result) if form.result else _said_of(found))
        what, _colon, rest = (form.act.data or "").partition(":")
        section = rest if what == "add" else rest.rpartition(":")[0]
        return redirect(url_for(".draft_page", draft_id=draft_id, page=page, _anchor=section or None))
    return _page(found, sheet, form)


def _said_of(found: WorkflowDraft) -> str:
    faults = len(writing.faults_of(found.content))
    if not faults:
        return str(_("Saved. Nothing is wrong with the draft."))
    told = ngettext("%(num)d thing is still to be mended.", "%(num)d things are still to be mended.", faults)
    return str(_("Saved. %(told)s", told=told))


def _page(found: WorkflowDraft, sheet: Sheet, form: SheetForm) -> Any:
    """The page; what was typed and could not be saved stands in it, beside what others have saved meanwhile."""
    faults = writing.faults_of(found.content)
    if form.status == 200:
        form.blame(faults)
    known = {cell.name for cell in sheet.cells} | NOT_TYPED
    beside = [(name, value) for name, value in request.form.items() if name not in known and value]
    lost = [(name, value) for name, value in beside if not name.startswith(("name-", "kind-"))]
    return render_template(
        "programmes/draft_page.html",
        draft=found,
        sheet=sheet,
        form=form,
        faults={fault.place: fault.message for fault in faults},
        meanwhile=form.meanwhile(found.content) if form.status == 409 else {},
        lost=lost if form.status == 409 else [],
        typed=dict(beside),
        pages=_pages(found, faults, sheet.key),
    ), form.status


@bp.get("/workflow-drafts/<int:draft_id>/file")
def draft_file(draft_id: int) -> Any:
    found = drafts.find_draft(me(), draft_id)
    return as_file(writing.written(found.content), f"draft-{found.id}.toml")


def as_file(text: str, name: str) -> Response:
    return Response(text, mimetype=TOML, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.post("/workflow-drafts/<int:draft_id>/publication")
def publish_draft(draft_id: int) -> Any:
    found = drafts.find_draft(me(), draft_id)
    form = PlainForm.read()
    if form.submit_to(drafts.publish_draft, me(), found):
        version = form.result
        flash(_("Version %(n)s is published. Choose it for new ideas in the settings.", n=version.number))
        return redirect(url_for(".workflow", key=version.key, number=version.number))
    return _overview(found, form.status, form.refusals)


@bp.post("/workflow-drafts/<int:draft_id>/removal")
def discard_draft(draft_id: int) -> Any:
    found = drafts.find_draft(me(), draft_id)
    form = PlainForm.read()
    if form.submit_to(drafts.discard_draft, me(), found):
        flash(_("The draft is thrown away."))
        return redirect(url_for(".workflows", key=found.programme.key))
    return _overview(found, form.status, form.refusals)
