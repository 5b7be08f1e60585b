"""The page of what a pilot costs: planned against spent, and every entry with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import whole_number
from innovation.downloads import taken_along
from innovation.ideas import store
from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.pilots import commands, policy, queries
from innovation.pilots.blueprint import bp
from innovation.pilots.commands.spend import Imported, Looked
from innovation.pilots.forms.spend import CorrectionForm, SpendForm, SpendTableForm
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries.spend import Entered
from innovation.pilots.views.asked import asked_pilot
from innovation.tables import Columns, write_table
from innovation.web import me, today
from workflows import Refused

SHOWN = 50  # rows of a table that are shown before it is imported


@bp.route("/ideas/<reference>/pilot/spend", methods=["GET", "POST"])
def spend(reference: str) -> Any:
    pilot = asked_pilot(reference)
    form = _form(pilot)
    if form.submit_to(commands.enter_spend, me(), pilot):
        flash(_("The entry is there."))
        return redirect(url_for(".spend", reference=reference, _anchor="entries"))
    state = ListState.read((), "")
    if state.export:
        return write_table(
            _columns(), _lines(queries.all_spend(pilot, line=_line())), state.export, f"{reference}-spend"
        )
    return _page(pilot, state, form)


@bp.route("/ideas/<reference>/pilot/spend/import", methods=["GET", "POST"])
def import_spend(reference: str) -> Any:
    """A table of entries: first how it is read, and then all of it or nothing."""
    pilot = asked_pilot(reference)
    policy.may_import_spend.require(me(), pilot)
    form = SpendTableForm.read()
    if request.form.get("step") == "import" and form.submit_to(commands.import_spend, me(), pilot):
        _tell(form.result)
        return redirect(url_for(".spend", reference=reference, _anchor="entries"))
    return render_template(
        "pilots/import_spend.html",
        idea=pilot.idea,
        pilot=pilot,
        looked=_looked(form, pilot),
        form=form,
        lines={row.id: row.item for row in queries.list_rows(pilot, "budget")},
        shown=SHOWN,
    ), form.status


def _looked(form: SpendTableForm, pilot: Pilot) -> Looked | None:
    """How the table that was sent would be read; None where none was sent, or none can be read."""
    if not form.was_sent or (form.status == 200 and not form.validate()):
        form.status = 422 if form.was_sent else 200
        return None
    if form.file.errors or form.text.errors:
        return None
    try:
        found = commands.look_at_spend(pilot, **form.details())
    except Refused as refused:
        if not form.refusals:  # the import said already what is in its way
            form.refuse(refused, 422)
        return None
    form.status = form.status if form.status != 200 else 422 if found.checked.faults else 200
    return found


def _tell(done: Imported) -> None:
    flash(ngettext("%(num)d entry is new.", "%(num)d entries are new.", done.new))
    if done.known:
        flash(ngettext("%(num)d entry was there already.", "%(num)d entries were there already.", done.known))


@bp.route("/ideas/<reference>/pilot/spend/<int:entry_id>/correction", methods=["GET", "POST"])
def correct_spend(reference: str, entry_id: int) -> Any:
    """Say what was wrong with an entry, before it is taken back by one against it."""
    pilot = asked_pilot(reference)
    entry = queries.find_spend(me(), pilot, entry_id)
    policy.may_correct_spend.require(me(), entry)
    form = CorrectionForm.read()
    if form.submit_to(commands.correct_spend, me(), entry):
        flash(_("The entry is taken back; both stay. Enter the right amount now, if there is one."))
        return redirect(url_for(".spend", reference=reference, _anchor="enter"))
    return render_template(
        "pilots/correct_spend.html", idea=pilot.idea, pilot=pilot, entry=entry, form=form
    ), form.status


@bp.get("/ideas/<reference>/pilot/spend/<int:entry_id>/proof")
def spend_proof(reference: str, entry_id: int) -> Any:
    """The file that shows an entry, to take along."""
    entry = queries.find_spend(me(), asked_pilot(reference), entry_id)
    if entry.file_key is None:
        raise NotThere
    try:
        content = store.store().get(entry.file_key)
    except FileNotFoundError:
        raise NotThere from None
    return taken_along(content, entry.file_name, entry.file_type)


def _form(pilot: Pilot) -> SpendForm:
    return SpendForm.read(data={"spent_on": today()}).offer(
        (row.id, row.item) for row in queries.list_rows(pilot, "budget")
    )


def _line() -> str:
    """The line that the list is narrowed to."""
    asked = request.args.get("line", "")
    return asked if asked == queries.OUTSIDE or whole_number(asked) else ""


def _page(pilot: Pilot, state: ListState, form: SpendForm) -> Any:
    found = queries.read_spend(pilot, today())
    page = state.on(queries.list_spend(pilot, line=_line(), page=state.number))
    return render_template(
        "pilots/spend.html",
        idea=pilot.idea,
        pilot=pilot,
        found=found,
        page=page,
        list=state,
        line=_line(),
        lines=[(line.id or queries.OUTSIDE, line.name or _("Not in the plan")) for line in found.lines],
        form=form,
        called=pilot.idea.definition.words,
    ), form.status


# The same as a file


def _columns() -> Columns:
    return [
        ("day", _("Day")),
        ("line", _("Line of the budget")),
        ("amount", _("Amount in rand")),
        ("how", _("How")),
        ("what", _("What for")),
        ("proof", _("What shows it")),
        ("corrects", _("Corrects entry")),
        ("reason", _("Reason")),
        ("by", _("Entered by")),
        ("number", _("Number")),
    ]


def _lines(entries: Iterable[Entered]) -> Iterator[Mapping[str, Any]]:
    for entry, line, by, _taken_back in entries:
        yield {
            "day": entry.spent_on,
            "line": line or _("Not in the plan"),
            "amount": entry.amount_cents / 100,
            "how": _("in kind") if entry.in_kind else _("in money"),
            "what": entry.what,
            "proof": entry.file_name,
            "corrects": entry.corrects_id,
            "reason": entry.reason,
            "by": by,
            "number": entry.id,
        }
