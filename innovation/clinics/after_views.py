"""Pages for after a clinic: the next step of each idea, slips for their owners, and the report."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from innovation.clinics import next_steps, policy, queries, report_paper, reporting, slip_paper, slip_sheets
from innovation.clinics.blueprint import bp
from innovation.clinics.forms import STATE_NAMES
from innovation.clinics.models import Clinic
from innovation.clinics.next_step_forms import StepsForm
from innovation.db import begin_reading
from innovation.downloads import download
from innovation.ideas.naming import read_nameless
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.web import me
from workflows import Refused

# Next steps


@bp.route("/clinics/<code>/next-steps", methods=["GET", "POST"], endpoint="next_steps")
def steps(code: str) -> Any:
    """Every idea of the clinic with what happens next, on one page to be filled in."""
    found = queries.find_clinic(me(), code)
    policy.may_record_next_steps.require(me(), found)
    return steps_page(found)


def steps_page(found: Clinic, refused: Refused | None = None) -> Any:
    """The page; ``refused`` is why the clinic cannot be closed, and then nothing is read from the request."""
    pending = next_steps.list_pending(me(), found)
    sent = request.form if request.method == "POST" and refused is None else None
    form = StepsForm.of(pending, sent)
    if refused is not None:
        form.refuse(refused, 409)
    elif form.submit_to(next_steps.record_next_steps, me(), found):
        many = len(form.result)
        flash(ngettext("%(num)d next step is recorded.", "%(num)d next steps are recorded.", many))
        return redirect(url_for(".next_steps", code=found.code))
    return render_template(
        "clinics/next_steps.html",
        clinic=found,
        form=form,
        pending=pending,
        nameless=read_nameless(me(), [each.idea for each in pending]),
        without_step=[each.idea for each in pending if each.needs_one],
    ), form.status


# Slips


@bp.get("/clinics/<code>/slips", endpoint="slips")
def slip_list(code: str) -> Any:
    """Who gets a slip, and who does not any more."""
    found = queries.find_clinic(me(), code)
    policy.may_print_slips.require(me(), found)
    listed = slip_sheets.list_slips(me(), found)
    nameless = read_nameless(me(), [slip.idea for slip in listed])
    return render_template("clinics/slips.html", clinic=found, listed=listed, nameless=nameless)


@bp.post("/clinics/<code>/slips")
def print_slips(code: str) -> Any:
    """The slips as PDF, four on a sheet."""
    found = queries.find_clinic(me(), code)
    wanted = request.form.getlist("idea")
    try:
        chosen = slip_sheets.print_slips(me(), found, references=wanted)
    except Refused as refused:
        for reason in refused.reasons:
            flash(_(reason), "warning")
        return redirect(url_for(".slips", code=found.code))
    begin_reading()
    return download([slip_paper.slips_as_pdf(found, chosen)], f"{found.code}-slips.pdf", "application/pdf")


# The report


@bp.get("/clinics/<code>/report")
def report(code: str) -> Any:
    """Who was there, what came of it, and what happens next."""
    found = queries.find_clinic(me(), code)
    return render_template(
        "clinics/report.html", clinic=found, report=reporting.report_of(me(), found), state_names=STATE_NAMES
    )


@bp.get("/clinics/<code>/report/paper")
def report_as_pdf(code: str) -> Response:
    found = queries.find_clinic(me(), code)
    begin_reading()
    pdf = report_paper.report_as_pdf(found, reporting.report_of(me(), found))
    return download([pdf], f"{found.code}-report.pdf", "application/pdf")


@bp.get("/clinics/<code>/report/photos/<int:attachment_id>")
def report_photo(code: str, attachment_id: int) -> Response:
    """A photograph of the report, small enough for a phone."""
    found = queries.find_clinic(me(), code)
    shown = reporting.find_photo(me(), found, attachment_id)
    response = Response(reporting.thumbnail(shown, reporting.ON_PAGE).content, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
