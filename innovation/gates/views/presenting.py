"""Bringing an idea to its gate: what is missing, the button, and the panel that sits."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.gates import commands, composition, policy, queries
from innovation.gates.commands.convening import facts_to_present, open_tracks, way_to_gate
from innovation.gates.deadlines import due_after, reading_until, today_of
from innovation.gates.forms import ConveneForm, PresentForm
from innovation.gates.forms.words import options
from innovation.gates.models import Panel
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Idea
from innovation.ideas.naming import fields_with_addresses
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import can, me
from workflows import WHOLE_WAY, Gate, falls_short


@bp.route("/ideas/<reference>/gate", methods=["GET", "POST"])
def present(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    form = PresentForm.read(version=idea.version)
    tracks = open_tracks(idea)
    # A process without shorter ways names no track; its ideas take the whole way.
    form.track.choices = options([(track.key, _(track.name)) for track in tracks]) or [(WHOLE_WAY, "")]
    asked = request.args.get("track", "") if request.method == "GET" else form.track.data
    ways = [track.key for track in tracks]
    track = next((way for way in (asked, idea.track) if way in ways), WHOLE_WAY)
    if request.method == "GET":
        form.track.data = track
    if form.submit_to(commands.present_idea, me(), idea):
        flash(_("The idea is presented. A panel is convened next."))
        return redirect(url_for(".present", reference=idea.reference))
    trigger, gate = way_to_gate(idea, track)
    here = idea.definition.gate_at(idea.place)
    ahead = here or gate
    readiness = ideas_queries.readiness(idea, gate=ahead) if ahead else None
    reasons = idea.journey.reasons(idea.state, trigger, facts_to_present(idea, ahead)) if ahead and not here else ()
    decisions = queries.list_decisions(idea)
    own = {decision.review_id for decision in decisions} if can("see_personal", idea) else set()
    page = {
        "idea": idea,
        "form": form,
        "gate": ahead,
        "here": here,
        "readiness": readiness,
        "reasons": reasons,
        "tracks": tracks,
        "track": track,
        "addresses": _addresses(idea, ahead),
        "short": falls_short(ahead, queries.marks_before(idea, ahead)) if ahead else (),
        "conditions": queries.open_conditions(idea),
        "waivers": bool(idea.waived),
        "review": queries.current_review(idea),
        "decisions": decisions,
        "opens": own | queries.own_reviews(me(), {decision.review_id for decision in decisions} - own),
    }
    return render_template("gates/present.html", **page), form.status


@bp.route("/ideas/<reference>/gate/panel", methods=["GET", "POST"])
def convene(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    policy.may_convene_panel.require(me(), idea)
    gate = idea.definition.gate_at(idea.place)
    if gate is None or queries.current_review(idea) is not None:
        return redirect(url_for(".present", reference=idea.reference))
    choices = queries.panels_for(idea, gate)
    form = ConveneForm.read(
        data={
            "version": idea.version,
            "due_on": idea.due_on or due_after(idea.programme, gate.working_days),
        }
    )
    chosen = _chosen_panel(idea, form, choices)
    members = queries.serving_members(chosen, today_of(idea.programme)) if chosen else []
    barred = queries.unseatable(idea, {member.person_id: member.role for member in members})
    form.left_out.choices = options([(m.person_id, m.person.name) for m in members if m.person_id not in barred])
    form.panel_id.data = str(chosen.id) if chosen else ""
    if form.submit_to(commands.convene_panel, me(), idea):
        flash(_("The panel is convened. Its members are told."))
        return redirect(url_for(".review", review_id=form.result.id))
    page: dict[str, Any] = {"reading_until": reading_until(idea, gate), "addresses": _addresses(idea, gate)}
    page |= {"idea": idea, "gate": gate, "form": form, "panels": choices, "chosen": chosen, "members": members}
    noticed = queries.flags_between(
        [member.person_id for member in members if member.person_id not in barred], [idea.id]
    )
    page["lacking"] = composition.lacking(gate, [m.role for m in members if m.person_id not in barred])
    page["works_for"] = queries.funders_of([member.person_id for member in members])
    page["flags"] = {person_id: flags for (person_id, _idea), flags in noticed.items()}
    return render_template("gates/convene.html", **page, barred=barred), form.status


def _addresses(idea: Idea, gate: Gate | None) -> list[str]:
    """The fields whose texts hold an e-mail address, where the panel is to read without names."""
    if gate is None or not gate.hides_names:
        return []
    return [_(name) for name in fields_with_addresses(idea.definition, ideas_queries.latest_revision(idea).answers)]


def _chosen_panel(idea: Idea, form: ConveneForm, choices: list[Panel]) -> Panel | None:
    """The panel that was asked for, else the nearest one."""
    asked = form.panel_id.data if request.method == "POST" else request.args.get("panel", "")
    found = next((panel for panel in choices if str(panel.id) == asked), None)
    if asked and found is None:
        raise NotThere
    return found or next((panel for panel in choices if queries.suits(panel, idea)), None)
