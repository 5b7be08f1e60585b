"""What is done with the plan of a pilot: made from what was approved, filled in, started, and changed afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from innovation.command import Stale, command
from innovation.db import db, now
from innovation.events import record
from innovation.ideas import commands as ideas
from innovation.ideas.models import Idea
from innovation.ideas.policy import may_start_pilot
from innovation.ideas.queries import latest_ask, list_handins
from innovation.permission import Actor
from innovation.pilots import amending, filling, policy, queries
from innovation.pilots.commands.changing import note, require_open
from innovation.pilots.commands.readings import ask_for_decision
from innovation.pilots.events import PilotEnded, PilotPlanned
from innovation.pilots.plan_models import Indicator, Pilot
from innovation.pilots.plan_part_models import PilotBudgetLine
from innovation.pilots.terms import MOST_ROWS, OUTLINE, ROW_PARTS
from innovation.pilots.watching import judge_anew
from innovation.places.queries import list_terms
from workflows import PILOT, Refused

THRESHOLD = ("stop_at", "more_is_better")


@command(policy.may_run_pilot)
def plan_pilot(actor: Actor, idea: Idea) -> Pilot:
    """Make the plan of the idea's pilot from what its gate approved; one that waits to be started stays as it is."""
    if not queries.is_ready(idea):
        raise Refused(("A pilot is planned once the idea has passed the gate before it.",))
    decision, before = queries.approved_by(idea), queries.latest_pilot(idea)
    if before is not None and before.state == "planned":
        return before
    if before is not None and before.state != "ended":
        before.state = PILOT.fire(before.state, "end")  # the idea went back, and tries again
    ask = latest_ask(idea)
    pilot = Pilot(
        idea=idea,
        number=before.number + 1 if before else 1,
        planned_by_id=actor.person_id,
        planned_at=now(),
        decision_id=decision.id if decision else None,
        revision_id=decision.review.revision_id if decision else None,
        ask_id=ask.id if ask else None,
    )
    db.session.add(pilot)
    db.session.flush()
    for part, rows in filling.grown(idea.definition, _tables(idea)).items():
        _add(pilot, part, rows, 0)
    db.session.flush()
    record(actor, PilotPlanned(idea.id, pilot.id, pilot.number))
    return pilot


def _tables(idea: Idea) -> dict[str, Any]:
    """The rows of the newest accepted version of each table."""
    tables: dict[str, Any] = {}
    for handin in list_handins(idea):  # newest first
        if handin.state == "accepted":
            tables.setdefault(handin.deliverable, handin.content.get("rows", []))
    return tables


def _add(pilot: Pilot, part: str, rows: Sequence[Mapping[str, Any]], after: int) -> None:
    kind = ROW_PARTS[part].kind
    for position, values in enumerate(rows[:MOST_ROWS], after + 1):
        db.session.add(kind(pilot_id=pilot.id, position=position, **values))


@command(policy.may_run_pilot)
def change_outline(actor: Actor, pilot: Pilot, *, reason: str = "", **values: Any) -> Pilot:
    """Say what is expected, how it is found out, when, and with what; a day that nobody has moved follows its term."""
    require_open(pilot, reason)
    before = {what: getattr(pilot, what) for what in OUTLINE}
    after = {**before, **values}
    terms = {term.key: term for term in list_terms()}
    for term, day, edge in (("first_term", "starts_on", "starts_on"), ("last_term", "ends_on", "ends_on")):
        chosen = terms.get(after[term])
        moved = after[day] is not None and after[day] != before[day]
        if chosen is not None and not moved and (after[term] != before[term] or after[day] is None):
            after[day] = getattr(chosen, edge)
    _check_days(after)
    if pilot.state != "planned" and None in (after["starts_on"], after["ends_on"]):
        raise Refused(("A pilot that has begun has a first and a last day.",))
    changes = amending.differences(before, after)
    if changes:
        for what, value in after.items():
            setattr(pilot, what, value)
        note(actor, pilot, "outline", changes, reason)
    return pilot


def _check_days(values: Mapping[str, Any]) -> None:
    starts_on: dt.date | None = values["starts_on"]
    ends_on: dt.date | None = values["ends_on"]
    if starts_on and ends_on and ends_on <= starts_on:
        raise Refused(("The pilot must end after it begins.",))


@command(policy.may_run_pilot)
def change_rows(
    actor: Actor, pilot: Pilot, *, part: str, rows: Sequence[tuple[int | None, dict[str, Any]]], reason: str = ""
) -> Pilot:
    """Write the rows of a part anew: each by its number, or None for a new one; a row that is not named goes.

    A measure of which something was read stays, and so does a line of the budget on which something was spent. Where a
    stop threshold has moved, what was measured before is held against it.
    """
    require_open(pilot, reason)
    spec = ROW_PARTS[part]
    there = {row.id: row for row in queries.list_rows(pilot, part)}
    said = [(number, values) for number, values in rows if values[spec.first]]
    named = {number for number, _values in said if number is not None}
    if not named <= there.keys():
        raise Stale
    if len(said) > MOST_ROWS:
        raise Refused((f"There can be {MOST_ROWS} rows.",))
    before = {number: {what: getattr(row, what) for what in spec.columns} for number, row in there.items()}
    changes = list(amending.row_differences(before, said, spec.first))
    if not changes:
        return pilot
    gone, judged = there.keys() - named, []
    if spec.kind is Indicator and queries.measured(set(gone)):
        raise Refused(("Something was measured already: a measure with readings stays in the plan.",))
    if spec.kind is PilotBudgetLine and queries.spent_on(set(gone)):
        raise Refused(("Something was spent already: a line with entries stays in the budget.",))
    for number in gone:
        db.session.delete(there[number])
    for number, values in said:
        if number is not None:
            moved = any(what in values and before[number].get(what) != values[what] for what in THRESHOLD)
            judged += [there[number]] if moved else []
            for what, value in values.items():
                setattr(there[number], what, value)
    last = max((row.position for row in there.values()), default=0)
    _add(pilot, part, [values for number, values in said if number is None], last)
    note(actor, pilot, part, changes, reason)
    if judged:
        ask_for_decision(actor, pilot, judge_anew(pilot, judged, now()))
    return pilot


@command(policy.may_run_pilot)
def end_pilot(actor: Actor, idea: Idea) -> Pilot | None:
    """End the pilot of an idea that has left it, by whatever way; nothing where none is under way."""
    pilot = queries.latest_pilot(idea)
    if pilot is None or pilot.state in ("planned", "ended") or queries.is_piloting(idea):
        return None
    pilot.state = PILOT.fire(pilot.state, "end")
    record(actor, PilotEnded(idea.id, pilot.id))
    return pilot


@command(may_start_pilot)
def start_pilot(actor: Actor, pilot: Pilot) -> Pilot:
    """Begin the pilot as it is planned: the idea moves on, and from now on the plan changes by amendments only."""
    missing = queries.read_plan(pilot).missing
    if missing or pilot.starts_on is None or pilot.ends_on is None:
        raise Refused(missing)
    ideas.start_pilot(
        actor,
        pilot.idea,
        sites=queries.list_places(pilot),
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        means=pilot.means,
    )
    pilot.state = PILOT.fire(pilot.state, "start", queries.facts_of(pilot))
    return pilot
