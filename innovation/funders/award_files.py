"""Files of past awards that wait between the steps of an import: for who sent them, for a day."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from innovation.command import command, transaction
from innovation.db import db, now
from innovation.funders import policy
from innovation.funders.award_import import Rows, in_order, reading_of
from innovation.funders.award_rows import LOOKED_AT, TARGETS, Reading, columns_of, flat
from innovation.funders.models import WaitingAwards
from innovation.funders.row_files import read_rows
from innovation.jobs.commands import require_at_rest
from innovation.jobs.queries import at_work
from innovation.permission import Actor, NotThere
from innovation.tables import TableFault

NONE = "There is no award in this file. It should be a list of awards, or hold one as its grants."
KEPT = dt.timedelta(days=1)
MOST_ROWS = 100_000
TOO_MANY = "This file has more than 100 000 awards. Split it, or use the command gatehouse import awards."


@command(policy.may_import_awards)
def keep(
    actor: Actor, _nothing: None = None, *, content: bytes, name: str, rows: Rows, source: str, currency: str
) -> str:
    """Store a file with the rows that were read from it, for every machine to see; gives the key of the next step."""
    if not any(row for _number, row in rows):
        raise TableFault(NONE)
    if len(rows) > MOST_ROWS:
        raise TableFault(TOO_MANY)
    reading = _as_before(actor, rows) or reading_of(rows)
    reading = Reading(reading.columns, source or reading.source, currency or reading.currency)
    key, options = secrets.token_hex(16), _options(reading)
    db.session.add(
        WaitingAwards(key=key, person_id=actor.person_id, name=name[-255:], content=content, options=options)
    )
    return key


def _as_before(actor: Actor, rows: Rows) -> Reading | None:
    """As the person chose it last, where this file has all those columns: mended rows are read like their file."""
    last = sa.select(WaitingAwards).options(load_only(WaitingAwards.options)).filter_by(person_id=actor.person_id)
    waiting = db.session.scalar(last.order_by(WaitingAwards.sent_at.desc()).limit(1))
    reading = reading_in(waiting) if waiting is not None else None
    if reading is None or not reading.columns:
        return None
    columns = columns_of([(number, flat(row)) for number, row in rows[:LOOKED_AT]])
    return reading if set(reading.columns.values()) <= set(columns) else None


@command(policy.may_import_awards)
def choose(actor: Actor, waiting: WaitingAwards, *, reading: Reading) -> None:
    """Keep how the file is to be read."""
    if waiting.options != _options(reading):
        require_at_rest(waiting.key)
        waiting.options = _options(reading)


def _options(reading: Reading) -> dict[str, Any]:
    return {"columns": dict(reading.columns), "source": reading.source, "currency": reading.currency}


def find(actor: Actor, key: str) -> WaitingAwards:
    """The file with this key; ``NotThere`` for everybody but who sent it, and for who may import no more."""
    found = db.session.get(WaitingAwards, key) if len(key) == 32 else None
    if found is None or found.person_id != actor.person_id or not policy.may_import_awards.allows(actor):
        raise NotThere
    return found


def reading_in(waiting: WaitingAwards) -> Reading:
    """How the file is read, as it was chosen last."""
    columns = {target: column for target, column in waiting.options["columns"].items() if target in TARGETS}
    return Reading(columns, waiting.options["source"], waiting.options["currency"])


def rows_in(waiting: WaitingAwards) -> Rows:
    """The rows of the file, those of a funder together."""
    return in_order(read_rows(waiting.content, waiting.name), reading_in(waiting))


def drop(key: str) -> None:
    """Forget a file that has been dealt with."""
    with transaction():
        db.session.execute(sa.delete(WaitingAwards).where(WaitingAwards.key == key))


def sweep() -> None:
    """Forget files older than a day, unless a job still waits to go through them."""
    with transaction():
        old = sa.and_(WaitingAwards.sent_at < now() - KEPT, ~at_work(WaitingAwards.key))
        db.session.execute(sa.delete(WaitingAwards).where(old).execution_options(synchronize_session=False))
