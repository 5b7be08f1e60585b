"""The pages on which readings are typed, and where the history of a cell is read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for

from innovation.db import db, whole_number
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.readings import ReadingsForm
from innovation.pilots.plan_models import Indicator, Pilot
from innovation.pilots.reading_models import Reading
from innovation.pilots.views.asked import asked_pilot
from innovation.pilots.writing import Cell, Measured, Written, standing_in
from innovation.web import me

AT_ONCE = 5  # indicators on one page


def pilot_to_measure(reference: str) -> Pilot:
    """The pilot, for those who type readings; nobody else sees what was measured of few learners."""
    found = asked_pilot(reference)
    if not policy.may_type_readings.allows(me(), found):
        raise NotThere
    return found


@bp.route("/ideas/<reference>/pilot/readings", methods=["GET", "POST"])
def readings(reference: str) -> Any:
    """Sites as rows and a few indicators as columns, for one term."""
    pilot = pilot_to_measure(reference)
    terms = queries.terms_of(pilot)
    term = _term(terms, pilot)
    form = ReadingsForm.read()
    if form.was_sent:
        form.take(term)
        form.shown = _shown(form)
        if form.submit_to(commands.type_readings, me(), pilot):
            _tell(form.result)
            return redirect(_onward(pilot, term))
    return _page(pilot, terms, term, form)


def _term(terms: list[str], pilot: Pilot) -> str:
    """The term that was asked for; else the last one that has readings, or the first."""
    asked = request.args.get("term", "")
    if asked in terms:
        return asked
    had = {row.term for row in queries.list_summaries(pilot)}
    return next((term for term in reversed(terms) if term in had), terms[min(1, len(terms) - 1)])


def _shown(form: ReadingsForm) -> dict[int, Measured]:
    """What the page showed in each box, by the number of the reading."""
    ids = [box.seen for box in form.boxes.values() if box.seen]
    columns = (Reading.id, Reading.value, Reading.learners, Reading.spread)
    return {row.id: Measured(*row[1:]) for row in db.session.execute(sa.select(*columns).where(Reading.id.in_(ids)))}


def _tell(written: Written) -> None:
    if written.new:
        flash(ngettext("%(num)d reading is new.", "%(num)d readings are new.", written.new))
    if written.corrected:
        flash(
            ngettext(
                "%(num)d reading is corrected. What stood before is kept.",
                "%(num)d readings are corrected. What stood before is kept.",
                written.corrected,
            )
        )
    if written.removed:
        flash(ngettext("%(num)d reading is taken out.", "%(num)d readings are taken out.", written.removed))
    if not written.changed:
        flash(_("Nothing has changed."))
    if written.raised.number:
        flash(_("A stop threshold is crossed. The pilot asks for a decision."), "warning")


def _onward(pilot: Pilot, term: str) -> str:
    """The same page, or the one after it where that was asked for."""
    number = whole_number(request.args.get("page", "1")) or 1
    asked: dict[str, Any] = {"text": request.args.get("text"), "group": request.args.get("group"), "term": term}
    asked["page"] = str(number + 1) if request.form.get("then") == "next" else str(number)
    return url_for(".readings", reference=pilot.idea.reference, **{key: value for key, value in asked.items() if value})


def _page(pilot: Pilot, terms: list[str], term: str, form: ReadingsForm) -> Any:
    state, text = ListState.read((), ""), request.args.get("text", "")[:60]
    page = state.on(queries.list_sites_to_read(pilot, text=text, page=state.number))
    groups = [pilot.indicators[at : at + AT_ONCE] for at in range(0, len(pilot.indicators), AT_ONCE)]
    group = min(max(whole_number(request.args.get("group", "1")) or 1, 1), max(len(groups), 1))
    columns: list[Indicator] = groups[group - 1] if groups else []
    sent = {box.cell for box in form.boxes.values()}
    cells = [Cell(each.id, site.id, term) for site in page.items for each in columns]
    form.show(cells, standing_in({*cells, *sent}))
    form.show(sent, standing_in(sent))
    return render_template(
        "pilots/readings.html",
        idea=pilot.idea,
        pilot=pilot,
        form=form,
        terms=terms,
        term=term,
        text=text,
        list=state,
        page=page,
        columns=columns,
        groups=groups,
        group=group,
        names={each.id: each.name for each in pilot.indicators},
    ), form.status


@bp.get("/ideas/<reference>/pilot/readings/<int:indicator_id>/<int:site_id>")
def reading_history(reference: str, indicator_id: int, site_id: int) -> Any:
    """Everything that was written for an indicator at a site, in every term."""
    pilot = pilot_to_measure(reference)
    history = queries.find_history(me(), pilot, indicator_id, site_id)
    return render_template("pilots/reading_history.html", idea=pilot.idea, pilot=pilot, history=history)
