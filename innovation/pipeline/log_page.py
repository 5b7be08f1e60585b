"""The log: everything that happened, for administrators, and whether the record was whole when it was last checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from flask import redirect, render_template, url_for

from innovation import events
from innovation.db import db
from innovation.events import Event
from innovation.exports import Asked, Listing, export, listing, whole_lines
from innovation.jobs.queries import list_under_way
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.lists import ListState
from innovation.permission import Actor
from innovation.pipeline import check_job, log_words, queries
from innovation.pipeline.blueprint import bp
from innovation.pipeline.forms import LogForm
from innovation.pipeline.log_words import kind_in_words
from innovation.pipeline.queries import LogFilters
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
        return export(LOG, me(), sent | {key: sent[key].isoformat() for key in DAYS if key in sent}, state.export)
    page = state.on(queries.list_log(me(), filters, page=state.number))
    names = log_words.read_names(me(), [event for event, _name in page.items])
    rows = [(event, who, names.subject(event), log_words.facts_in_words(event, names)) for event, who in page.items]
    return render_template(
        "pipeline/log.html",
        form=form,
        page=page,
        list=state,
        checked=queries.find_last_check(),
        jobs_under_way=list_under_way(me(), [check_job.NAME]),
        rows=rows,
        kind_words=kind_in_words,
        narrowed=bool(sent),
    ), 422 if form.errors else 200


@bp.post("/log/checks")
def check_record() -> Any:
    """The worker checks it: that takes longer with each event."""
    job = check_job.ask_check(me())
    return redirect(url_for("jobs.job", job_id=job.id))


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


def _ids(actor: Actor, asked: Asked, most: int) -> list[int]:
    days = {key: dt.date.fromisoformat(asked[key]) for key in DAYS if key in asked}
    query = queries.log_query(actor, LogFilters(**asked | days)).limit(most)
    return list(db.session.scalars(query.with_only_columns(Event.id, maintain_column_froms=True)))


def _lines(actor: Actor, ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, dict[str, Any]]]:
    found = db.session.execute(queries.log_query(actor, LogFilters()).where(Event.id.in_(ids)))
    for event, name in found:
        yield (
            event.id,
            {
                "id": event.id,
                "at": event.at.isoformat(),
                "kind": event.kind,
                "subject": event.subject,
                "seq": event.seq,
                "actor": name or "",
                "facts": event.facts,
                "hash": event.hash,
            },
        )


def _in_sight(actor: Actor, ids: Sequence[int], _asked: Asked) -> set[int]:
    query = queries.log_query(actor, LogFilters()).where(Event.id.in_(ids))
    return set(db.session.scalars(query.with_only_columns(Event.id, maintain_column_froms=True)))


DAYS = ("since", "until")
LOG = listing(
    Listing("log", lazy_gettext("The log"), _ids, _lines, lambda _asked, _all: _columns(), whole_lines(_in_sight))
)
