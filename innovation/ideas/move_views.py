"""The pages on which ideas under way are moved to another version of their process, and put back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas import policy, version_moves
from innovation.ideas.blueprint import bp
from innovation.ideas.move_forms import PlanForm, VersionsForm, plan_form
from innovation.ideas.version_moves import Rehearsal
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.programmes import queries as programmes
from innovation.programmes.draft_forms import PlainForm
from innovation.programmes.models import Programme, WorkflowVersion
from innovation.web import me
from workflows import moving

SHOWN = 200


def _home(key: str) -> Programme:
    home = programmes.find_programme(me(), key)
    if not policy.may_move_ideas.allows(me(), home):
        raise NotThere
    return home


def _parts() -> dict[str, str]:
    return {
        "stages": _("Stages"),
        "gates": _("Gates"),
        "deliverables": _("Deliverables"),
        "criteria": _("Criteria"),
        "tracks": _("Ways through the process"),
        "evidence_levels": _("Evidence levels"),
    }


@bp.get("/programmes/<key>/moves")
def version_moves_page(key: str) -> Any:
    """Which versions, what becomes of what is gone, and then the rehearsal: all of it in the address."""
    home = _home(key)
    old, new = _versions(home)
    form = plan_form(old, new).of_query()
    return _page(home, old, new, form)


@bp.post("/programmes/<key>/moves")
def move_ideas(key: str) -> Any:
    home = _home(key)
    old, new = _versions(home)
    form = plan_form(old, new).read()
    if form.submit_to(version_moves.ask_move, me(), home, old=old, new=new):
        return redirect(url_for("jobs.job", job_id=form.result.id))
    return _page(home, old, new, form)


def _versions(home: Programme) -> tuple[WorkflowVersion, WorkflowVersion]:
    """The versions that were chosen; at first the one before the newest, and the one for new ideas."""
    form = VersionsForm.of_query()
    known = {version.id: version for version in programmes.list_versions()}
    new = known.get(form.new.data or 0, home.workflow_version)
    return known.get(form.old.data or 0) or programmes.version_before(new) or new, new


def _page(home: Programme, old: WorkflowVersion, new: WorkflowVersion, form: PlanForm) -> Any:
    plan = moving.Plan(old.definition, new.definition, form.said())
    faults = plan.faults() if old.id != new.id else []
    rehearsal: Rehearsal | None = None
    if old.id != new.id and not faults:
        rehearsal = version_moves.rehearse(me(), home, plan, old)
    return render_template(
        "ideas/version_moves.html",
        programme=home,
        versions_form=VersionsForm(data={"old": old.id, "new": new.id}),
        form=form,
        parts=[(title, form.of(part)) for part, title in _parts().items() if form.of(part)],
        old=old,
        new=new,
        faults=faults if request.args.get("old") else [],
        rehearsal=rehearsal,
        shown=SHOWN,
        moves=version_moves.list_moves(home),
    ), form.status


@bp.get("/programmes/<key>/moves/<int:move_id>")
def version_move(key: str, move_id: int) -> Any:
    home = _home(key)
    return _move_page(home, move_id)


def _move_page(home: Programme, move_id: int, form: PlainForm | None = None) -> Any:
    move = version_moves.find_move(me(), home, move_id)
    moved = version_moves.list_moved(me(), move)
    form = form or PlainForm()
    return render_template("ideas/version_move.html", programme=home, move=move, moved=moved, form=form), form.status


@bp.post("/programmes/<key>/moves/<int:move_id>/reversal")
def reverse_move(key: str, move_id: int) -> Any:
    home = _home(key)
    move = version_moves.find_move(me(), home, move_id)
    form = PlainForm.read()
    if form.submit_to(version_moves.ask_reversal, me(), move):
        flash(_("The ideas are put back one by one. Those that have moved on since stay, and are listed."))
        return redirect(url_for("jobs.job", job_id=form.result.id))
    return _move_page(home, move_id, form)
