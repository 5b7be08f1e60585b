"""The page of an import that was made, and undoing it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.forms import Form
from innovation.ideas import import_undo, policy
from innovation.ideas.blueprint import bp
from innovation.ideas.import_models import IdeaImport
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.web import me

SHOWN = 50


@bp.get("/ideas/imports/<int:import_id>")
def imported(import_id: int) -> Any:
    """What came of a table, with the button that undoes it within the hour."""
    return _page(import_undo.find_import(me(), import_id), Form())


def _page(made: IdeaImport, form: Form) -> Any:
    in_all, back = import_undo.count_ideas(made)
    in_time = not import_undo.reasons_against(made)
    return render_template(
        "ideas/imported.html",
        made=made,
        in_all=in_all,
        back=back,
        shown=import_undo.list_seen(me(), made, SHOWN),
        until=made.made_at + import_undo.WITHIN,
        in_time=in_time,
        can_undo=in_time and import_undo.has_left(made) and policy.may_import_ideas.allows(me(), made),
        form=form,
    ), form.status


@bp.post("/ideas/imports/<int:import_id>/undoing")
def undo_import(import_id: int) -> Any:
    made = import_undo.find_import(me(), import_id)
    form = Form.read()
    if not form.submit_to(import_undo.undo_import, me(), made):
        return _page(made, form)
    if form.result is not None:
        return redirect(url_for("jobs.job", job_id=form.result.id))
    in_all, back = import_undo.count_ideas(made)
    flash(ngettext("%(num)d idea is taken back.", "%(num)d ideas are taken back.", back))
    if back < in_all:
        text = _("Somebody has worked with the others since, so they stay.")
        flash(text, "warning")
    return redirect(url_for(".imported", import_id=made.id))
