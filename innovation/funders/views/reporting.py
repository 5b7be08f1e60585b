"""The pages of the report to all funders: written and released on the idea's side, read on each funder's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.forms import Form
from innovation.funders import policy
from innovation.funders.blueprint import bp
from innovation.funders.commands import reporting as commands
from innovation.funders.queries import is_open, own_funders
from innovation.funders.queries import reports as queries
from innovation.funders.queries.disclosed import disclosed_keys
from innovation.funders.queries.funding import find_introduction
from innovation.funders.report_forms import CorrectionForm, ReportForm, TimeForm, VerdictForm
from innovation.funders.report_models import FundingReport
from innovation.funders.report_pages import STATES, report_as_pdf, sections_of, times_of, title_of
from innovation.funders.reporting import GATED, Seen, seen_by_funder, seen_whole
from innovation.funders.views.browsing import acting
from innovation.funders.views.talking import noted
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea
from innovation.languages import gettext as _
from innovation.permission import NotThere
from innovation.web import me, today

SHOWN = {"states": STATES, "times": times_of}


# The idea's side


@bp.route("/ideas/<reference>/reports", methods=["GET", "POST"])
def reports(reference: str) -> Any:
    idea = _idea(reference)
    found = queries.reports_of(idea)
    form = TimeForm.read(data=_next_time(found))
    if form.submit_to(commands.begin_report, me(), idea):
        flash(_("The report is begun. Its figures are in it already."))
        return redirect(url_for(".report", reference=idea.reference, number=form.result.number))
    names = queries.names_of(idea)
    return render_template(
        "funders/reports.html", idea=idea, reports=found, funders=names, form=form, **SHOWN
    ), form.status


@bp.route("/ideas/<reference>/reports/<int:number>", methods=["GET", "POST"])
def report(reference: str, number: int) -> Any:
    idea = _idea(reference)
    found = queries.find_report(me(), idea, number, _edition())
    form = ReportForm.read(data=_written(found))
    if request.args.get("as") == "pdf":
        return _pdf(found, _whole(found))
    hands_in = form.answer.data == "hand_in"
    if form.submit_to(commands.hand_in_report if hands_in else commands.write_report, me(), found):
        flash(_("The report is handed in.") if hands_in else _("Kept."))
        return _to_report(found)
    return _page(found, write=form)


@bp.post("/ideas/<reference>/reports/<int:number>/verdict")
def report_verdict(reference: str, number: int) -> Any:
    found = queries.find_report(me(), _idea(reference), number)
    form = VerdictForm.read()
    releases = form.answer.data == "release"
    if form.submit_to(commands.release_report if releases else commands.return_report, me(), found):
        flash(_("The report is released: its funders are told.") if releases else _("It is given back."))
        return _to_report(found)
    return _page(found, verdict=form)


@bp.post("/ideas/<reference>/reports/<int:number>/correction")
def report_correction(reference: str, number: int) -> Any:
    found = queries.find_report(me(), _idea(reference), number)
    form = CorrectionForm.read()
    if form.submit_to(commands.correct_report, me(), found):
        flash(_("A new edition is begun. Funders read the old one until you release it."))
        return _to_report(found)
    return _page(found, correct=form)


def _idea(reference: str) -> Idea:
    idea = find_idea(me(), reference)
    if not policy.may_see_funding.allows(me(), idea):
        raise NotThere
    return idea


def _written(found: FundingReport) -> dict[str, Any]:
    return {name: getattr(found, name) for name in (*commands.TEXTS, "starts_on", "ends_on", "due_on")}


def _edition() -> int | None:
    return whole_number(request.args.get("edition"))


def _to_report(found: FundingReport) -> Any:
    return redirect(url_for(".report", reference=found.idea.reference, number=found.number))


def _next_time(found: list[FundingReport]) -> dict[str, dt.date]:
    """Half a year that ends today, or what follows the last report; due a month after it."""
    last = min(found[0].ends_on, today()) + dt.timedelta(days=1) if found else today() - dt.timedelta(days=182)
    return {"starts_on": min(last, today()), "ends_on": today(), "due_on": today() + dt.timedelta(days=30)}


def _whole(found: FundingReport) -> Seen:
    return seen_whole(found.figures or queries.figures_of(found, today()), queries.names_of(found.idea))


def _page(
    found: FundingReport,
    *,
    write: ReportForm | None = None,
    verdict: VerdictForm | None = None,
    correct: CorrectionForm | None = None,
) -> Any:
    every = queries.reports_of(found.idea)
    editions = [each for each in every if each.number == found.number]
    before = next((each for each in every if each.number < found.number), None)
    sent: Form | None = verdict or correct or (write if write is not None and write.was_sent else None)
    return render_template(
        "funders/report.html",
        idea=found.idea,
        report=found,
        sections=sections_of(found, _whole(found)),
        title=title_of(found),
        newest=found is editions[0],
        editions=editions,
        before=before,
        funders=queries.names_of(found.idea),
        write=write or ReportForm(None, data=_written(found)),
        verdict=verdict or VerdictForm(None),
        correct=correct or CorrectionForm(None),
        sent=sent,
        **SHOWN,
    ), (sent.status if sent else 200)


def _pdf(found: FundingReport, seen: Seen) -> Response:
    response = Response(report_as_pdf(found, seen), mimetype="application/pdf")
    edition = f"-{found.edition}" if found.edition > 1 else ""
    name = f"{found.idea.reference}-report-{found.number}{edition}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


# A funder's side: what is confidential is noted before it is shown


@bp.get("/funders/ideas/<reference>/reports/<int:number>")
def funder_report(reference: str, number: int) -> Any:
    funder = acting()
    interest = find_introduction(me(), funder, reference)
    idea = interest.idea
    found = queries.find_released(funder, idea, number, _edition())
    if not is_open(idea):
        return redirect(url_for(".talks", reference=idea.reference, fund=request.args.get("fund")))
    still = noted(interest, [key for key in GATED if key in disclosed_keys(interest)])
    seen = seen_by_funder(found.figures, funder.id, still, queries.named_beside(idea))
    if request.args.get("as") == "pdf":
        return _pdf(found, seen)
    released = queries.released_to(funder, idea)
    return render_template(
        "funders/funder_report.html",
        funder=funder,
        own=own_funders(me()),
        idea=idea,
        report=found,
        sections=sections_of(found, seen),
        title=title_of(found),
        editions=[each for each in released if each.number == number],
        **SHOWN,
    )
