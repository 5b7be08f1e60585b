"""What an idea still owes: evidence offered, answered or waived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.forms import Form
from innovation.gates import commands, policy, queries
from innovation.gates.forms import (
    CONDITION_STATES,
    ConditionFilterForm,
    EvidenceForm,
    MoveDueDateForm,
    SettleConditionForm,
    WaiveForm,
)
from innovation.gates.forms.words import options
from innovation.gates.models import Condition
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Idea
from innovation.ideas.naming import read_nameless
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.programmes.queries import main_programme
from innovation.tables import write_table
from innovation.web import can, me, today


@bp.get("/ideas/<reference>/conditions")
def conditions(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    found, state = queries.list_conditions(idea), ListState.read((), "")
    if state.export:
        hidden = () if can("see_names", idea) else (idea.id,)
        lines = (_line(each, hidden) for each in found)
        return write_table(_columns(), lines, state.export, f"{idea.reference}-conditions")
    page = {"idea": idea, "conditions": found, "moves": queries.list_moves(idea), "files": _files(idea), "list": state}
    return render_template("gates/conditions.html", **page)


@bp.get("/conditions")
def all_conditions() -> Any:
    """Everything that ideas in the person's scope owe, or have owed."""
    policy.may_list_conditions.require(me())
    form, state = ConditionFilterForm.of_query(), ListState.read((), "")
    programme = main_programme(me())
    gates = programme.workflow_version.definition.gates if programme else ()
    form.gate.choices = options([("", _("Any gate")), *((gate.key, _(gate.name)) for gate in gates)])
    filters = form.filters()
    if state.export:
        rows = queries.list_condition_rows(me(), filters, today=today())
        hidden = read_nameless(me(), {each.idea for each in rows})
        return write_table(_columns(), (_line(each, hidden) for each in rows), state.export, "conditions")
    page = state.on(queries.list_conditions_in_sight(me(), filters, page=state.number, today=today()))
    shown = {"page": page, "form": form, "state": state, "any_filter": any(vars(filters).values())}
    shown["nameless"] = read_nameless(me(), {each.idea for each in page.items})
    return render_template("gates/all_conditions.html", **shown)


def _columns() -> list[tuple[str, str]]:
    return [
        ("reference", _("Reference")),
        ("title", _("Idea")),
        ("condition", _("Condition")),
        ("gate", _("Gate")),
        ("owner", _("Owed by")),
        ("due", _("Due")),
        ("blocking", _("Blocks")),
        ("state", _("State")),
        ("settled", _("Settled on")),
    ]


def _line(condition: Condition, nameless: Collection[int]) -> Mapping[str, Any]:
    """A condition as a line; of ideas that its reader reads without names, nobody is named."""
    owner = condition.owner if condition.idea_id not in nameless else None
    return {
        "reference": condition.idea.reference,
        "title": condition.idea.title,
        "condition": condition.text,
        "gate": _(condition.idea.once("gate", condition.gate_key).name),
        "owner": owner.name if owner else "",
        "due": condition.due_on,
        "blocking": _("yes") if condition.blocking else _("no"),
        "state": str(CONDITION_STATES[condition.state]),
        "settled": condition.settled_at.date() if condition.settled_at else None,
    }


def _files(idea: Idea) -> bool:
    """Whether the person may open the files of the idea."""
    return can("see_personal", idea)


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
    if isinstance(form, EvidenceForm):
        files = ideas_queries.list_attachments(condition.idea) if _files(condition.idea) else []
        form.attachment_id.choices = options([("", _("None")), *((str(file.id), file.name) for file in files)])
    if form.submit_to(command, me(), condition):
        flash(done)
        return _back(condition)
    page = {"condition": condition, "idea": condition.idea, "form": form, "what": what}
    page["files"] = _files(condition.idea)
    return render_template("gates/condition.html", **page), form.status


def _back(condition: Condition) -> Any:
    return redirect(url_for(".conditions", reference=condition.idea.reference))
