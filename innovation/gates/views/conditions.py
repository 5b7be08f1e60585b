"""What an idea still owes: evidence offered, answered or waived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.forms import Form
from innovation.gates import commands, queries
from innovation.gates.forms import EvidenceForm, MoveDueDateForm, SettleConditionForm, WaiveForm
from innovation.gates.models import Condition
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.languages import gettext as _
from innovation.web import me


@bp.get("/ideas/<reference>/conditions")
def conditions(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    found = queries.list_conditions(idea)
    return render_template("gates/conditions.html", idea=idea, conditions=found)


@bp.route("/conditions/<int:condition_id>/evidence", methods=["GET", "POST"])
def evidence(condition_id: int) -> Any:
    return _act(condition_id, "evidence", EvidenceForm, commands.offer_evidence, _("Your evidence is handed in."))


@bp.route("/conditions/<int:condition_id>/settlement", methods=["GET", "POST"])
def settlement(condition_id: int) -> Any:
    return _act(condition_id, "settlement", SettleConditionForm, commands.settle_condition, _("The team is told."))


@bp.route("/conditions/<int:condition_id>/date", methods=["GET", "POST"])
def due_date(condition_id: int) -> Any:
    return _act(condition_id, "date", MoveDueDateForm, commands.move_due_date, _("The day is moved. The team is told."))


@bp.route("/conditions/<int:condition_id>/waiver", methods=["GET", "POST"])
def waiver(condition_id: int) -> Any:
    return _act(condition_id, "waiver", WaiveForm, commands.waive_condition, _("The condition is waived."))


def _act(condition_id: int, what: str, form_class: type[Form], command: Callable[..., Any], done: str) -> Any:
    """One page for each thing that can be done with a condition."""
    condition = queries.find_condition(me(), condition_id)
    command.policy.require(me(), condition)  # type: ignore[attr-defined]
    form = form_class.read(version=condition.version, due_on=condition.due_on)
    if form.submit_to(command, me(), condition):
        flash(done)
        return _back(condition)
    page = {"condition": condition, "idea": condition.idea, "form": form, "what": what}
    return render_template("gates/condition.html", **page), form.status


def _back(condition: Condition) -> Any:
    return redirect(url_for(".conditions", reference=condition.idea.reference))
