"""Waivers of what a gate asks for: asked for, answered, and taken back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.gates import commands, policy, queries
from innovation.gates.forms import AnswerWaiverForm, AskWaiverForm, RevokeForm
from innovation.gates.forms.words import options
from innovation.gates.views.blueprint import bp
from innovation.ideas import queries as ideas_queries
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.web import can, day, me


@bp.route("/ideas/<reference>/waivers", methods=["GET", "POST"])
def waivers(reference: str) -> Any:
    idea = ideas_queries.find_idea(me(), reference)
    found = commands.waivable(idea) if can("ask_waiver", idea) else {}
    form = AskWaiverForm.read(version=idea.version)
    form.what.choices = options([("", _("Choose")), *((key, _named(idea, *names)) for key, names in found.items())])
    if form.submit_to(commands.ask_waiver, me(), idea):
        flash(_("It is waived.") if form.result.state == "granted" else _("You have asked. You are told the answer."))
        return redirect(url_for(".waivers", reference=idea.reference))
    page = {"idea": idea, "form": form, "found": found, "waivers": queries.list_waivers(idea)}
    return render_template("gates/waivers.html", **page), form.status


def _named(idea: Idea, name: str, gate: str) -> str:
    what = _(name) if name else _("The day to present by: %(day)s", day=day(idea.due_on))
    return f"{what} ({_(gate)})"


@bp.route("/waivers/<int:number>", methods=["GET", "POST"])
def asked_waiver(number: int) -> Any:
    asked = queries.find_waiver(me(), number)
    form = AnswerWaiverForm.read(version=asked.version)
    if form.submit_to(commands.answer_waiver, me(), asked):
        flash(_("Your answer is given. The team is told."))
        return redirect(url_for(".asked_waiver", number=asked.id))
    page = {"asked": asked, "idea": asked.idea, "form": form}
    return render_template("gates/waiver.html", **page), form.status


@bp.route("/waivers/<int:number>/revocation", methods=["GET", "POST"])
def revoke_waiver(number: int) -> Any:
    asked = queries.find_waiver(me(), number)
    policy.may_answer_waiver.require(me(), asked)
    form = RevokeForm.read(version=asked.version)
    if asked.waiver.state != "granted" and not form.was_sent:
        return redirect(url_for(".asked_waiver", number=asked.id))
    if form.submit_to(commands.revoke_waiver, me(), asked):
        flash(_("It is asked for again. The team is told."))
        return redirect(url_for(".asked_waiver", number=asked.id))
    page = {"asked": asked, "idea": asked.idea, "form": form}
    return render_template("gates/waiver_taken_back.html", **page), form.status
