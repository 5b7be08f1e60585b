"""Steps that no panel decides: the pilot begun, an idea revived or withdrawn."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms import pilot_form
from innovation.languages import gettext as _
from innovation.places.queries import find_school
from innovation.web import me
from workflows import Stage


@bp.route("/ideas/<reference>/pilot", methods=["GET", "POST"])
def pilot(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_start_pilot.require(me(), idea)
    words = idea.definition.words
    form = pilot_form(words)
    if request.method == "POST":
        if request.form.get("more"):
            form.sites.append_entry()
            form.speak(words)
        elif form.submit_to(commands.start_pilot, me(), idea):
            flash(_("The pilot has begun. Good luck."))
            return redirect(url_for("pipeline.idea", reference=idea.reference))
    stage = idea.where
    is_open = isinstance(stage, Stage) and stage.moves_on_by is not None and idea.standing == "active"
    chosen = {entry.data: find_school(entry.data) for entry in form.sites.entries if entry.data}
    shown = {"is_open": is_open, "chosen": chosen, "called": words}
    return render_template("ideas/pilot.html", idea=idea, form=form, **shown), form.status


@bp.route("/ideas/<reference>/withdrawal", methods=["GET", "POST"])
def withdrawal(reference: str) -> Any:
    """Says what will happen, and does it when the owner agrees."""
    idea = queries.find_idea(me(), reference)
    policy.may_withdraw_idea.require(me(), idea)
    if request.method == "POST":
        commands.withdraw_idea(me(), idea)
        flash(_("The idea is withdrawn. Its history stays with you."))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    reasons = idea.journey.reasons(idea.state, "withdraw", queries.journey_facts(idea))
    return render_template("ideas/withdrawal.html", idea=idea, reasons=reasons)


@bp.post("/ideas/<reference>/revival")
def revive_idea(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    commands.revive_idea(me(), idea)
    flash(_("The idea is alive again. It starts from the beginning, with its whole history."))
    return redirect(url_for("pipeline.idea", reference=idea.reference))
