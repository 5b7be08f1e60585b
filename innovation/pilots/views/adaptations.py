"""The page of a pilot's adaptations: each with its plan, do, study and act, in the order of time."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.forms import Form
from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries
from innovation.pilots.adaptation_models import PilotAdaptation
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.adaptations import DropForm, PlanAdaptationForm, SettleForm, StudyForm, TryForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.trying import ACTS, TOUCHED, standing
from innovation.pilots.views.asked import asked_pilot
from innovation.web import me, today
from workflows import ADAPTATION

STEPS: dict[str, tuple[type[Form], Any, Any]] = {
    "try": (TryForm, commands.try_adaptation, lazy_gettext("It is being tried.")),
    "drop": (DropForm, commands.drop_adaptation, lazy_gettext("It is not tried.")),
    "study": (StudyForm, commands.study_adaptation, lazy_gettext("What was found is kept.")),
    "settle": (SettleForm, commands.settle_adaptation, lazy_gettext("It is settled; the coordinator is told.")),
}
"""What is done with an adaptation next: by the last word of the address, which is the trigger of its way."""
DAYS = ("planned_on", "begun_on", "studied_on", "settled_on")


@bp.route("/ideas/<reference>/pilot/adaptations", methods=["GET", "POST"])
def adaptations(reference: str) -> Any:
    pilot = asked_pilot(reference)
    form = PlanAdaptationForm.read(prefix="new", data=_days())
    if form.submit_to(commands.plan_adaptation, me(), pilot):
        return _planned(pilot, form)
    return _page(pilot, new=form)


@bp.post("/ideas/<reference>/pilot/adaptations/<int:number>/next")
def next_cycle(reference: str, number: int) -> Any:
    """Another cycle of what is to be changed again."""
    pilot = asked_pilot(reference)
    before = queries.find_adaptation(me(), pilot, number)
    form = PlanAdaptationForm.read(prefix=f"a{number}", data=_days())
    if form.submit_to(commands.plan_adaptation, me(), pilot, follows=before):
        return _planned(pilot, form)
    return _page(pilot, sent=("next", number, form))


@bp.post("/ideas/<reference>/pilot/adaptations/<int:number>/steps/<what>")
def adaptation_step(reference: str, number: int, what: str) -> Any:
    """Do what the last word of the address says; another word is nowhere."""
    pilot = asked_pilot(reference)
    found = queries.find_adaptation(me(), pilot, number)
    if what not in STEPS:
        raise NotThere
    made, command, done = STEPS[what]
    form = made.read(prefix=f"{what}{number}", data=_days())
    if form.submit_to(command, me(), found):
        flash(str(done))
        return _back(pilot, number)
    return _page(pilot, sent=(what, number, form))


def _planned(pilot: Pilot, form: Form) -> Any:
    flash(_("The adaptation is planned."))
    if form.result.is_core:
        flash(_("It touches a core part: say with your coordinator why it must be, and watch closely."), "warning")
    return _back(pilot, form.result.number)


def _back(pilot: Pilot, number: int) -> Any:
    return redirect(url_for(".adaptations", reference=pilot.idea.reference, _anchor=f"adaptation-{number}"))


def _days() -> dict[str, Any]:
    return dict.fromkeys(DAYS, today())


def _page(pilot: Pilot, *, new: PlanAdaptationForm | None = None, sent: tuple[str, int, Form] | None = None) -> Any:
    found = queries.list_adaptations(pilot)
    followed = {each.follows_id: each.number for each in found if each.follows_id}
    forms = {(what, each.number): _form(what, each) for each in found for what in _ways(each, followed)}
    if sent and sent[:2] in forms:  # meanwhile somebody may have moved it on
        forms[sent[:2]] = sent[2]
    status = sent[2].status if sent else new.status if new else 200
    who = {getattr(each, f"{step}_by_id") for each in found for step in ("planned", "begun", "studied", "settled")}
    return render_template(
        "pilots/adaptations.html",
        idea=pilot.idea,
        pilot=pilot,
        adaptations=found,
        by_id={each.id: each.number for each in found},
        followed=followed,
        forms=forms,
        new=new or PlanAdaptationForm(prefix="new", data=_days()),
        sent=sent[2] if sent else new if new and new.was_sent else None,
        reasons=lambda what, each: ADAPTATION.reasons(each.state, what, queries.facts_of_adaptation(each)),
        names=names_of({number for number in who if number}),
        may=policy.may_adapt_pilot.allows(me(), pilot),
        acts=ACTS,
        standing=standing,
        touched=TOUCHED,
    ), status


def _ways(each: PilotAdaptation, followed: dict[int, int]) -> list[str]:
    """What can be said of an adaptation next."""
    ways = list(ADAPTATION.triggers(each.state))
    return [*ways, "next"] if each.act == "again" and each.id not in followed else ways


def _form(what: str, each: PilotAdaptation) -> Form:
    if what != "next":
        return STEPS[what][0](prefix=f"{what}{each.number}", data=_days())
    same = {
        "touches": each.touches,
        "kind": "core" if each.is_core else "adaptable",
        "goal": each.goal,
        "who": each.who,
    }
    return PlanAdaptationForm(prefix=f"a{each.number}", data=_days() | same)
