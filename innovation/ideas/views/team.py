"""The people of an idea."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms import ContributorForm, HandOverForm
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.web import me


@bp.get("/ideas/<reference>/people")
def people(reference: str) -> Any:
    return _page(queries.find_idea(me(), reference))


@bp.post("/ideas/<reference>/people")
def add_contributor(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    form = ContributorForm.read()
    if form.submit_to(commands.add_contributor, me(), idea):
        flash(_("%(name)s is a contributor now.", name=form.result.person.name))
        return redirect(url_for(".people", reference=idea.reference))
    return _page(idea, form=form, status=form.status)


@bp.post("/ideas/<reference>/people/<int:contributor_id>/end")
def end_contributor(reference: str, contributor_id: int) -> Any:
    idea = queries.find_idea(me(), reference)
    contributor = queries.find_contributor(idea, contributor_id)
    commands.end_contributor(me(), contributor)
    flash(_("%(name)s is no longer a contributor. What they did stays in the record.", name=contributor.person.name))
    return redirect(url_for(".people", reference=idea.reference))


@bp.route("/ideas/<reference>/owner", methods=["GET", "POST"])
def owner(reference: str) -> Any:
    """Handing the idea over to a new owner."""
    idea = queries.find_idea(me(), reference)
    policy.may_hand_over_idea.require(me(), idea)
    policy.may_see_names.require(me(), idea)  # the page names the team
    contributors = queries.list_contributors(idea)
    form = HandOverForm.read().offer(contributors)
    if request.method == "POST" and form.submit_to(commands.hand_over_idea, me(), idea):
        flash(_("The idea now belongs to %(name)s.", name=idea.owner.name))
        return redirect(url_for(".people", reference=idea.reference))
    return render_template("ideas/owner.html", idea=idea, form=form, contributors=contributors), form.status


def _page(idea: Idea, *, form: ContributorForm | None = None, status: int = 200) -> Any:
    return render_template(
        "ideas/people.html",
        idea=idea,
        contributors=queries.list_contributors(idea),
        form=form or ContributorForm(None),
        sees_contacts=policy.may_see_personal.allows(me(), idea),
    ), status
