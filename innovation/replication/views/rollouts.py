"""The pages of rollouts: all of an idea with how it spread, and one of them, which its adopter may fill in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.forms import Form
from innovation.ideas.queries import names_of
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.permission import NotThere
from innovation.pilots.fidelity import DIMENSIONS
from innovation.pilots.privacy import FEWEST_LEARNERS, is_few
from innovation.pilots.trying import ACTS
from innovation.replication import adapting, commands, contents, growing, howto, policy, queries
from innovation.replication.blueprint import bp
from innovation.replication.codes import STATES, kinds
from innovation.replication.forms import rollouts as forms
from innovation.replication.models import Rollout
from innovation.web import me, today
from workflows import ROLLOUT

SHOWN = {"states": STATES, "acts": ACTS, "dimensions": DIMENSIONS, "fewest": FEWEST_LEARNERS, "is_few": is_few}
Made = Callable[[Rollout], Form]

STEPS: dict[str, tuple[Any, Any, Any]] = {
    "agreement": (
        forms.AgreementForm,
        commands.agree_rollout,
        lazy_gettext("The agreement is recorded: they are told."),
    ),
    "refusal": (forms.RefusalForm, commands.decline_rollout, lazy_gettext("It is declined: they are told.")),
    "move": (forms.MoveForm, commands.move_rollout, lazy_gettext("It has moved on.")),
    "people": (forms.PeopleForm, commands.name_people, lazy_gettext("Kept.")),
    "site": (forms.SiteForm, commands.add_rollout_site, lazy_gettext("The place is added.")),
}
"""What the team does with a rollout: by the last word of the address."""
RECORDS: dict[str, tuple[Any, Any, Any]] = {
    "training": (forms.TrainingDoneForm, commands.record_training, lazy_gettext("The training is recorded.")),
    "fidelity": (forms.FidelityForm, commands.check_fidelity, lazy_gettext("The check is recorded.")),
    "adaptation": (forms.AdaptationForm, commands.begin_adaptation, lazy_gettext("The adaptation is recorded.")),
    "result": (forms.ResultForm, commands.record_result, lazy_gettext("The result is recorded.")),
}
"""What its adopter fills in as well."""


@bp.route("/ideas/<reference>/rollouts", methods=["GET", "POST"])
def rollouts(reference: str) -> Any:
    idea = queries.find_spreading(me(), reference)
    found = queries.list_rollouts(idea)
    form = forms.EnterForm.read().offer(idea.definition.words)
    form.learned_from.offer(queries.taking_part(found))
    if form.submit_to(commands.enter_rollout, me(), idea):
        flash(_("%(name)s is entered.", name=form.result.organisation))
        return redirect(url_for(".rollout", reference=idea.reference, number=form.result.number))
    part = [each for each in found if each.state not in ("asked", "declined")]
    spread = queries.spread_of(found, today())
    current = queries.published(queries.list_versions(idea))
    parts = contents.read(next(iter(current.values())).content).parts if current else ()
    return render_template(
        "replication/rollouts.html",
        idea=idea,
        rollouts=found,
        by_id={each.id: each for each in found},
        tree=growing.grow({each.id: each.learned_from_id for each in part}),
        spread=spread,
        bars=growing.bars(spread),
        tried=adapting.by_part(parts, [each for rollout in found for each in rollout.adaptations]),
        fidelity=adapting.fidelity,
        kinds=kinds(idea.definition.words),
        form=form,
        **SHOWN,
    ), form.status


@bp.get("/ideas/<reference>/rollouts/<int:number>")
def rollout(reference: str, number: int) -> Any:
    """Its page; or, as a PDF, the version of the playbook that it is done by."""
    found = queries.find_rollout(me(), reference, number)
    if request.args.get("as") != "pdf":
        return _page(found)
    version = found.playbook_version
    if version is None:
        raise NotThere
    content = howto.as_pdf(version, howto.sections_of(version, found.idea.definition.words))
    return Response(content, mimetype="application/pdf")


@bp.post("/ideas/<reference>/rollouts/<int:number>/steps/<what>")
def keep_rollout(reference: str, number: int, what: str) -> Any:
    return _sent(queries.find_rollout(me(), reference, number), what, STEPS, policy.may_keep_rollout)


@bp.post("/ideas/<reference>/rollouts/<int:number>/records/<what>")
def fill_rollout(reference: str, number: int, what: str) -> Any:
    return _sent(queries.find_rollout(me(), reference, number), what, RECORDS, policy.may_fill_rollout)


def _sent(found: Rollout, what: str, table: dict[str, tuple[Any, Any, Any]], may: Any) -> Any:
    """Do what the last word of the address says; another word is nowhere."""
    if what not in table:
        raise NotThere
    may.require(me(), found)
    _form_class, command, done = table[what]
    form = _form(found, what)
    if form.submit_to(command, me(), found):
        flash(str(done))
        if getattr(form.result, "was_core", False):
            flash(_("It touches a core part: say with your mentor why it must be, and watch closely."), "warning")
        return _back(found)
    return _page(found, sent=(what, form))


@bp.post("/ideas/<reference>/rollouts/<int:number>/adaptations/<int:adaptation_id>")
def settle_adaptation(reference: str, number: int, adaptation_id: int) -> Any:
    found = queries.find_rollout(me(), reference, number)
    adaptation = queries.find_adaptation(found, adaptation_id)
    form = forms.SettleForm.read(prefix=f"a{adaptation.id}")
    if form.submit_to(commands.settle_adaptation, me(), adaptation):
        flash(_("Kept."))
        return _back(found)
    return _page(found, sent=(f"a{adaptation.id}", form))


def _back(found: Rollout) -> Any:
    return redirect(url_for(".rollout", reference=found.idea.reference, number=found.number))


def _form(found: Rollout, what: str) -> Form:
    """The form of a step or a record: as it was sent where it was sent, with what it offers."""
    made, first = (STEPS | RECORDS)[what][0], _first(found, what)
    here = request.method == "POST" and (request.view_args or {}).get("what") == what
    form: Any = made.read(prefix=what, data=first) if here else made(None, prefix=what, data=first)
    words, version = found.idea.definition.words, found.playbook_version
    offers: dict[str, Callable[[], Any]] = {
        "agreement": lambda: form.offer(queries.published(queries.list_versions(found.idea)).values()),
        "people": lambda: form.offer(queries.mentors_for(found), _others(found)),
        "site": lambda: form.offer(words),
        "adaptation": lambda: form.offer(contents.read(version.content).parts if version else ()),
    }
    if what in offers:
        offers[what]()
    return form  # type: ignore[no-any-return]


def _others(found: Rollout) -> list[Rollout]:
    return [each for each in queries.taking_part(queries.list_rollouts(found.idea)) if each.id != found.id]


def _first(found: Rollout, what: str) -> dict[str, Any]:
    days = {name: today() for name in ("agreed_on", "held_on", "checked_on", "begun_on", "measured_on")}
    if what == "people":
        ids = {name: str(getattr(found, f"{name}_id") or "") for name in ("mentor", "learned_from")}
        return ids | {"contact_role": found.contact_role}
    return days


def _shown(found: Rollout) -> list[str]:
    """The forms that this person can use on the page now."""
    keeps = policy.may_keep_rollout.allows(me(), found)
    steps = {"asked": ["agreement", "refusal", "people"], "agreed": ["move", "people", "site"]}
    steps |= {"preparing": steps["agreed"], "running": steps["agreed"], "ended": ["people"]}
    fills = list(RECORDS) if found.state in ("agreed", "preparing", "running") else []
    fills = ["training", "fidelity", "result"] if found.state == "ended" else fills
    return [
        *(steps.get(found.state, []) if keeps else []),
        *(fills if policy.may_fill_rollout.allows(me(), found) else []),
    ]


def _page(found: Rollout, sent: tuple[str, Form] | None = None) -> Any:
    asked: dict[str, Form | None] = dict.fromkeys(STEPS | RECORDS)
    asked |= {name: _form(found, name) for name in _shown(found)}
    version = found.playbook_version
    settling = {
        each.id: forms.SettleForm(None, prefix=f"a{each.id}", data={"done": each.done, "found": each.found})
        for each in found.adaptations
        if not each.act
    }
    if sent and asked.get(sent[0]):
        asked[sent[0]] = sent[1]
    if sent and sent[0].startswith("a") and sent[0][1:].isdigit():
        settling[int(sent[0][1:])] = sent[1]  # type: ignore[assignment]
    facts = queries.facts_of(found)
    return render_template(
        "replication/rollout.html",
        idea=found.idea,
        rollout=found,
        asked=asked,
        settling=settling,
        sent=sent[1] if sent else None,
        parts=contents.read(version.content).parts if version else (),
        ways={way: ROLLOUT.reasons(found.state, way, facts) for way in ROLLOUT.triggers(found.state)},
        names=names_of([each.checked_by_id for each in found.checks]),
        fidelity=adapting.fidelity,
        kinds=kinds(found.idea.definition.words),
        **SHOWN,
    ), sent[1].status if sent else 200
