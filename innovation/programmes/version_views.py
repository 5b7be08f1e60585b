"""The pages of a published version: as it stands, as a file, and beside another one."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from innovation.db import whole_number
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.programmes import drafts, queries, wording, writing
from innovation.programmes.blueprint import bp
from innovation.programmes.draft_forms import CompareForm
from innovation.programmes.draft_views import as_file, line_of
from innovation.programmes.models import WorkflowVersion
from innovation.web import me
from workflows import Definition, compare


@bp.get("/workflows/<key>/<int:number>")
def workflow(key: str, number: int) -> Any:
    version = queries.find_version(me(), key, number)
    return render_template(
        "programmes/workflow.html",
        version=version,
        definition=version.definition,
        marks=line_of(version.definition),
        published_by=drafts.name_of(version.published_by_id),
        others=[each for each in queries.list_versions() if each.id != version.id],
    )


@bp.get("/workflows/<key>/<int:number>/file")
def workflow_file(key: str, number: int) -> Any:
    version = queries.find_version(me(), key, number)
    return as_file(version.text, f"{version.key}-{version.number}.toml")


@bp.get("/workflows/<key>/<int:number>/comparison")
def comparison(key: str, number: int) -> Any:
    """The version beside an older one: the one that was chosen, or the one before it."""
    version = queries.find_version(me(), key, number)
    before = queries.version_before(version)
    old = _chosen() or before or version
    return _compared(
        old,
        version.definition,
        _named(version),
        str(_("Version %(n)s", n=number)),
        url_for(".comparison", key=key, number=number),
        url_for(".workflow", key=key, number=number),
    )


@bp.get("/workflow-drafts/<int:draft_id>/comparison")
def draft_comparison(draft_id: int) -> Any:
    """The draft beside the version that it began with, or another one."""
    draft = drafts.find_draft(me(), draft_id)
    old = _chosen() or draft.based_on or draft.programme.workflow_version
    new = writing.as_it_stands(draft.content)
    here, back = url_for(".draft_comparison", draft_id=draft_id), url_for(".draft", draft_id=draft_id)
    return _compared(old, new, str(_("The draft")), str(_("Draft")), here, back)


def _chosen() -> WorkflowVersion | None:
    said = request.args.get("other")
    number = whole_number(said)
    if said and number is None:
        raise NotThere
    return queries.find_version_by_id(me(), number) if number else None


def _named(version: WorkflowVersion) -> str:
    return str(_("%(name)s, version %(n)s", name=version.name, n=version.number))


def _compared(old: WorkflowVersion, new: Definition, called: str, short: str, action: str, back: str) -> Any:
    found = compare(old.definition, new)
    return render_template(
        "programmes/comparison.html",
        old_name=_named(old),
        new_name=called,
        old_short=_("Version %(n)s", n=old.number),
        new_short=short,
        action=action,
        back=back,
        form=CompareForm(data={"other": old.id}),
        groups=wording.in_words(found, old.definition, new),
        weights=[each for each in found.weights if each.differ],
    )
