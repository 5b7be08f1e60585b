"""Confidential fields opened and closed to a funder one by one, each reading noted, and papers once for all funders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command, require_as_seen
from innovation.db import db, hold_row, now
from innovation.events import record, record_all
from innovation.funders import policy
from innovation.funders.codes import DILIGENCE_NAMES, REGISTRATIONS
from innovation.funders.commitment_models import DiligencePaper, Disclosure, Registration
from innovation.funders.disclosing import fields_of
from innovation.funders.events import (
    DisclosedRead,
    DisclosureRevoked,
    FieldDisclosed,
    PaperHandedIn,
    RegistrationRecorded,
)
from innovation.funders.models import Funder, Interest
from innovation.funders.queries.disclosed import disclosed_keys, introductions_with, kept_open
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.ideas.models import Idea
from innovation.permission import Actor
from workflows import Refused

MOST_PAPERS = 50


@command(policy.may_disclose_field)
def disclose_fields(actor: Actor, interest: Interest, *, fields: Iterable[str]) -> Interest:
    """Let the funder read exactly these fields from now on; what is left out is closed to it."""
    hold_row(interest)
    if interest.state != "accepted":
        raise Refused(("You and this funder have not been introduced.",))
    wanted, now_open = set(fields), kept_open(interest)
    offered = [field.key for field in fields_of(interest.idea.definition)]
    about = (interest.idea_id, interest.id, interest.funder_id)
    if wanted != now_open:
        flag_modified(interest, "state")  # a page that shows what was open before is stale from now on
    opened = [key for key in offered if key in wanted - now_open]
    for key in opened:
        db.session.add(Disclosure(interest_id=interest.id, field=key, disclosed_by_id=actor.person_id))
    if opened:
        record_all(actor, [FieldDisclosed(*about, key) for key in opened])
    revoke(actor, interest, now_open - wanted)
    return interest


def revoke(actor: Actor, interest: Interest, keys: Iterable[str]) -> None:
    """Close these fields to the funder; part of a command."""
    closed = sorted(keys)
    if not closed:
        return
    query = sa.select(Disclosure).where(
        Disclosure.interest_id == interest.id, Disclosure.field.in_(closed), Disclosure.revoked_at.is_(None)
    )
    for disclosure in db.session.scalars(query):
        disclosure.revoked_at, disclosure.revoked_by_id = now(), actor.person_id
    about = (interest.idea_id, interest.id, interest.funder_id)
    record_all(actor, [DisclosureRevoked(*about, key) for key in closed])


@command(policy.may_read_disclosed)
def note_reading(actor: Actor, interest: Interest, *, fields: Iterable[str]) -> list[str]:
    """Note that somebody of the funder is about to be shown these fields, before they are; gives those still open."""
    still = disclosed_keys(interest)
    keys = [key for key in fields if key in still]
    if keys:
        record(actor, DisclosedRead(interest.idea_id, interest.id, interest.funder_id, " ".join(keys)))
    return keys


@command(policy.may_see_funder)
def note_readings(actor: Actor, _funder: Funder, *, introductions: Iterable[int], field: str) -> set[int]:
    """Note the same of one field of many introductions, with as many statements as for one; gives those still open."""
    still = introductions_with(field, introductions)
    for interest in still:
        policy.may_read_disclosed.require(actor, interest)
    if still:
        record_all(actor, [DisclosedRead(each.idea_id, each.id, each.funder_id, field) for each in still])
    return {each.id for each in still}


@command(policy.may_hand_in_paper)
def hand_in_paper(
    actor: Actor,
    idea: Idea,
    *,
    item: str,
    text: str = "",
    file: Checked | None = None,
    valid_until: dt.date | None = None,
) -> DiligencePaper:
    """Hand in what due diligence asks for, as a new version: every funder to whom it is disclosed reads the same."""
    if item not in DILIGENCE_NAMES:
        raise Refused(("There is no such point.",))
    if not text and file is None:
        raise Refused(("Write something, or choose a file.",))
    hold_row(idea)
    newest = sa.select(sa.func.max(DiligencePaper.number)).filter_by(idea_id=idea.id, item=item)
    number = (db.session.scalar(newest) or 0) + 1
    if number > MOST_PAPERS:
        raise Refused((f"There can be {MOST_PAPERS} versions of a paper.",))
    paper = DiligencePaper(
        idea_id=idea.id,
        item=item,
        number=number,
        text=text,
        file_key=store.store().put(file.content) if file else None,
        file_name=file.name if file else "",
        file_type=file.content_type if file else "",
        valid_until=valid_until,
        handed_in_by_id=actor.person_id,
        handed_in_at=now(),
    )
    db.session.add(paper)
    record(actor, PaperHandedIn(idea.id, item, number))
    return paper


@command(policy.may_record_registration)
def record_registration(
    actor: Actor,
    idea: Idea,
    *,
    kind: str,
    number: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    percent: int | None = None,
    method: str = "",
) -> Registration:
    """Keep a legal status of whoever receives the money, or the SED share, with its dates."""
    if kind not in dict(REGISTRATIONS):
        raise Refused(("There is no such registration.",))
    hold_row(idea)
    found = db.session.scalar(sa.select(Registration).filter_by(idea_id=idea.id, kind=kind))
    if found is None:
        found = Registration(idea_id=idea.id, kind=kind)
        db.session.add(found)
    else:
        require_as_seen(found)
    found.number, found.since, found.until, found.percent, found.method = number, since, until, percent, method
    found.recorded_by_id, found.recorded_at = actor.person_id, now()
    record(actor, RegistrationRecorded(idea.id, kind))
    return found
