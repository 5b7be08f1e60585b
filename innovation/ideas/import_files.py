"""Files that wait between the steps of an import: under a name nobody can guess, for who sent them, for a day."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import asdict

import sqlalchemy as sa

from innovation.command import command, transaction
from innovation.db import db, now
from innovation.ideas import policy
from innovation.ideas.import_mending import Corrections, corrected, joined
from innovation.ideas.import_models import WaitingImport
from innovation.ideas.importing import Destination
from innovation.ideas.venues import find_venue
from innovation.jobs.queries import at_work
from innovation.permission import Actor, NotThere
from innovation.tables import Table, read_table
from innovation.values import dataclass

KEPT = dt.timedelta(days=1)
KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """A file that was sent, and where its ideas should go."""

    person_id: int
    name: str
    programme_id: int
    region_id: int
    clinic_code: str = ""


@command(policy.may_import_ideas)
def keep(actor: Actor, destination: Destination, *, content: bytes, name: str, clinic_code: str = "") -> str:
    """Store a file, for every machine to see; gives the key of the next step."""
    key = secrets.token_hex(16)
    waiting = Waiting(actor.person_id or 0, name[-255:], destination.programme_id, destination.region_id, clinic_code)
    db.session.add(WaitingImport(key=key, content=content, **asdict(waiting)))
    return key


def find(actor: Actor, key: str) -> Waiting:
    """The file with this key; ``NotThere`` for everybody but who sent it."""
    found = _find(actor, key)
    return Waiting(found.person_id, found.name, found.programme_id, found.region_id, found.clinic_code)


def _find(actor: Actor, key: str) -> WaitingImport:
    found = db.session.get(WaitingImport, key) if KEY.fullmatch(key) else None
    if found is None or actor.person_id is None or found.person_id != actor.person_id:
        raise NotThere
    return found


def read(actor: Actor, key: str) -> Table:
    """The table in the file as it reads with the corrections that were made since it was sent."""
    found = _find(actor, key)
    return corrected(read_table(found.content, found.name), found.corrections)


@command(policy.may_import_ideas)
def correct(actor: Actor, destination: Destination, *, key: str, corrections: Corrections) -> None:
    """Keep what was corrected on a page, beside the file."""
    found = _find(actor, key)
    found.corrections = joined(found.corrections, corrections)


def destination_of(actor: Actor, waiting: Waiting) -> Destination:
    """Where the ideas of a file go, as the place is now."""
    if not waiting.clinic_code:
        return Destination(waiting.programme_id, waiting.region_id)
    venue = find_venue(actor, waiting.clinic_code)
    return Destination(venue.programme_id, venue.region_id, venue.id, venue.state)


def drop(key: str) -> None:
    """Forget a file that has been dealt with."""
    with transaction():
        db.session.execute(sa.delete(WaitingImport).where(WaitingImport.key == key))


def sweep() -> int:
    """Forget files older than a day, unless a job still waits to go through them; how many there were."""
    with transaction():
        old = db.session.scalars(
            sa.delete(WaitingImport)
            .where(WaitingImport.sent_at < now() - KEPT, ~at_work(WaitingImport.key))
            .returning(WaitingImport.key)
            .execution_options(synchronize_session=False)
        )
        return len(list(old))
