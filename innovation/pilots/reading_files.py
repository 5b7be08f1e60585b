"""Tables of readings that wait between the steps of an import: for who sent them, for a day."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa

from innovation.command import command, transaction
from innovation.db import db, now
from innovation.jobs.commands import require_at_rest
from innovation.jobs.queries import at_work
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import WaitingReadings
from innovation.pilots.reading_rows import Checked, Layout, check, guess, register_of
from innovation.tables import Table, TableFault, read_table

KEPT = dt.timedelta(days=1)
MOST_ROWS = 100_000
TOO_MANY = "This table has more than 100 000 rows. Split it, or use the command gatehouse import readings."


@command(policy.may_import_readings)
def keep(actor: Actor, pilot: Pilot, *, content: bytes, name: str, table: Table, term: str = "") -> str:
    """Store a file with the table that was read from it, for every machine to see; gives the key of the next step."""
    if len(table.rows) > MOST_ROWS:
        raise TableFault(TOO_MANY)
    if not table.rows:
        raise TableFault("The table has a heading and no rows.")
    options = {"columns": guess(table.columns, register_of(pilot)), "term": term}
    key = secrets.token_hex(16)
    about = {"pilot_id": pilot.id, "person_id": actor.person_id, "name": name[-255:]}
    db.session.add(WaitingReadings(key=key, content=content, options=options, **about))
    return key


@command(policy.may_import_readings)
def lay_out(actor: Actor, pilot: Pilot, *, key: str, layout: Layout) -> None:
    """Keep how a table is to be read."""
    require_at_rest(key)
    find(actor, pilot, key).options = {"columns": dict(layout.columns), "term": layout.term}


def find(actor: Actor, pilot: Pilot, key: str) -> WaitingReadings:
    """The table with this key; ``NotThere`` for everybody but who sent it, and for who may import no more."""
    found = db.session.get(WaitingReadings, key) if len(key) == 32 else None
    own = found is not None and (found.person_id, found.pilot_id) == (actor.person_id, pilot.id)
    if found is None or not own or not policy.may_import_readings.allows(actor, pilot):
        raise NotThere
    return found


def table_in(waiting: WaitingReadings) -> Table:
    return read_table(waiting.content, waiting.name)


def layout_in(waiting: WaitingReadings) -> Layout:
    """How the table is read, as it was chosen last."""
    return Layout(waiting.options["columns"], waiting.options["term"])


def checked_in(waiting: WaitingReadings, table: Table | None = None) -> Checked:
    """All that the table says, against the pilot as it is now."""
    return check(table or table_in(waiting), layout_in(waiting), register_of(waiting.pilot))


def drop(key: str) -> None:
    """Forget a table that has been dealt with."""
    with transaction():
        db.session.execute(sa.delete(WaitingReadings).where(WaitingReadings.key == key))


def sweep() -> None:
    """Forget tables older than a day, unless a job still waits to go through them."""
    with transaction():
        old = sa.and_(WaitingReadings.sent_at < now() - KEPT, ~at_work(WaitingReadings.key))
        db.session.execute(sa.delete(WaitingReadings).where(old).execution_options(synchronize_session=False))
