"""Pages for importing ideas: send a table, match its columns, see what would happen, then do it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import db
from innovation.forms import choices
from innovation.ideas import import_files, import_job, import_undo, importing, policy, venues
from innovation.ideas.blueprint import bp
from innovation.ideas.capture_forms import UploadForm
from innovation.ideas.import_columns import match_columns
from innovation.ideas.import_mending import SHOWN, corrected, read_corrections, rows_to_mend, write_faults
from innovation.ideas.import_undo import Source
from innovation.ideas.imported_rows import targets
from innovation.ideas.importing import Destination, Report
from innovation.jobs.commands import ask_job
from innovation.jobs.queries import list_under_way
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.permission import Forbidden
from innovation.programmes.models import Programme, Region
from innovation.programmes.queries import in_use, programmes_of
from innovation.tables import Table, TableFault, read_table
from innovation.web import me, one_time_secret
from workflows import Refused


def _places() -> list[tuple[str, str]]:
    """Open clinics, then regions, where this person may import."""
    found = []
    for programme in programmes_of(me()):
        found += [(f"clinic:{v.code}", f"{v.title} ({v.code})") for v in venues.list_venues(me(), programme.id)]
        regions = (region for region in in_use(programme.regions) if isinstance(region, Region))
        found += [
            (f"region:{region.id}", _("%(region)s, outside any clinic", region=region.name))
            for region in regions
            if policy.may_import_ideas.allows(me(), Destination(programme.id, region.id))
        ]
    return found


@bp.route("/ideas/import", methods=["GET", "POST"])
def import_page() -> Any:
    places = _places()
    code = request.args.get("clinic", "")
    if not places:
        return _nowhere(code)
    form = UploadForm.read(data={"place": f"clinic:{code.upper()}"})
    form.place.choices = choices(places)
    if request.method == "POST" and form.validate():
        try:
            return redirect(url_for(".import_step", key=_keep(form)))
        except Refused as refused:
            form.refuse(refused, 422)
    elif request.method == "POST":
        form.status = 422
    under_way = list_under_way(me(), ["import_ideas", "undo_import"])
    lately = import_undo.list_lately(me())
    return render_template("ideas/import.html", form=form, jobs_under_way=under_way, lately=lately), form.status


def _nowhere(code: str) -> Any:
    """Nothing to import into: with the reason where there is a clinic, else not theirs at all."""
    if not code:
        raise Forbidden
    venue = venues.find_venue(me(), code)
    return render_template("ideas/import_closed.html", venue=venue), 409


def _keep(form: UploadForm) -> str:
    upload = form.file.data
    content, name = upload.read(), upload.filename
    _readable(content, name)
    destination, code = _place(form.place.data or "")
    key: str = import_files.keep(me(), destination, content=content, name=name, clinic_code=code)
    return key


def _place(said: str) -> tuple[Destination, str]:
    """Where the ideas go, and the code of the clinic if it is one."""
    kind, _colon, which = said.partition(":")
    if kind == "clinic":
        venue = venues.find_venue(me(), which)
        return Destination(venue.programme_id, venue.region_id, venue.clinic_id, venue.state), venue.code
    region = db.session.get_one(Region, int(which))
    return Destination(region.programme_id, region.id), ""


def _readable(content: bytes, name: str) -> Table:
    table = read_table(content, name)
    if len(table.rows) > importing.MOST_ON_PAGE:
        message = "This table has more than 10 000 rows. Split it, or use the command gatehouse import ideas."
        raise TableFault(message)
    if not table.rows:
        raise TableFault("The table has a heading and no rows.")
    return table


@bp.route("/ideas/import/<key>", methods=["GET", "POST"])
def import_step(key: str) -> Any:
    """Columns matched as their headings suggest, and a preview; a post leads to another preview, or imports."""
    waiting = import_files.find(me(), key)
    programme = db.session.get_one(Programme, waiting.programme_id)
    table = _as_corrected(key)
    step = request.form.get("step", "preview") if request.method == "POST" else ""
    if step == "preview":
        return redirect(url_for(".import_step", key=key, **_chosen(table)))
    said = request.values
    mapping = _mapping(table) if step or "matched" in said else match_columns(programme, table.columns)
    options: dict[str, Any] = {"table": table, "mapping": mapping, "all_agree": "all_agree" in said}
    refusals: tuple[str, ...] = ()
    report = Report()
    try:
        destination = import_files.destination_of(me(), waiting)
        if step == "import":
            return _import(Source(key, waiting.name), destination, options)
        report = importing.preview_ideas(me(), destination, **options)
        if step == "faults":
            return write_faults(table, report.faults)
    except Refused as refused:
        refusals = refused.reasons
    return render_template(
        "ideas/import_step.html",
        upload=waiting,
        table=table,
        mapping=mapping,
        targets=targets(programme),
        report=report,
        to_mend=rows_to_mend(table, mapping, report.faults),
        most_shown=SHOWN,
        refusals=[_(reason) for reason in refusals],
        options=options,
        whole="whole" in said,
        form_key=one_time_secret(20),
    ), (422 if refusals and step else 200)


def _chosen(table: Table) -> dict[str, Any]:
    """What was chosen on the page, for the address of the next one: a page that was sent for can be gone back to."""
    columns = {f"column_{at}": request.form.get(f"column_{at}", "") for at in range(len(table.columns))}
    marked = {name: "y" for name in ("all_agree", "whole") if name in request.form}
    return {"matched": "y", **{name: key[:60] for name, key in columns.items() if key}, **marked}


def _as_corrected(key: str) -> Table:
    """The table with all that was corrected, by what was just sent too."""
    table = import_files.read(me(), key)
    corrections = read_corrections(table, request.form)
    if corrections:
        destination = import_files.destination_of(me(), import_files.find(me(), key))
        import_files.correct(me(), destination, key=key, corrections=corrections)
    return corrected(table, corrections)


def _mapping(table: Table) -> dict[str, str]:
    """What was chosen for each column, by its position in the table."""
    chosen = {column: request.values.get(f"column_{at}", "") for at, column in enumerate(table.columns)}
    return {column: key for column, key in chosen.items() if key}


def _import(source: Source, destination: Destination, options: dict[str, Any]) -> Any:
    """A short table at once; a longer one by the worker, with a page that shows how far it is."""
    whole, table = "whole" in request.form, options["table"]
    if len(table.rows) <= import_undo.AT_ONCE:
        done = importing.import_ideas(me(), destination, **options, whole=whole, source=source)
        return _imported(source.key, done, table)
    report = importing.preview_ideas(me(), destination, **options)
    if whole:
        importing.require_whole(report)
    payload = import_job.payload(source.key, table, options["mapping"], all_agree=options["all_agree"])
    form_key = request.form.get("key", "")
    job = ask_job(me(), kind="import_ideas", payload=payload, total=len(table.rows), form_key=form_key)
    return redirect(url_for("jobs.job", job_id=job.id))


def _imported(key: str, report: Report, table: Table) -> Any:
    waiting, made = import_files.find(me(), key), import_undo.find_by_key(me(), key)
    text = ngettext("%(num)d idea is imported.", "%(num)d ideas are imported.", report.made)
    if report.known:
        text += " " + ngettext("%(num)d was there already.", "%(num)d were there already.", report.known)
    flash(text)
    if report.faults:
        flash(
            ngettext(
                "%(num)d row has a fault and was left out. Mend it below, or in the file and send that again.",
                "%(num)d rows have faults and were left out. Mend them below, or in the file and send that again.",
                report.faulty_rows,
            ),
            "warning",
        )
        return redirect(url_for(".import_step", key=key, **_chosen(table)))
    import_files.drop(key)
    if made:
        return redirect(url_for(".imported", import_id=made.id))
    if waiting.clinic_code:
        return redirect(url_for("clinics.clinic", code=waiting.clinic_code))
    return redirect(url_for("pipeline.pipeline"))
