"""The page of an idea's home in the system: the post that owns it, what it rests on, and the hand-over."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.forms import Form
from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.permission import NotThere
from innovation.replication import commands, policy, queries
from innovation.replication.blueprint import bp
from innovation.replication.codes import LICENCES
from innovation.replication.forms import homes as forms
from innovation.replication.system_codes import HANDOVER_STATES, REFERENCES
from innovation.replication.system_models import SystemHome
from innovation.web import me, today
from workflows import HANDOVER

KEPT = lazy_gettext("Kept.")
PARTS: dict[str, tuple[Any, Any, Any]] = {
    "post": (forms.PostForm, commands.keep_post, KEPT),
    "sides": (forms.SidesForm, commands.keep_sides, KEPT),
    "reference": (forms.ReferenceForm, commands.add_reference, lazy_gettext("It is added.")),
    "budget_line": (forms.BudgetForm, commands.add_budget_line, lazy_gettext("The budget line is added.")),
    "step": (forms.StepForm, commands.add_step, lazy_gettext("The step is planned.")),
    "agreement": (Form, commands.agree_handover, lazy_gettext("The hand-over is agreed upon. Everybody is told.")),
    "reopening": (forms.ReopenForm, commands.reopen_handover, lazy_gettext("The agreement is open again.")),
    "handover": (forms.HappenedForm, commands.record_handover, lazy_gettext("The hand-over is recorded.")),
}
"""What is written on the page: by the last word of the address."""


@bp.get("/ideas/<reference>/system")
def system_home(reference: str) -> Any:
    return _page(queries.find_home(me(), reference))


@bp.post("/ideas/<reference>/system/<what>")
def keep_home(reference: str, what: str) -> Any:
    """Do what the last word of the address says; another word is nowhere."""
    home = queries.find_home(me(), reference)
    if what not in PARTS or (what in ("agreement", "reopening", "handover") and not home.is_written):
        raise NotThere
    form = _form(home, what)
    if form.submit_to(PARTS[what][1], me(), home):
        flash(str(PARTS[what][2]))
        return _back(home)
    if what == "handover" and home.state == "handed_over" and form.refusals:  # an older page, often one's own
        form.refusals = [_("The hand-over is recorded already, as it stands below. Nothing was done again.")]
    return _page(home, what, form)


@bp.post("/ideas/<reference>/system/steps/<int:row_id>")
def finish_step(reference: str, row_id: int) -> Any:
    home = queries.find_home(me(), reference)
    step = queries.find_row(home, "step", row_id)
    form = forms.DoneForm.read(prefix=f"s{step.id}")
    if form.submit_to(commands.finish_step, me(), step):
        flash(_("The step is done."))
        return _back(home)
    return _page(home, f"s{step.id}", form)


@bp.post("/ideas/<reference>/system/<kind>/<int:row_id>/removal")
def remove_home_row(reference: str, kind: str, row_id: int) -> Any:
    home = queries.find_home(me(), reference)
    commands.remove_row(me(), queries.find_row(home, kind, row_id))
    flash(_("It is taken out."))
    return _back(home)


def _back(home: SystemHome) -> Any:
    return redirect(url_for(".system_home", reference=home.idea.reference))


def _form(home: SystemHome, what: str) -> Any:
    """The form of a part: as it was sent where it was sent, with what it offers."""
    made, first = PARTS[what][0], _first(home, what)
    here = request.method == "POST" and (request.view_args or {}).get("what") == what
    form: Any = made.read(prefix=what, data=first) if here else made(None, prefix=what, data=first)
    return form.offer(queries.spokespeople(home.idea)) if what == "post" else form


def _first(home: SystemHome, what: str) -> dict[str, Any]:
    names = {"post": ("unit", "post", "official", "licence"), "sides": ("from_role", "to_role", "agreed_for")}
    first = {name: getattr(home, name) for name in names.get(what, ())}
    if what == "post":
        first |= {"official_agreed": home.official_agreed_on is not None, "contact": str(home.contact_id or "")}
    return first | {"happened_on": today()}


def _page(home: SystemHome, what: str = "", sent: Any = None) -> Any:
    idea = home.idea
    facts = queries.facts_of_handover(home)
    under_way = queries.is_going_on(idea) and queries.is_taken_up(idea)
    writes = under_way and policy.may_keep_home.allows(me(), idea)
    asked = {name: _form(home, name) if writes else None for name in PARTS if name != "handover"}
    records = under_way and policy.may_record_handover.allows(me(), idea) and home.state == "agreed"
    asked["handover"] = _form(home, "handover") if records else None
    done = {each.id: forms.DoneForm(None, prefix=f"s{each.id}", data={"done_on": today()}) for each in home.steps}
    if what in asked and asked[what] is not None:
        asked[what] = sent
    elif what.startswith("s") and what[1:].isdigit():
        done[int(what[1:])] = sent
    return render_template(
        "replication/system.html",
        idea=idea,
        home=home,
        seen=home if home.is_written else None,
        asked=asked,
        done=done,
        sent=sent,
        writes=writes,
        finishes=under_way and home.state != "handed_over" and policy.may_finish_step.allows(me(), home),
        ways={way: HANDOVER.reasons(home.state, way, facts) for way in HANDOVER.triggers(home.state)},
        licence=LICENCES.get(queries.licence_of(home), ""),
        states=HANDOVER_STATES,
        kinds=REFERENCES,
        names=names_of([home.recorded_by_id, *(each.done_by_id for each in home.steps)]),
        open=queries.is_taken_up(idea),
    ), sent.status if sent else 200
