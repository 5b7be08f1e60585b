"""Two ideas that were captured twice at one clinic become one, and part again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.gates import commands, policy
from innovation.gates.forms.merging import MergeForm, PartForm
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.languages import gettext as _
from innovation.web import me


@bp.route("/ideas/<reference>/merge", methods=["GET", "POST"])
def merge(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    policy.may_merge_idea.require(me(), idea)
    form = MergeForm.read(data={"version": idea.version, "into": request.args.get("into", "")[:20]})
    if form.submit_to(commands.merge_idea, me(), idea):
        flash(_("The two are one idea now, and both teams are told."))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    page = {"idea": idea, "form": form, "reasons": commands.why_not_merged(idea), "undoes": False}
    return render_template("gates/merging.html", **page), form.status


@bp.route("/ideas/<reference>/parting", methods=["GET", "POST"])
def parting(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    policy.may_undo_merge.require(me(), idea)
    form = PartForm.read(data={"version": idea.version})
    if form.submit_to(commands.undo_merge, me(), idea):
        flash(_("The merge is undone. The idea goes on from where it stood."))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    page = {"idea": idea, "form": form, "reasons": commands.why_not_parted(idea), "undoes": True}
    return render_template("gates/merging.html", **page), form.status
