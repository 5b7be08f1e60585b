"""An idea on hold: it goes on, or it ends."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.gates import commands, policy
from innovation.gates.forms import EndingForm
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.languages import gettext as _
from innovation.web import me
from workflows import ENDINGS


@bp.post("/ideas/<reference>/resumption")
def resume_idea(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    commands.resume_idea(me(), idea)
    flash(_("The idea is no longer on hold."))
    return redirect(url_for("pipeline.idea", reference=idea.reference))


@bp.route("/ideas/<reference>/ending", methods=["GET", "POST"])
def end_held_idea(reference: str) -> Any:
    """An idea that waits at a stage is stopped, joined to another one, or referred."""
    idea = ideas_queries.find_idea(me(), reference)
    policy.may_end_held_idea.require(me(), idea)
    form = EndingForm.read(data={"version": idea.version}).offer(idea.definition, ENDINGS)
    if form.submit_to(commands.end_held_idea, me(), idea):
        flash(_("It is recorded, and the team is told."))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    page = {"idea": idea, "form": form, "reasons": commands.why_not_ended(idea)}
    return render_template("gates/ending.html", **page), form.status
