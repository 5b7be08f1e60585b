"""The page that shows what the readings come to, and where stop warnings are answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.ideas.queries import find_idea
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.readings import AnswerForm
from innovation.pilots.picturing import Picture, pictures
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import BASELINE
from innovation.pilots.saying import ANSWER_NAMES
from innovation.pilots.views.asked import asked_pilot
from innovation.web import me


@bp.get("/ideas/<reference>/pilot/readings/overview")
def measured(reference: str) -> Any:
    idea = find_idea(me(), reference)
    if not policy.may_see_pilot.allows(me(), idea):
        raise NotThere
    pilot = queries.latest_pilot(idea)
    if pilot is None:
        nothing: dict[str, Any] = {"pictures": [], "open": [], "answered": [], "forms": {}}
        return render_template("pilots/measured.html", idea=idea, pilot=None, sent=None, types=False, **nothing)
    return _page(asked_pilot(reference))


@bp.post("/ideas/<reference>/pilot/warnings/<int:warning_id>/answer")
def answer_warning(reference: str, warning_id: int) -> Any:
    pilot = asked_pilot(reference)
    warning = queries.find_warning(me(), pilot, warning_id)
    form = AnswerForm.read(prefix=f"w{warning.id}")
    if form.submit_to(commands.answer_stop_warning, me(), warning):
        flash(
            _("The warning is answered, and the pilot goes on.")
            if pilot.state == "running"
            else _("The warning is answered.")
        )
        return redirect(url_for(".measured", reference=reference))
    return _page(pilot, form, warning.id)


def _page(pilot: Pilot, sent: AnswerForm | None = None, sent_for: int = 0) -> Any:
    """As many statements, and rows, for 5 000 sites as for 5."""
    types = policy.may_type_readings.allows(me(), pilot)
    rows = queries.list_summaries(pilot) if types else queries.list_told_summaries(pilot)
    terms = queries.terms_of(pilot, rows)
    drawn = pictures(pilot.indicators, rows, terms)
    had = {row.term for row in rows}
    term = next((each for each in reversed(terms) if each in had), BASELINE)
    sites = queries.count_places(pilot)
    shown = {"open": queries.list_open(pilot), "answered": queries.list_answered(pilot)}
    return render_template(
        "pilots/measured.html",
        idea=pilot.idea,
        pilot=pilot,
        pictures=drawn,
        terms=terms,
        term=term,
        sites=sites,
        types=types,
        missing=_missing(pilot, drawn, term, sites),
        forms={each.warning.id: AnswerForm(prefix=f"w{each.warning.id}") for each in shown["open"]}
        | ({sent_for: sent} if sent else {}),
        sent=sent,
        answers=ANSWER_NAMES,
        **shown,
    ), (sent.status if sent else 200)


def _missing(pilot: Pilot, drawn: list[Picture], term: str, sites: int) -> dict[str, Any] | None:
    """For one indicator, the first sites that have not reported it: the one asked for, else that with the fewest."""
    asked = request.args.get("missing", "")
    lacking = [each for each in drawn if each.sites_in(term) < sites]
    if not lacking:
        return None
    fewest = min(lacking, key=lambda each: each.sites_in(term))
    of = next((each for each in lacking if str(each.indicator.id) == asked), fewest)
    names = queries.list_missing(pilot, of.indicator, term)
    return {"indicator": of.indicator, "names": names, "more": max(sites - of.sites_in(term) - len(names), 0)}
