"""The page of an idea's milestones."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.downloads import taken_along
from innovation.forms import Form
from innovation.ideas import store
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries, saying
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.milestones import EvidenceForm, FileForm, MilestoneForm, VerdictForm
from innovation.web import me

TONES = {"planned": "info", "shown": "recycle", "accepted": "go", "returned": "recycle"}


@bp.route("/ideas/<reference>/milestones", methods=["GET", "POST"])
def milestones(reference: str) -> Any:
    idea = _idea(reference)
    form = MilestoneForm.read()
    if form.submit_to(commands.plan_milestone, me(), idea):
        flash(_("The milestone is planned."))
        return _back(idea)
    return _page(idea, plan=form)


@bp.post("/ideas/<reference>/milestones/<int:milestone_id>/evidence")
def evidence(reference: str, milestone_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_milestone(me(), idea, milestone_id)
    form = EvidenceForm.read(prefix=f"m{found.id}")
    if form.submit_to(commands.show_milestone, me(), found):
        flash(_("The coordinator is asked to look at it."))
        return _back(idea)
    return _page(idea, sent=form, sent_for=found.id)


@bp.post("/ideas/<reference>/milestones/<int:milestone_id>/verdict")
def verdict(reference: str, milestone_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_milestone(me(), idea, milestone_id)
    form = VerdictForm.read(prefix=f"m{found.id}")
    accepts = form.answer.data == "accept"
    if form.submit_to(commands.accept_milestone if accepts else commands.return_milestone, me(), found):
        flash(_("The milestone is accepted.") if accepts else _("The milestone is returned."))
        return _back(idea)
    return _page(idea, sent=form, sent_for=found.id)


@bp.post("/ideas/<reference>/milestones/<int:milestone_id>/files")
def add_file(reference: str, milestone_id: int) -> Any:
    idea = _idea(reference)
    found = queries.find_milestone(me(), idea, milestone_id)
    form = FileForm.read(prefix=f"f{found.id}")
    if form.submit_to(commands.add_milestone_file, me(), found):
        flash(_("%(name)s is kept with the milestone.", name=form.result.name))
        return _back(idea)
    return _page(idea, file=form, file_for=found.id)


@bp.route("/ideas/<reference>/milestones/<int:milestone_id>/files/<int:file_id>", methods=["GET", "POST"])
def file(reference: str, milestone_id: int, file_id: int) -> Any:
    """The file, to take along; sent to this address by its own team, it is taken away."""
    idea = _idea(reference)
    found = queries.find_milestone_file(me(), idea, milestone_id, file_id)
    if request.method == "POST":
        commands.remove_milestone_file(me(), found)
        flash(_("%(name)s is taken away.", name=found.name))
        return _back(idea)
    try:
        content = store.store().get(found.file_key)
    except FileNotFoundError:
        raise NotThere from None
    return taken_along(content, found.name, found.content_type)


def _idea(reference: str) -> Idea:
    idea = find_idea(me(), reference)
    if not policy.may_see_milestones.allows(me(), idea):
        raise NotThere
    return idea


def _back(idea: Idea) -> Any:
    return redirect(url_for(".milestones", reference=idea.reference))


def _page(
    idea: Idea,
    *,
    plan: MilestoneForm | None = None,
    sent: Form | None = None,
    sent_for: int = 0,
    file: FileForm | None = None,
    file_for: int = 0,
) -> Any:
    found = queries.list_milestones(idea)
    forms = {each.id: _form(each.id, each.state) for each in found}
    if sent and type(sent) is type(forms[sent_for]):  # meanwhile somebody may have moved it on
        forms[sent_for] = sent
    files = {each.id: FileForm(None, prefix=f"f{each.id}") for each in found} | ({file_for: file} if file else {})
    status = (sent or plan or file or MilestoneForm()).status
    return render_template(
        "pilots/milestones.html",
        idea=idea,
        milestones=found,
        forms=forms,
        plan=plan or MilestoneForm(),
        sent=sent or plan or file,
        files=files,
        states=saying.MILESTONE_STATES,
        tones=TONES,
    ), status


def _form(milestone_id: int, state: str) -> Form:
    """What can be said of a milestone next."""
    return (VerdictForm if state == "shown" else EvidenceForm)(prefix=f"m{milestone_id}")
