"""Pages for importing readings: send a table, see how it is read and what would happen, then do it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from innovation.forms import choices
from innovation.ideas.import_mending import write_faults
from innovation.jobs.commands import ask_job
from innovation.jobs.queries import list_under_way
from innovation.languages import gettext as _
from innovation.pilots import queries, reading_files
from innovation.pilots.blueprint import bp
from innovation.pilots.forms.importing import TableForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_import import batch, rehearse
from innovation.pilots.reading_job import payload
from innovation.pilots.reading_models import WaitingReadings
from innovation.pilots.reading_rows import Layout, guess, register_of, targets_of
from innovation.pilots.views.readings import pilot_to_measure
from innovation.tables import Table
from innovation.web import me, one_time_secret

SHOWN = 20  # faults told on the page
LOOKED_AT = 2500  # readings that are set against what stands before the table is imported


@bp.route("/ideas/<reference>/pilot/readings/import", methods=["GET", "POST"])
def import_readings(reference: str) -> Any:
    pilot = pilot_to_measure(reference)
    form = TableForm.read()
    form.term.choices = choices([("", _("The table says it")), *((term, term) for term in queries.terms_of(pilot))])
    if form.submit_to(reading_files.keep, me(), pilot):
        return redirect(url_for(".import_readings_step", reference=reference, key=form.result))
    jobs = list_under_way(me(), ["import_readings"])
    return render_template(
        "pilots/import_readings.html", idea=pilot.idea, pilot=pilot, form=form, jobs_under_way=jobs
    ), form.status


@bp.route("/ideas/<reference>/pilot/readings/import/<key>", methods=["GET", "POST"])
def import_readings_step(reference: str, key: str) -> Any:
    """How the table is read, and what would happen; a post looks again, or imports."""
    pilot = pilot_to_measure(reference)
    waiting = reading_files.find(me(), pilot, key)
    table, step = reading_files.table_in(waiting), request.form.get("step", "")
    if step and (chosen := _chosen(pilot, table)) != reading_files.layout_in(waiting):
        reading_files.lay_out(me(), pilot, key=key, layout=chosen)
    if step == "preview":
        return redirect(url_for(".import_readings_step", reference=reference, key=key))
    lacking = reading_files.layout_in(waiting).lacking()
    if lacking:
        return _page(pilot, waiting, table, lacking), 422 if step else 200
    checked = reading_files.checked_in(waiting, table)
    if "faults" in request.args:
        return write_faults(table, checked.faults)
    if step == "import":
        about, once = payload(waiting, checked), request.form.get("key", "")
        job = ask_job(me(), kind="import_readings", payload=about, total=checked.total, form_key=once)
        return redirect(url_for("jobs.job", job_id=job.id))
    return _page(pilot, waiting, table, lacking, checked=checked, plan=rehearse(batch(checked, range(LOOKED_AT))))


def _chosen(pilot: Pilot, table: Table) -> Layout:
    """The columns as they were chosen on the page; one that the table does not have cannot be."""
    register = register_of(pilot)
    chosen = {target: request.form.get(f"column_{target}", "") for target in targets_of(register)}
    beside = {t: column for t, column in guess(table.columns, register).items() if t[:2] in ("n:", "s:")}
    term = request.form.get("term", "")
    columns = {target: column for target, column in (chosen | beside).items() if column in table.columns}
    return Layout(columns, term if term in register.terms else "")


def _page(pilot: Pilot, waiting: WaitingReadings, table: Table, lacking: list[str], **found: Any) -> str:
    targets = targets_of(register_of(pilot))
    return render_template(
        "pilots/import_readings_step.html",
        idea=pilot.idea,
        pilot=pilot,
        upload=waiting,
        table=table,
        targets=targets,
        layout=reading_files.layout_in(waiting),
        lacking=[targets[target] for target in lacking],
        terms=queries.terms_of(pilot),
        first={
            column: next((r.values[column] for r in table.rows[:200] if r.values[column]), "")
            for column in table.columns
        },
        shown=SHOWN,
        looked_at=LOOKED_AT,
        form_key=one_time_secret(20),
        **{"checked": None, "plan": None, **found},
    )
