"""A funder's grant programmes, what each looks for, and how many ideas that would let through."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.funders import commands, policy, queries
from innovation.funders.blueprint import bp
from innovation.funders.mandate_forms import MandateForm, grant_form, mandate_form
from innovation.funders.models import Funder, GrantProgramme, Mandate
from innovation.funders.queries import Giving
from innovation.funders.trial import Trial
from innovation.funders.views.mandate_words import blocked_words
from innovation.languages import gettext as _
from innovation.web import me, today

# Programmes


@bp.route("/funders/<key>/programmes/new", methods=["GET", "POST"])
def make_grant(key: str) -> Any:
    found = queries.find_funder(me(), key)
    policy.may_make_grant.require(me(), found)
    form = grant_form(None, today())
    if request.method == "POST" and form.submit_to(commands.make_grant, me(), found):
        flash(_("The programme is there. Say what it looks for, so that ideas can be matched."))
        return redirect(url_for(".mandate", key=key, grant=form.result.key))
    return render_template("funders/grant.html", form=form, funder=found, grant=None), form.status


@bp.route("/funders/<key>/programmes/<grant_key>", methods=["GET", "POST"])
def grant(key: str, grant_key: str) -> Any:
    found = queries.find_funder(me(), key)
    programme = queries.find_grant(found, grant_key)
    policy.may_change_grant.require(me(), programme)
    form = grant_form(programme, today())
    if request.method == "POST" and form.submit_to(commands.change_grant, me(), programme):
        flash(_("The programme is saved."))
        return redirect(url_for(".funder", key=key))
    return render_template("funders/grant.html", form=form, funder=found, grant=programme), form.status


# What they look for


@bp.get("/funders/mandate")
def own_mandate() -> Any:
    return redirect(url_for(".mandate", key=queries.acting_funder(me()).key))


@bp.route("/funders/<key>/mandate", methods=["GET", "POST"])
def mandate(key: str) -> Any:
    found = queries.find_funder(me(), key)
    policy.may_change_mandate.require(me(), found)
    givings, chosen = _chosen(found)
    form = _form(found, chosen)
    if request.method == "POST" and form.submit_to(commands.change_mandate, me(), _subject(found, chosen)):
        flash(_("The mandate is saved as version %(number)s.", number=form.result.number))
        own = found.id in me().funder_ids
        return redirect(url_for(".browse", fund=key) if own else url_for(".funder", key=key))
    saved = chosen.mandate if chosen and not form.was_sent else None
    trial = queries.try_mandate(me(), found, saved, today()) if saved else None
    return _mandate_page(found, givings, chosen, form, trial)


@bp.post("/funders/<key>/mandate/fits")
def count_fits(key: str) -> Any:
    """How many ideas would fit what is typed; nothing is saved, and nothing that was typed is lost."""
    found = queries.find_funder(me(), key)
    policy.may_change_mandate.require(me(), found)
    givings, chosen = _chosen(found)
    form = _form(found, chosen)
    form.status = 200 if form.validate() else 422
    trial = queries.try_mandate(me(), found, Mandate(**form.details()), today()) if not form.errors else None
    if request.headers.get("HX-Request") == "true":
        return render_template("funders/would_fit.html", trial=trial, form=form, words=blocked_words())
    return _mandate_page(found, givings, chosen, form, trial)


@bp.post("/funders/<key>/mandates/<int:mandate_id>/confirmation")
def confirm_mandate(key: str, mandate_id: int) -> Any:
    found = queries.find_funder(me(), key)
    confirmed = commands.confirm_mandate(me(), queries.find_mandate(found, mandate_id))
    flash(_("Thank you. It counts until it is due again, and ideas are matched with it."))
    return redirect(url_for(".funder", key=key, _anchor=f"programme-{confirmed.programme_id}"))


def _chosen(funder: Funder) -> tuple[list[Giving], Giving | None]:
    """The funder's programmes, and the one that the address names, or the first; None where there is none yet."""
    givings, key = queries.givings_of(funder), request.args.get("grant", "")
    if key:
        queries.find_grant(funder, key)
    return givings, next((each for each in givings if key in ("", each.programme.key)), None)


def _subject(funder: Funder, chosen: Giving | None) -> Funder | GrantProgramme:
    return chosen.programme if chosen else funder


def _form(funder: Funder, chosen: Giving | None) -> MandateForm:
    stages = queries.stages_for_funders(queries.definitions_in_use().values())
    return mandate_form(stages, _subject(funder, chosen), chosen.mandate if chosen else None)


def _mandate_page(
    funder: Funder, givings: list[Giving], chosen: Giving | None, form: MandateForm, trial: Trial | None
) -> Any:
    return render_template(
        "funders/mandate.html",
        form=form,
        funder=funder,
        givings=givings,
        chosen=chosen,
        trial=trial,
        words=blocked_words(),
        versions=queries.list_mandates(chosen.programme) if chosen else [],
    ), form.status
