"""What is done with an idea's home in the system: the post that owns it, what it rests on, and the hand-over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, hold_row, now, this_day
from innovation.events import record
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin
from innovation.permission import Actor
from innovation.replication import policy, queries
from innovation.replication.codes import LICENCES
from innovation.replication.commands.filling import require_past
from innovation.replication.commands.tracking import require_tracked
from innovation.replication.system_codes import REFERENCES
from innovation.replication.system_events import HandoverAgreed, HandoverReopened, IdeaHandedOver, SystemHomeKept
from innovation.replication.system_models import BudgetLine, HandoverStep, HomeReference, SystemHome
from workflows import HANDOVER, Refused

AGREED = "This is agreed upon. Open the agreement again first."


@command(policy.may_keep_home)
def keep_post(
    actor: Actor,
    home: SystemHome,
    *,
    unit: str,
    post: str,
    official: str = "",
    official_agreed: bool = False,
    contact_id: int | None = None,
    licence: str = "",
) -> SystemHome:
    """Say which post in which unit owns it, and under which licence. An official is named only where they agreed."""
    kept = _kept(home)
    if kept.state == "agreed" and (unit, post) != (kept.unit, kept.post):
        raise Refused((AGREED,))
    if official and not official_agreed:
        raise Refused(("Name an official only where they agreed to it. The post alone is enough.",))
    if contact_id is not None and contact_id not in queries.spokespeople(kept.idea):
        raise Refused(("Somebody who speaks for the post is a contact of an adopter, and signs in here.",))
    if licence and licence not in LICENCES:
        raise Refused(("There is no such licence.",))
    if official != kept.official:
        kept.official_agreed_on = this_day() if official else None
    kept.unit, kept.post, kept.official = unit, post, official
    kept.contact_id, kept.licence = contact_id, licence
    return _recorded(actor, kept, "post")


@command(policy.may_keep_home)
def keep_sides(
    actor: Actor, home: SystemHome, *, from_role: str, to_role: str, agreed_for: dt.date | None = None
) -> SystemHome:
    """Say who hands over and who takes over, by their roles, and on which day."""
    kept = _kept(home)
    if kept.state != "planned":
        raise Refused((AGREED,))
    kept.from_role, kept.to_role, kept.agreed_for = from_role, to_role, agreed_for
    return _recorded(actor, kept, "sides")


@command(policy.may_keep_home)
def add_reference(actor: Actor, home: SystemHome, *, kind: str, title: str, **details: Any) -> HomeReference:
    """Name a policy, circular or plan on which it rests. ``details`` are its number, issued_on and link."""
    if kind not in REFERENCES:
        raise Refused(("There is no such kind of document.",))
    require_past(details["issued_on"])
    reference = HomeReference(kind=kind, title=title, **details)
    _add(actor, home, reference, "reference")
    return reference


@command(policy.may_keep_home)
def add_budget_line(actor: Actor, home: SystemHome, **details: Any) -> BudgetLine:
    """Name the line from which it is paid in a financial year. ``details`` are vote, budget_programme, year,
    amount_cents and funded_by."""
    line = BudgetLine(**details)
    _add(actor, home, line, "budget_line")
    return line


@command(policy.may_keep_home)
def add_step(actor: Actor, home: SystemHome, *, what: str, who: str, due_on: dt.date) -> HandoverStep:
    """Say what is done until the hand-over, by which role and by when."""
    if home.state == "handed_over":
        raise Refused(("It is handed over: its plan stays as it was.",))
    step = HandoverStep(what=what, who=who, due_on=due_on)
    _add(actor, home, step, "step")
    return step


@command(policy.may_finish_step)
def finish_step(actor: Actor, step: HandoverStep, *, done_on: dt.date) -> HandoverStep:
    """Say on which day a step of the plan was done."""
    hold_row(step)
    _require_under_way(step.home)
    require_past(done_on)
    if step.done_on is not None:
        raise Refused(("This step is done already.",))
    step.done_on, step.done_by_id = done_on, actor.person_id
    _touch(step.home)
    record(actor, SystemHomeKept(step.idea_id, step.home_id, "done"))
    return step


@command(policy.may_keep_home)
def remove_row(actor: Actor, row: HomeReference | BudgetLine | HandoverStep) -> Any:
    """Take out what was written by mistake or is not so any more; the record keeps that it was there."""
    _require_under_way(row.home)
    if isinstance(row, HandoverStep) and row.home.state != "planned":
        raise Refused(("It is handed over: its plan stays as it was." if row.home.state == "handed_over" else AGREED,))
    row.removed_at, row.removed_by_id = now(), actor.person_id
    _touch(row.home)
    record(actor, SystemHomeKept(row.idea_id, row.home_id, "removed"))
    return row


# The hand-over


@command(policy.may_keep_home)
def agree_handover(actor: Actor, home: SystemHome) -> SystemHome:
    """Both sides agree upon the plan and the day."""
    _require_under_way(home)
    home.state = HANDOVER.fire(home.state, "agree", queries.facts_of_handover(home))
    assert home.agreed_for is not None
    record(actor, HandoverAgreed(home.idea_id, home.id, home.agreed_for.isoformat()))
    return home


@command(policy.may_keep_home)
def reopen_handover(actor: Actor, home: SystemHome, *, reason: str) -> SystemHome:
    """Open again what was agreed, with a reason: the day or the two sides change."""
    _require_under_way(home)
    home.state = HANDOVER.fire(home.state, "reopen")
    home.reopened_because = reason
    record(actor, HandoverReopened(home.idea_id, home.id))
    return home


@command(policy.may_record_handover)
def record_handover(actor: Actor, home: SystemHome, *, happened_on: dt.date, note: str = "") -> SystemHome:
    """Record that it was handed over, on the day on which that really happened."""
    _require_under_way(home)
    require_past(happened_on)
    home.state = HANDOVER.fire(home.state, "hand_over", queries.facts_of_handover(home))
    home.happened_on, home.note, home.recorded_by_id = happened_on, note, actor.person_id
    record(actor, IdeaHandedOver(home.idea_id, home.id, happened_on.isoformat()))
    return home


# For the gate


@command(policy.may_keep_home)
def hand_in_home(actor: Actor, home: SystemHome, *, deliverable: str, text: str) -> Handin:
    """The next version of a deliverable that is made from the tracker and the hand-over, with the team's own words."""
    parts = queries.system_parts(home.idea, home.idea.definition.deliverable(deliverable))
    if not parts:
        raise Refused(("Nothing is marked or planned yet, so there is nothing to hand in.",))
    content = {"text": text, "parts": [dict(vars(part)) for part in parts]}
    handed_in: Handin = ideas.hand_in_deliverable(actor, home.idea, deliverable=deliverable, content=content)
    return handed_in


