"""Steps that no panel decides: an idea revived or withdrawn."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.ideas import commands, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.forms.lessons import WithdrawalForm
from innovation.languages import gettext as _
from innovation.web import me


@bp.route("/ideas/<reference>/withdrawal", methods=["GET", "POST"])
def withdrawal(reference: str) -> Any:
    """Says what will happen, and does it when the owner agrees."""
    idea = queries.find_idea(me(), reference)
    policy.may_withdraw_idea.require(me(), idea)
    form = WithdrawalForm.read(data={"version": idea.version}).about(idea)
    if form.submit_to(commands.withdraw_idea, me(), idea):
        flash(_("The idea is withdrawn. Its history stays with you."))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    reasons = idea.journey.reasons(idea.state, "withdraw", queries.journey_facts(idea))
    return render_template("ideas/withdrawal.html", idea=idea, reasons=reasons, form=form), form.status


@bp.post("/ideas/<reference>/revival")
def revive_idea(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    commands.revive_idea(me(), idea)
    flash(_("The idea is alive again. It starts from the beginning, with its whole history."))
    return redirect(url_for("pipeline.idea", reference=idea.reference))
