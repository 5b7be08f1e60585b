"""Saying what members know, asking who should review what, changing the suggestion, and confirming it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy, queries
from innovation.gates.assigning import Suggestion, suggest
from innovation.gates.assignment_models import Assignment, Expertise
from innovation.gates.commands.convening import convene_panel
from innovation.gates.events import (
    AssignmentAsked,
    AssignmentConfirmed,
    MemberDescribed,
    ReviewersRuled,
    ReviewersSuggested,
)
from innovation.gates.models import SCORING_ROLES, Panel, Review
from innovation.gates.queries import Problem
from innovation.ideas.models import Idea
from innovation.jobs.commands import ask_job
from innovation.jobs.models import Job
from innovation.permission import Actor
from innovation.programmes.models import Programme
from workflows import Refused

RULINGS = ("pin", "forbid")


@command(policy.may_edit_panel)
def describe_member(
    actor: Actor,
    panel: Panel,
    *,
    person_id: int,
    themes: Collection[str] = (),
    topics: Collection[str] = (),
    phases: Collection[str] = (),
    cap: int | None = None,
) -> Expertise:
    """Say what somebody on the panel knows, and how many ideas may be open with them; it holds on all their panels."""
    queries.find_member(panel, person_id)
    if cap is not None and cap < 0:
        raise Refused(("A cap is a number of ideas, or empty for as many as fall to the member.",))
    known = queries.expertise_of(panel.programme_id, [person_id]).get(person_id)
    if known is None:
        known = Expertise(programme_id=panel.programme_id, person_id=person_id)
        db.session.add(known)
    known.themes, known.topics, known.phases, known.cap = sorted(themes), sorted(topics), sorted(phases), cap
    flag_modified(panel, "name")  # a page of the panel that was opened before this is out of date
    record(actor, MemberDescribed(panel.programme_id, panel.id, person_id))
    return known


@command(policy.may_ask_assignment)
def ask_assignment(
    actor: Actor,
    programme: Programme,
    *,
    gate_key: str,
    among: Collection[str] | None = None,
    reviewers: int | None = None,
) -> Assignment:
    """Ask who should review the ideas that wait at a gate: all of them, or those ``among`` some references."""
    ideas = queries.list_to_assign(actor, gate_key, among)
    if not ideas:
        raise Refused(("No idea for which you may convene a panel waits there.",))
    assignment = Assignment(
        programme_id=programme.id,
        gate_key=gate_key,
        asked_by_id=actor.person_id,
        reviewers=reviewers,
        ideas=[idea.id for idea in ideas if idea.programme_id == programme.id],
    )
    db.session.add(assignment)
    db.session.flush()
    record(actor, AssignmentAsked(programme.id, assignment.id, gate_key))
    return assignment


def find_suggestion(actor: Actor, assignment: Assignment) -> tuple[Problem, Suggestion]:
    """The best suggestion for the ideas as they are now; reads only, and takes seconds where they are many."""
    problem = queries.assignment_problem(actor, assignment)
    return problem, suggest(problem.waiting, problem.reviewers)


@command(policy.may_change_assignment)
def keep_suggestion(actor: Actor, assignment: Assignment, *, problem: Problem, found: Suggestion) -> Assignment:
    """Keep what was found, for whoever asked to look at."""
    _require_open(assignment)
    assignment.result = _as_result(problem, found)
    assignment.solved_at = now()
    record(actor, ReviewersSuggested(assignment.programme_id, assignment.id, assignment.gate_key))
    return assignment


def _as_result(problem: Problem, found: Suggestion) -> dict[str, Any]:
    """The suggestion with what it was made from, as ids, keys and numbers."""
    seats = {
        str(idea_id): [[m.person_id, m.role, m.fit] for m in problem.members[idea_id] if m.person_id in chosen]
        for idea_id, chosen in found.chosen.items()
    }
    return {
        "seats": seats,
        "panels": {str(idea_id): panel_id for idea_id, panel_id in problem.panels.items()},
        "people": [[each.person_id, each.load, each.cap] for each in problem.reviewers],
        "unmet": [[each.idea_id, each.rule, each.have, each.need, list(each.full)] for each in found.unmet],
        "asked": len(problem.ideas),
        "fit": found.fit,
        "worth": found.worth,
        "gap": found.gap,
        "served_at_most": found.served_at_most,
    }


@command(policy.may_change_assignment)
def rule_on_reviewers(actor: Actor, assignment: Assignment, *, idea_id: int, rulings: Mapping[int, str]) -> Assignment:
    """Pin or forbid members for one idea; the next suggestion keeps to it."""
    _require_open(assignment)
    problem = queries.assignment_problem(actor, assignment, only=idea_id)
    if not problem.ideas:
        raise Refused(("This idea does not wait for a panel any more.",))
    members = {member.person_id: member for member in problem.members[idea_id]}
    kept = {person_id: ruling for person_id, ruling in rulings.items() if ruling in RULINGS and person_id in members}
    names = queries.names_of_people(kept)
    barred = [
        f"{names[person_id]} {members[person_id].barred}."
        for person_id, ruling in kept.items()
        if ruling == "pin" and members[person_id].barred
    ]
    if barred:
        raise Refused(tuple(barred))
    others = {key: ruled for key, ruled in assignment.rulings.items() if key != str(idea_id)}
    mine = {str(idea_id): {str(person_id): ruling for person_id, ruling in kept.items()}} if kept else {}
    assignment.rulings = others | mine
    record(actor, ReviewersRuled(assignment.programme_id, assignment.id, assignment.gate_key, idea_id))
    return assignment


@command(policy.may_change_assignment)
def confirm_assignment(actor: Actor, assignment: Assignment) -> Job:
    """Owe the reviews that are suggested: they are convened one by one, as whoever confirms."""
    _require_open(assignment)
    seats = (assignment.result or {}).get("seats", {})
    seen = queries.assigned_in_sight(actor, assignment)
    references = queries.references_of(idea_id for idea_id in seen if str(idea_id) in seats)
    if not references:
        raise Refused(("There is nothing to confirm: no idea has got a panel.",))
    assignment.confirmed_at = now()
    record(actor, AssignmentConfirmed(assignment.programme_id, assignment.id, assignment.gate_key))
    ideas = [references[idea_id] for idea_id in seen if idea_id in references]
    job: Job = ask_job(
        actor,
        kind="convene_assigned",
        payload={"assignment": assignment.id, "ideas": ideas},
        total=len(ideas),
        form_key=f"assignment:{assignment.id}",
    )
    return job


def _require_open(assignment: Assignment) -> None:
    if assignment.confirmed_at is not None:
        raise Refused(("This suggestion has been confirmed. Ask for a new one for the ideas that still wait.",))


def convene_assigned(actor: Actor, idea: Idea, assignment: Assignment) -> Review:
    """Convene the panel of an idea with the members who were suggested; those who only read sit as always."""
    result = assignment.result or {}
    chosen = {person_id for person_id, _role, _fit in result.get("seats", {}).get(str(idea.id), ())}
    panel = db.session.get(Panel, result.get("panels", {}).get(str(idea.id), 0))
    if panel is None or not chosen:
        raise Refused(("Nobody was suggested for this idea.",))
    scoring = {m.person_id for m in queries.current_members(panel) if m.role in SCORING_ROLES}
    review: Review = convene_panel(actor, idea, panel_id=panel.id, left_out=scoring - chosen)
    return review
