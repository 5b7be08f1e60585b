"""Pages for importing past awards: send a file, see how it is read and what would happen, then do it."""

from __future__ import annotations

from heapq import nsmallest
from operator import itemgetter
from typing import Any

from flask import redirect, render_template, request, url_for

from innovation.funders import award_files, award_import, policy
from innovation.funders.award_import import ROW, WRONG, AwardPlan, Rows
from innovation.funders.award_rows import NEEDED, TARGETS, Reading, columns_of
from innovation.funders.blueprint import bp
from innovation.funders.forms import AwardsForm
from innovation.funders.models import WaitingAwards
from innovation.jobs.commands import ask_job
from innovation.jobs.queries import list_under_way
from innovation.languages import gettext as _
from innovation.tables import write_table
from innovation.web import me, one_time_secret

SHOWN = 20  # faults, doubts and new funders told on the page
LOOKED_AT = 2000  # rows of a long file that are checked before it is imported


@bp.route("/funders/awards/import", methods=["GET", "POST"])
def import_awards() -> Any:
    policy.may_import_awards.require(me())
    form = AwardsForm.read()
    if request.method == "POST" and form.submit_to(award_files.keep, me()):
        return redirect(url_for(".import_step", key=form.result))
    jobs = list_under_way(me(), ["import_awards"])
    return render_template("funders/import_awards.html", form=form, jobs_under_way=jobs), form.status


@bp.route("/funders/awards/import/<key>", methods=["GET", "POST"])
def import_step(key: str) -> Any:
    """How the file is read, and what would happen; a post looks again or imports."""
    waiting = award_files.find(me(), key)
    sent = request.method == "POST"
    if sent:
        award_files.choose(me(), waiting, reading=_chosen(waiting))
    rows, reading = award_files.rows_in(waiting), award_files.reading_in(waiting)
    if request.args.get("faulty") == "csv":
        headings = [*((each, each) for each in columns_of(rows)), (ROW, _("Row")), (WRONG, _("What is wrong"))]
        return write_table(headings, award_import.faulty_rows(rows, reading), "csv", "rows-with-faults")
    lacking = [target for target in NEEDED if target not in reading.columns]
    if sent and request.form.get("step") == "import" and not lacking:
        return _import(key, rows)
    plan = _rehearsed(rows, reading)
    columns = columns_of(rows)
    top = [row for _n, row in nsmallest(200, rows, key=itemgetter(0))]
    return render_template(
        "funders/import_step.html",
        upload=waiting,
        columns=columns,
        targets=TARGETS,
        needed=NEEDED,
        reading=reading,
        lacking=[TARGETS[target] for target in lacking],
        plan=plan,
        shown=SHOWN,
        total=len(rows),
        looked_at=min(len(rows), LOOKED_AT),
        faulty=len({fault.row for fault in plan.faults}),
        first={column: next((row[column] for row in top if row.get(column)), "") for column in columns},
        form_key=one_time_secret(20),
    ), (422 if lacking and sent else 200)


def _chosen(waiting: WaitingAwards) -> Reading:
    """As it was chosen on the page; a column that the file does not have cannot be."""
    columns = columns_of(award_files.rows_in(waiting))
    chosen = {target: request.form.get(f"column_{target}", "") for target in TARGETS}
    before = award_files.reading_in(waiting)
    currency = request.form.get("currency", before.currency).strip()[:3]
    return Reading({t: column for t, column in chosen.items() if column in columns}, before.source, currency)


def _rehearsed(rows: Rows, reading: Reading) -> AwardPlan:
    plan = AwardPlan()
    for part in award_import.parts(rows[:LOOKED_AT], reading):
        plan.add(part)
    return plan


def _import(key: str, rows: Rows) -> Any:
    """By the worker, with a page that shows how far it is."""
    form_key = request.form.get("key", "")
    job = ask_job(me(), kind="import_awards", payload={"file": key}, total=len(rows), form_key=form_key)
    return redirect(url_for("jobs.job", job_id=job.id))
