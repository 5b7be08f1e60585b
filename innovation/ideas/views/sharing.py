"""What an idea asks from funders, and what its owner agrees to."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas import codes, commands, listing, policy, queries
from innovation.ideas.blueprint import bp
from innovation.ideas.consent_words import RELATION_NAMES, WAY_NAMES
from innovation.ideas.forms import AskForm, ask_values
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me


@bp.route("/ideas/<reference>/ask", methods=["GET", "POST"])
def ask(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_make_ask.require(me(), idea)
    present = queries.latest_ask(idea)
    values = ask_values(idea, present, queries.latest_revision(idea).answers) if request.method == "GET" else {}
    form = AskForm.read(data=values).offer(idea)
    if request.method == "POST" and form.submit_to(commands.make_ask, me(), idea):
        flash(_("The ask is saved as version %(number)s.", number=form.result.number))
        return redirect(url_for("pipeline.idea", reference=idea.reference))
    if form.status == 409:
        present = queries.latest_ask(idea)
        form.based_on.data = str(present.number if present else 0)
    return render_template(
        "ideas/ask.html", idea=idea, form=form, ask=present, shares=listing.shares(idea), gate=_gate_that_asks(idea)
    ), form.status


def _gate_that_asks(idea: Any) -> Any:
    """The first gate of the line that asks for it."""
    return next((gate for gate in idea.definition.gates if gate.ask_required and gate.track is None), None)


@bp.get("/ideas/<reference>/consents")
def consents(reference: str) -> Any:
    idea = queries.find_idea(me(), reference)
    policy.may_see_consents.require(me(), idea)
    shown, agreed = queries.noted_at_capture(idea)
    return render_template(
        "ideas/consents.html",
        idea=idea,
        shown=shown,
        agreed=agreed,
        relations=RELATION_NAMES,
        ways=WAY_NAMES,
        given=queries.live_consents(idea),
        purposes=codes.PURPOSES,
        ask=queries.latest_ask(idea),
        reaches_funders=listing.reaches_funders(idea),
    )


@bp.post("/ideas/<reference>/consents/<purpose>")
def give_consent(reference: str, purpose: str) -> Any:
    idea = queries.find_idea(me(), reference)
    if purpose not in codes.PURPOSES:
        raise NotThere
    commands.give_consent(me(), idea, purpose=purpose)
    flash(_("Thank you. You can withdraw this at any time."))
    return redirect(url_for(".consents", reference=idea.reference))


@bp.post("/ideas/<reference>/consents/<purpose>/withdrawal")
def withdraw_consent(reference: str, purpose: str) -> Any:
    idea = queries.find_idea(me(), reference)
    if purpose not in codes.PURPOSES:
        raise NotThere
    commands.withdraw_consent(me(), idea, purpose=purpose)
    if purpose == codes.SHARE:
        flash(_("The consent is withdrawn. Funders no longer see this idea."))
    else:
        flash(_("The consent is withdrawn."))
    return redirect(url_for(".consents", reference=idea.reference))
