"""Panels: the list, one panel with its members, and retiring it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.db import whole_number
from innovation.gates import commands, composition, policy, queries
from innovation.gates.assignment_models import Expertise
from innovation.gates.forms import PanelFilterForm, PanelForm
from innovation.gates.forms.words import options
from innovation.gates.models import LEADING_ROLES, Panel, PanelMember
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.programmes.models import Programme
from innovation.programmes.queries import main_programme
from innovation.tables import write_table
from innovation.web import can, me, today
from workflows import Definition, Gate


def own_programme() -> Programme:
    """The programme whose panels the person works with."""
    programme = main_programme(me())
    if programme is None:
        raise NotThere
    return programme


@bp.get("/panels")
def panels() -> Any:
    policy.may_list_panels.require(me())
    programme, form, state = own_programme(), PanelFilterForm.of_query(), ListState.read(("name",), "name")
    definition = programme.workflow_version.definition
    form.gate.choices = options([("", _("Any gate")), *((gate.key, _(gate.name)) for gate in definition.gates)])
    form.region.choices = options(
        [("", _("Any region")), *((str(region.id), region.name) for region in programme.regions)]
    )
    filters = queries.PanelFilters(
        (form.q.data or "")[:120], form.gate.data or "", whole_number(form.region.data), form.state.data == "retired"
    )
    if state.export:
        rows = queries.list_panel_rows(me(), filters)
        return write_table(_columns(), (_line(panel, definition) for panel in rows), state.export, "panels")
    page = queries.list_panels(me(), filters, page=state.number)
    shown = {"page": state.on(page), "form": form, "state": state, "definition": definition}
    return render_template("gates/panels.html", **shown, narrowed=filters != queries.PanelFilters())


def _columns() -> list[tuple[str, str]]:
    return [
        ("panel", _("Panel")),
        ("gate", _("Gate")),
        ("region", _("Region")),
        ("chair", _("Chair")),
        ("members", _("Members")),
    ]


def _line(panel: Panel, definition: Definition) -> Mapping[str, Any]:
    """A panel as a line of an export, as the list shows it."""
    members = [member for member in panel.members if member.until is None]
    names = {gate.key: _(gate.name) for gate in definition.gates}
    return {
        "panel": panel.name,
        "gate": ", ".join(names.get(key, key) for key in panel.gate_keys),
        "region": panel.region.name if panel.region else _("Whole programme"),
        "chair": ", ".join(member.person.name for member in members if member.role in LEADING_ROLES),
        "members": len(members),
    }


@bp.route("/panels/new", methods=["GET", "POST"])
def new_panel() -> Any:
    policy.may_make_panel.require(me())
    programme = own_programme()
    form = PanelForm.for_programme(programme)
    form.region_id.choices = options(_places(programme))
    if form.submit_to(commands.make_panel, me(), programme):
        flash(_("The panel can sit now."))
        return redirect(url_for(".panel", panel_id=form.result.id))
    page = {"panel": None, "form": form, "programme": programme, "people": queries.list_seatable(), "checks": []}
    return render_template("gates/panel.html", **page), form.status


def _places(programme: Programme) -> list[tuple[str, Any]]:
    """The programme and its regions, as far as this person may make a panel there."""
    regions = [region for region in programme.regions if region.retired_at is None]
    places = [(None, _("The whole programme")), *((region.id, region.name) for region in regions)]
    scoped = ((Panel(programme_id=programme.id, region_id=region_id), name) for region_id, name in places)
    return [(str(panel.region_id or ""), name) for panel, name in scoped if can("edit_panel", panel)]


@bp.route("/panels/<int:panel_id>", methods=["GET", "POST"])
def panel(panel_id: int) -> Any:
    panel = queries.find_panel(me(), panel_id)
    programme = own_programme()
    form = PanelForm.for_programme(programme, panel)
    if form.submit_to(commands.change_panel, me(), panel):
        flash(_("The panel is changed. Reviews that have begun keep their seats."))
        return redirect(url_for(".panel", panel_id=panel.id))
    gate = next((gate for gate in programme.workflow_version.definition.gates if gate.key == panel.gate_key), None)
    people = queries.list_seatable() if can("edit_panel", panel) else []
    members = queries.current_members(panel)
    page = {"panel": panel, "form": form, "programme": programme, "people": people, "gate": gate, "today": today()}
    page["works_for"] = queries.funders_of([member.person_id for member in members])
    page |= {"checks": _checks(panel, programme.workflow_version.definition), "knows": _known(panel, members)}
    return render_template("gates/panel.html", **page, members=members), form.status


def _known(panel: Panel, members: list[PanelMember]) -> dict[int, str]:
    """How much has been said of what each member knows, in a few words."""
    known = queries.expertise_of(panel.programme_id, (member.person_id for member in members))
    return {person_id: _few_words(each) for person_id, each in known.items()}


def _few_words(known: Expertise) -> str:
    fields = len(known.themes) + len(known.topics) + len(known.phases)
    said = ngettext("%(num)d field", "%(num)d fields", fields)
    return said if known.cap is None else _("%(fields)s, at most %(cap)d open", fields=said, cap=known.cap)


def _checks(panel: Panel, definition: Definition) -> list[tuple[Gate, tuple[str, ...], tuple[str, ...]]]:
    """For each gate at which the panel sits: what keeps those in office from deciding, and what is worth a thought."""
    seated = [member.role for member in queries.serving_members(panel, today())]
    gates = [gate for gate in definition.gates if gate.key in panel.gate_keys]
    return [(gate, composition.lacking(gate, seated), composition.advice(gate, seated)) for gate in gates]


@bp.post("/panels/<int:panel_id>/retirement")
def retirement(panel_id: int) -> Any:
    commands.retire_panel(me(), queries.find_panel(me(), panel_id))
    flash(_("The panel is retired. What it decided stays."))
    return redirect(url_for(".panels"))
