"""Looking at a decision again: the owner asks, another chair takes it on and answers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from innovation.forms import choices
from innovation.gates import commands, policy, queries
from innovation.gates.after_models import Reconsideration
from innovation.gates.forms import AskForm, NameForm, UpholdForm, supersede_form
from innovation.gates.views.blueprint import bp
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me, today


@bp.route("/reviews/<int:review_id>/reconsideration", methods=["GET", "POST"])
def ask_reconsideration(review_id: int) -> Any:
    review = queries.find_review(me(), review_id)
    policy.may_ask_reconsideration.require(me(), review)
    decision = queries.panel_view(me(), review).decision
    if decision is None:
        raise NotThere
    form = AskForm.read(version=review.version)
    if form.submit_to(commands.ask_reconsideration, me(), review):
        flash(_("Another chair is asked to look at the decision again."))
        return redirect(url_for(".reconsideration", number=form.result.id))
    page = {"review": review, "idea": review.idea, "gate": review.gate, "form": form, "decision": decision}
    page |= {"until": queries.asking_until(decision), "reasons": commands.why_not_asked(review)}
    page["days"] = review.idea.definition.after.answer_days
    return render_template("gates/ask_reconsideration.html", **page), form.status


@bp.route("/reconsiderations/<int:number>", methods=["GET", "POST"])
def reconsideration(number: int) -> Any:
    """The request as the person may read it; whoever has taken it on answers here that the decision stands."""
    asked = queries.find_reconsideration(me(), number)
    form = UpholdForm.read(version=asked.version)
    if form.submit_to(commands.uphold_decision, me(), asked):
        flash(_("The answer is given. The owner is told."))
        return redirect(url_for(".reconsideration", number=asked.id))
    page = {"asked": asked, "idea": asked.idea, "review": asked.review, "gate": asked.review.gate, "form": form}
    return render_template("gates/reconsideration.html", **page, **_beside(asked)), form.status


def _beside(asked: Reconsideration, naming: NameForm | None = None) -> dict[str, Any]:
    """What the person may read of the decision, and whom they may ask beside those who are asked."""
    page: dict[str, Any] = {"view": queries.answering_view(me(), asked), "today": today(), "naming": None}
    waits = asked.state == "asked" and policy.may_take_reconsideration.allows(me(), asked)
    page["flags"] = queries.flags_on(me().person_id or 0, asked.idea_id) if waits else ()
    if asked.is_open and policy.may_name_answerer.allows(me(), asked):
        page["naming"] = naming or NameForm(version=asked.version)
        page["naming"].person_id.choices = choices(queries.list_nameable(asked).items())
        page["free"] = asked.state == "asked" or queries.may_take_away(asked, today())
        page["people"] = queries.names_of_people(each.person_id for each in asked.answerers)
    return page


@bp.post("/reconsiderations/<int:number>/answerer")
def name_answerer(number: int) -> Any:
    asked = queries.find_reconsideration(me(), number)
    form = NameForm.read(version=asked.version)
    if form.submit_to(commands.name_answerer, me(), asked):
        flash(_("They are asked to look at the decision again, and told so."))
        return redirect(url_for(".reconsideration", number=asked.id))
    page = {"asked": asked, "idea": asked.idea, "review": asked.review, "gate": asked.review.gate, "form": form}
    return render_template("gates/reconsideration.html", **page, **_beside(asked, form)), form.status


@bp.post("/reconsiderations/<int:number>/taking")
def take_reconsideration(number: int) -> Any:
    asked = commands.take_reconsideration(me(), queries.find_reconsideration(me(), number))
    flash(_("Thank you. The idea and the decision are open to you."))
    return redirect(url_for(".reconsideration", number=asked.id))


@bp.post("/reconsiderations/<int:number>/interest")
def step_back(number: int) -> Any:
    commands.step_back(me(), queries.find_reconsideration(me(), number))
    flash(_("You have stepped back. This idea is closed to you from now on."))
    return redirect(url_for("pipeline.my_work"))


@bp.post("/reconsiderations/<int:number>/return")
def give_back_reconsideration(number: int) -> Any:
    commands.give_back_reconsideration(me(), queries.find_reconsideration(me(), number))
    flash(_("You have left it to the others who are asked."))
    return redirect(url_for("pipeline.my_work"))


@bp.route("/reconsiderations/<int:number>/decision", methods=["GET", "POST"])
def change_decision(number: int) -> Any:
    asked: Reconsideration = queries.find_reconsideration(me(), number)
    policy.may_answer_reconsideration.require(me(), asked)
    view = queries.answering_view(me(), asked)
    if view is None or not asked.is_open:
        return redirect(url_for(".reconsideration", number=asked.id))
    form = supersede_form(asked.review)
    form.version.data = str(asked.version) if not form.was_sent else form.version.data
    if form.submit_to(commands.change_decision, me(), asked):
        flash(_("The new decision stands in the place of the last one. Both are kept."))
        return redirect(url_for(".reconsideration", number=asked.id))
    page = {"review": asked.review, "idea": asked.idea, "gate": asked.review.gate, "view": view, "form": form}
    page |= {"off": queries.ruled_out(asked.review), "reasons": (), "correcting": True}
    page["back"] = url_for(".reconsideration", number=asked.id)
    return render_template("gates/decision.html", **page), form.status
