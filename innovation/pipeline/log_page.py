"""The log: everything that happened, for administrators, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import render_template, request

from innovation import chain, events
from innovation.db import db
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.pipeline import log_words, queries
from innovation.pipeline.blueprint import bp
from innovation.pipeline.forms import LogForm
from innovation.pipeline.log_words import kind_in_words
from innovation.pipeline.queries import EXPORT_LIMIT, LogFilters
from innovation.tables import write_table
from innovation.web import me


@bp.get("/log")
def log() -> Any:
    form = LogForm.of_query()
    form.kind.choices = [("", _("Everything")), *((kind, kind_in_words(kind)) for kind in sorted(events.fact_classes))]
    form.validate()
    sent = {name: value for name, value in form.data.items() if value and not form[name].errors}
    filters = LogFilters(**sent)
    state = ListState.read((), "")
    if state.export:
        found = db.session.execute(queries.log_query(me(), filters).limit(EXPORT_LIMIT))
        return write_table(_columns(), _exported(found), state.export, "log")
    page = state.on(queries.list_log(me(), filters, page=state.number))
    report = chain.verify() if request.args.get("check") else None
    names = log_words.read_names(me(), [event for event, _name in page.items])
    rows = [(event, who, names.subject(event), log_words.facts_in_words(event, names)) for event, who in page.items]
    return render_template(
        "pipeline/log.html",
        form=form,
        page=page,
        list=state,
        report=report,
        rows=rows,
        kind_words=kind_in_words,
        narrowed=bool(sent),
    ), 422 if form.errors else 200


def _columns() -> list[tuple[str, str]]:
    return [
        ("id", _("Number")),
        ("at", _("When")),
        ("kind", _("What happened")),
        ("subject", _("Subject")),
        ("seq", _("Number in its chain")),
        ("actor", _("Who")),
        ("facts", _("Facts")),
        ("hash", _("Hash")),
    ]


def _exported(found: Any) -> Iterator[dict[str, Any]]:
    for event, name in found:
        yield {
            "id": event.id,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "subject": event.subject,
            "seq": event.seq,
            "actor": name or "",
            "facts": event.facts,
            "hash": event.hash,
        }
