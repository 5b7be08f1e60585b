"""The pages of a pilot's plan: the whole of it, each part to fill in, and its sites."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import Page, small_number
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea, names_of
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.costing import cost_of
from innovation.pilots.designs import DESIGNS
from innovation.pilots.forms.plan_rows import RowsForm, rows_form
from innovation.pilots.forms.planning import (
    PARTS,
    new_site_form,
    outline_form,
    site_form,
)
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.readiness import run_out
from innovation.pilots.terms import STATUSES
from innovation.pilots.trying import standing
from innovation.pilots.views.amendments import Told, told_of
from innovation.pilots.views.asked import asked_pilot
from innovation.pilots.views.typical import sentences
from innovation.places.queries import find_school, list_terms
from innovation.web import me, today
from workflows import Refused

STATES = {
    "planned": ("Planned", "info"),
    "running": ("Running", "go"),
    "paused": ("Paused", "hold"),
    "asking": ("Asks for a decision", "recycle"),
    "ended": ("Ended", "hold"),
}


@bp.route("/ideas/<reference>/pilot", methods=["GET", "POST"])
def plan(reference: str) -> Any:
    """The plan; sent to this address, one is made where an idea that passed its gate has none yet."""
    idea = _idea(reference)
    if request.method == "POST":
        commands.plan_pilot(me(), idea)
        flash(_("The plan is there, with what was approved. Fill in what is missing."))
        return redirect(url_for(".plan", reference=idea.reference))
    pilot = queries.latest_pilot(idea)
    if pilot is None:
        return render_template("pilots/no_plan.html", idea=idea, can_plan=queries.is_ready(idea))
    pilot = asked_pilot(reference)
    found = queries.read_plan(pilot)
    typical, against = queries.compare_sites(pilot)
    return render_template(
        "pilots/plan.html",
        idea=idea,
        pilot=pilot,
        plan=found,
        rows=found.rows,
        sites=found.sites,
        covered=list_terms(pilot.starts_on, pilot.ends_on) if pilot.starts_on and pilot.ends_on else [],
        cost=cost_of(found.rows["budget"], found.sites.learners),
        typical=typical,
        against=against,
        said=sentences(typical, against, idea.definition.words),
        amendments=_amendments(pilot),
        adaptations=queries.list_adaptations(pilot),
        standing=standing,
        earlier=queries.numbers_of_earlier(pilot),
        lapsed=run_out(found.rows["permissions"], today()) if pilot.state != "ended" else [],
        missing=found.missing if pilot.state == "planned" else (),
        can_start=queries.is_ready(idea),
        called=idea.definition.words,
        parts=PARTS,
        designs=DESIGNS,
        statuses=STATUSES,
        state=STATES[pilot.state],
    )


def _amendments(pilot: Pilot) -> Page[Told]:
    number = request.args.get("amendments", 1, type=small_number)
    found = queries.list_amendments(pilot, page=number)
    told = told_of(found.items, names_of(each.made_by_id for each in found.items), pilot.idea.definition)
    page = Page(told, found.number, found.size, found.counted, found.has_next)
    here = pilot.idea.reference
    return page.at(lambda at: url_for(".plan", reference=here, amendments=at, _anchor="amendments"))


@bp.post("/ideas/<reference>/pilot/start")
def start(reference: str) -> Any:
    pilot = asked_pilot(reference)
    commands.start_pilot(me(), pilot)
    flash(_("The pilot has begun. Good luck."))
    return redirect(url_for("pipeline.idea", reference=pilot.idea.reference))


@bp.route("/ideas/<reference>/pilot/plan/<part>", methods=["GET", "POST"])
def plan_part(reference: str, part: str) -> Any:
    pilot = _pilot(reference)
    if part not in PARTS:
        raise NotThere
    policy.may_run_pilot.require(me(), pilot)
    form: Any
    command: Any
    if part == "outline":
        form, command = outline_form(pilot, list_terms()), commands.change_outline
    else:
        form, command = rows_form(part, queries.list_rows(pilot, part), pilot.idea.definition), commands.change_rows
    if isinstance(form, RowsForm) and request.form.get("more"):
        form.compare_with(pilot)
        form.rows.append_entry()
    elif form.submit_to(command, me(), pilot):
        return _changed(pilot)
    shown = {"part": part, "about": PARTS[part], "called": pilot.idea.definition.words}
    template = pilot.idea.definition.pilot
    return render_template(
        "pilots/plan_part.html", idea=pilot.idea, pilot=pilot, form=form, template=template, **shown
    ), form.status


@bp.route("/ideas/<reference>/pilot/sites", methods=["GET", "POST"])
def sites(reference: str) -> Any:
    pilot = _pilot(reference)
    words = pilot.idea.definition.words
    form: Any = new_site_form(words)
    if form.submit_to(commands.add_site, me(), pilot):
        flash(_("The place is in the plan."))
        return redirect(url_for(".sites", reference=pilot.idea.reference))
    page = queries.list_sites(pilot, page=request.args.get("page", 1, type=small_number))
    chosen = find_school(form.place.data) if words.site_number and form.place.data else None
    return render_template(
        "pilots/sites.html",
        idea=pilot.idea,
        pilot=pilot,
        page=page.at(lambda number: url_for(".sites", reference=pilot.idea.reference, page=number)),
        counts=queries.count_sites(pilot),
        form=form,
        chosen=chosen,
        called=words,
    ), form.status


@bp.route("/ideas/<reference>/pilot/sites/<int:site_id>", methods=["GET", "POST"])
def site(reference: str, site_id: int) -> Any:
    pilot = _pilot(reference)
    policy.may_run_pilot.require(me(), pilot)
    found = queries.find_site(pilot, site_id)
    begun = pilot.state != "planned"
    form = site_form(found, pilot.idea.definition.words, begun=begun)
    if request.form.get("remove"):
        if _removed(form, pilot, found):
            flash(_("The place is out of the plan."))
            return redirect(url_for(".sites", reference=pilot.idea.reference))
    elif form.submit_to(commands.change_site, me(), pilot, site=found):
        return _changed(pilot, ".sites")
    school = find_school(found.emis) if found.emis else None
    shown = {"school": school, "begun": begun, "called": pilot.idea.definition.words}
    return render_template(
        "pilots/site.html", idea=pilot.idea, pilot=pilot, spot=found, form=form, **shown
    ), form.status


def _removed(form: Any, pilot: Pilot, site: PilotSite) -> bool:
    """Nothing that the form holds counts when the place is taken out, but for what was seen of the plan."""
    form.compare_with(pilot)
    if form.refusals:
        return False
    try:
        commands.remove_site(me(), pilot, site=site)
    except Refused as refused:
        form.refuse(refused, 422)
    return not form.refusals


def _idea(reference: str) -> Idea:
    idea = find_idea(me(), reference)
    if not policy.may_see_pilot.allows(me(), idea):
        raise NotThere
    return idea


def _pilot(reference: str) -> Pilot:
    return asked_pilot(reference)


def _changed(pilot: Pilot, back: str = ".plan") -> Any:
    flash(_("The plan is changed.") if pilot.state == "planned" else _("The plan is amended; the coordinator is told."))
    return redirect(url_for(back, reference=pilot.idea.reference))
