"""Seats to fill: who has left while they sit, panels that became too small, and terms of office that end."""

from __future__ import annotations

from typing import Any

from flask import render_template

from innovation.db import whole_number
from innovation.gates import commands, policy, queries
from innovation.gates.forms import VacancyForm
from innovation.gates.views.blueprint import bp
from innovation.web import me, today
from workflows import Refused


@bp.route("/panels/vacancies", methods=["GET", "POST"])
def vacancies() -> Any:
    policy.may_list_panels.require(me())
    form, report = VacancyForm.read(), None
    leavers = queries.list_leavers(me(), today())
    if form.was_sent:
        report = _replace(form, leavers)
        leavers = queries.list_leavers(me(), today())
    page = {
        "leavers": leavers,
        "short": queries.list_short_panels(me()),
        "report": report,
        "form": form,
        "today": today(),
    }
    titles = queries.titles_of(me(), [reference for reference, _reasons in report.failed]) if report else {}
    terms = queries.list_ending_terms(me(), today())
    return render_template("gates/vacancies.html", **page, terms=terms, titles=titles), form.status


def _replace(form: VacancyForm, leavers: list[queries.Leaver]) -> commands.BulkReport | None:
    """Fill every seat of somebody who has left, each in a transaction of its own; None where that makes no sense."""
    person_id, by_id = whole_number(form.person_id.data), whole_number(form.by.data)
    leaver = next((each for each in leavers if each.person_id == person_id and each.to_fill), None)
    if leaver is None:
        form.refuse(Refused(("There is no seat of theirs to fill any more.",)), 422)
        return None
    if form.by.data and by_id not in dict(leaver.alternates):
        form.refuse(Refused(("Choose who takes the seats, or that the member is only excused.",)), 422)
        return None
    references = [seat.review.idea.reference for seat in leaver.to_fill]
    return commands.in_bulk(me(), references, commands.replace_leaver(leaver.person_id, by_id))
