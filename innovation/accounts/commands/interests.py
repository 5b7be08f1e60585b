"""Keeping one's own register of interests: what is written stays, and a change takes the place of what was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts import events, policy, queries
from innovation.accounts.models import INTERESTS, Person, RegisteredInterest
from innovation.command import command
from innovation.db import db
from innovation.events import record
from innovation.permission import Actor
from workflows import Refused


@command(policy.may_keep_interests)
def register_interest(actor: Actor, person: Person, *, kind: str, **what: Any) -> RegisteredInterest:
    """Put an interest into the register; ``what`` is that of ``_entry``."""
    entry = _entry(actor, person.id, kind, **what)
    record(actor, events.InterestRegistered(person.id, entry.id))
    return entry


@command(policy.may_keep_interests)
def change_registered_interest(
    actor: Actor, entry: RegisteredInterest, *, kind: str, **what: Any
) -> RegisteredInterest:
    """Write the entry anew, for example with its last day; the earlier row stays in the record."""
    changed = _entry(actor, entry.person_id, kind, replaces_id=entry.id, **what)
    record(actor, events.RegisteredInterestChanged(entry.person_id, changed.id, entry.id))
    return changed


def _entry(
    actor: Actor,
    person_id: int,
    kind: str,
    *,
    organisation: str = "",
    school_emis: str = "",
    district_id: int | None = None,
    relative: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    replaces_id: int | None = None,
) -> RegisteredInterest:
    """A new row of somebody's register; ``Refused`` when it says nothing that could be compared."""
    if kind not in INTERESTS:
        raise Refused(("Choose what kind of interest it is.",))
    if school_emis and not queries.is_school(school_emis):
        raise Refused(("The register has no such number. Check it, or write the name instead.",))
    if district_id is not None and not queries.is_district(district_id):
        raise Refused(("Choose a district of the list.",))
    if since and until and until < since:
        raise Refused(("The last day lies before the first one.",))
    if not (organisation or school_emis or relative or district_id):
        raise Refused(("Write the name of the organisation, place or relative, or choose the district.",))
    entry = RegisteredInterest(
        person_id=person_id,
        replaces_id=replaces_id,
        kind=kind,
        organisation=organisation,
        school_emis=school_emis or None,
        district_id=district_id,
        relative=relative if kind == "relative" else "",
        since=since,
        until=until,
        made_by_id=actor.person_id,
    )
    db.session.add(entry)
    db.session.flush()
    return entry