def _kept(home: SystemHome) -> SystemHome:
    """The home as a row: made with the first thing that is written of it."""
    _require_under_way(home)
    if not home.is_written:
        idea = home.idea
        hold_row(idea)
        there = queries.home_of(idea)
        if there is not None:
            return there
        db.session.add(home)
        db.session.flush()
    return home


def _require_under_way(home: SystemHome) -> None:
    require_tracked(home.idea, "This is written once the idea is taken up by others.")


def _add(actor: Actor, home: SystemHome, row: Any, kind: str) -> None:
    kept = _kept(home)
    hold_row(kept)
    model = queries.ROWS[kind]
    count = sa.select(sa.func.count()).where(model.home_id == kept.id, model.removed_at.is_(None))
    if (db.session.scalar(count) or 0) >= queries.MOST_ROWS:
        raise Refused((f"There can be {queries.MOST_ROWS} of these.",))
    row.home_id, row.added_by_id, row.added_at = kept.id, actor.person_id, now()
    db.session.add(row)
    _touch(kept)
    record(actor, SystemHomeKept(kept.idea_id, kept.id, kind))


def _recorded(actor: Actor, home: SystemHome, part: str) -> SystemHome:
    record(actor, SystemHomeKept(home.idea_id, home.id, part))
    return home


def _touch(home: SystemHome) -> None:
    """A new version: who agrees upon it or hands it over has seen what stands in it."""
    flag_modified(home, "state")
    db.session.flush()
    db.session.expire(home, ["references", "budget_lines", "steps"])
