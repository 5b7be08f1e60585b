"""The pages of a programme's settings and of the published workflows."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.programmes import commands, draft_views, policy, queries, translating_views, version_views
from innovation.programmes.blueprint import bp
from innovation.programmes.forms import ChangeForm, EntryForm, NewProgrammeForm, ProgrammeForm, RegionForm, WorkflowForm
from innovation.programmes.models import Programme
from innovation.web import me

__all__ = ["bp", "draft_views", "translating_views", "version_views"]


@bp.get("/programmes")
def settings() -> Any:
    if not policy.may_list_programmes.allows(me()):
        raise NotThere
    found = queries.list_programmes(me())
    if len(found) == 1 and not policy.may_make_programme.allows(me()):
        return redirect(url_for(".programme", key=found[0].key))
    return _programmes_page(NewProgrammeForm())


@bp.post("/programmes")
def make_programme() -> Any:
    form = NewProgrammeForm.read()
    if form.submit_to(commands.found_programme, me()):
        flash(_("%(name)s is made. Add its themes and topics next.", name=form.result.name))
        return redirect(url_for(".programme", key=form.result.key))
    return _programmes_page(form)


def _programmes_page(form: NewProgrammeForm) -> Any:
    return render_template(
        "programmes/programmes.html", programmes=queries.list_programmes(me()), form=form
    ), form.status


@bp.get("/programmes/<key>")
def programme(key: str) -> Any:
    return _page(queries.find_programme(me(), key))


def _page(home: Programme, status: int = 200, **forms: Any) -> Any:
    """The settings page; ``forms`` are those that were sent and refused."""
    shown = {
        "form": ProgrammeForm(obj=home),
        "workflow_form": WorkflowForm(data={"workflow_version_id": home.workflow_version_id}),
        "themes_form": EntryForm(prefix="themes-"),
        "topics_form": EntryForm(prefix="topics-"),
        "regions_form": RegionForm(prefix="regions-"),
    }
    return render_template(
        "programmes/programme.html", programme=home, called=home.workflow_version.definition.words, **(shown | forms)
    ), status


@bp.post("/programmes/<key>")
def change(key: str) -> Any:
    home = queries.find_programme(me(), key)
    form = ProgrammeForm.read()
    if form.submit_to(commands.change_programme, me(), home):
        flash(_("The settings are saved."))
        return redirect(url_for(".programme", key=key))
    return _page(home, form.status, form=form)


@bp.post("/programmes/<key>/workflow")
def workflow_in_force(key: str) -> Any:
    home = queries.find_programme(me(), key)
    form = WorkflowForm.read()
    if form.submit_to(commands.choose_workflow, me(), home):
        flash(_("New ideas travel under the chosen workflow. Ideas under way stay with theirs."))
        return redirect(url_for(".programme", key=key))
    return _page(home, form.status, workflow_form=form)


@bp.post("/programmes/<key>/<any(themes, topics, regions):which>")
def entries(key: str, which: str) -> Any:
    home = queries.find_programme(me(), key)
    form = (RegionForm if which == "regions" else EntryForm).read(prefix=f"{which}-")
    if form.submit_to(commands.add_entry, me(), home, which=which):
        flash(_("%(name)s is added.", name=form.result.name))
        return redirect(url_for(".programme", key=key, _anchor=which))
    return _page(home, form.status, **{f"{which}_form": form})


@bp.post("/programmes/<key>/<any(themes, topics, regions):which>/<int:entry_id>")
def entry(key: str, which: str, entry_id: int) -> Any:
    home = queries.find_programme(me(), key)
    item = queries.find_entry(home, which, entry_id)
    form = ChangeForm.read()
    if form.submit_to(commands.change_entry, me(), home, which=which, entry=item):
        flash(_("%(name)s is changed.", name=item.name))
    else:
        flash(
            " ".join(form.refusals)
            or _("Nothing was changed: choose what to change, and a name of at most 80 letters."),
            "error",
        )
    return redirect(url_for(".programme", key=key, _anchor=which))
