"""Who reviews what: asking for a suggestion, looking at it, changing it for single ideas, and confirming it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from innovation.db import begin_reading, db
from innovation.gates import commands, policy, queries
from innovation.gates.assigning import FIT, POINTS, NoAnswer, Unmet
from innovation.gates.assignment_models import Assignment
from innovation.gates.forms import AssignmentForm, ExpertiseForm, RulingsForm
from innovation.gates.forms.words import options
from innovation.gates.unmet import why
from innovation.gates.views.blueprint import bp
from innovation.gates.views.panels import own_programme
from innovation.ideas.models import Idea
from innovation.jobs.commands import ask_job
from innovation.jobs.queries import list_under_way
from innovation.languages import gettext as _
from innovation.lists import ListState
from innovation.permission import NotThere
from innovation.programmes.models import Programme
from innovation.web import me

AT_ONCE = 40  # so many are solved while one waits; more are a long job


@bp.route("/panels/<int:panel_id>/members/<int:person_id>", methods=["GET", "POST"])
def member(panel_id: int, person_id: int) -> Any:
    panel = queries.find_panel(me(), panel_id)
    policy.may_edit_panel.require(me(), panel)
    found = queries.find_member(panel, person_id)
    programme = own_programme()
    known = queries.expertise_of(panel.programme_id, [person_id]).get(person_id)
    form = ExpertiseForm.of(programme, known, panel.version)
    if form.submit_to(commands.describe_member, me(), panel, person_id=person_id):
        flash(_("It is noted. Suggestions of reviewers go by it from now on."))
        return redirect(url_for(".panel", panel_id=panel.id))
    page = {"panel": panel, "member": found, "form": form}
    return render_template("gates/member.html", **page), form.status


@bp.route("/reviews/assignments", methods=["GET", "POST"])
def assignments() -> Any:
    policy.may_ask_assignment.require(me())
    programme, form = own_programme(), AssignmentForm.read()
    waiting = queries.count_to_assign(me())
    form.gate_key.choices = options(_gates(programme, waiting))
    several = form.was_sent and not _settle_gate(form)
    if not several and form.submit_to(commands.ask_assignment, me(), programme):
        return _solve(form.result)
    state = ListState.read((), "")
    page = state.on(queries.list_assignments(me(), page=state.number))
    names = {gate.key: _(gate.name) for gate in programme.workflow_version.definition.gates}
    shown = {"page": page, "form": form, "to_assign": waiting, "names": names, "several": several}
    shown["jobs_under_way"] = list_under_way(me(), ("suggest", "convene_assigned"))
    return render_template("gates/assignments.html", **shown), 422 if several else form.status


def _gates(programme: Programme, waiting: dict[str, int]) -> list[tuple[str, str]]:
    """The gates at which ideas wait, with how many."""
    gates = programme.workflow_version.definition.gates
    return [(gate.key, f"{_(gate.name)} · {waiting[gate.key]}") for gate in gates if gate.key in waiting]


def _settle_gate(form: AssignmentForm) -> bool:
    """Take the gate of the ideas that were ticked at the desk; False where they wait at several gates."""
    if form.gate_key.data:
        return True
    gates = queries.gates_of(me(), form.ticked) if form.ticked else set(queries.count_to_assign(me()))
    if len(gates) == 1:
        form.gate_key.data = next(iter(gates))
    return len(gates) < 2


def _solve(assignment: Assignment) -> Any:
    """Find a suggestion: at once where the ideas are few, else by the worker."""
    shown, total = assignment.id, len(assignment.ideas)
    if total > AT_ONCE:
        key = f"assignment:{shown}:{assignment.version}"
        job = ask_job(me(), kind="suggest", payload={"assignment": shown}, total=total, form_key=key)
        return redirect(url_for("jobs.job", job_id=job.id))
    begin_reading()  # nobody has to wait for the solver to write
    try:
        problem, found = commands.find_suggestion(me(), queries.find_assignment(me(), shown))
        db.session.rollback()
        commands.keep_suggestion(me(), queries.find_assignment(me(), shown), problem=problem, found=found)
    except NoAnswer:
        flash(_("No suggestion was found in the time there is. Ask for fewer ideas."), "warning")
    return redirect(url_for(".assignment", assignment_id=shown))


@bp.get("/reviews/assignments/<int:assignment_id>")
def assignment(assignment_id: int) -> Any:
    found = queries.find_assignment(me(), assignment_id)
    state, result = ListState.read((), ""), found.result or {}
    seen = queries.assigned_in_sight(me(), found)
    unmet = [Unmet(i, rule, have, need, tuple(full)) for i, rule, have, need, full in result.get("unmet", ())]
    short = {each.idea_id for each in unmet}
    only_short = request.args.get("show") == "unmet"
    listed = [idea_id for idea_id in seen if idea_id in short or not only_short]
    page = state.on(queries.assigned_page(listed, page=state.number))
    people = {person_id: (load, cap) for person_id, load, cap in result.get("people", ())}
    names = queries.names_of_people(people)
    shown = {"assignment": found, "page": page, "seats": result.get("seats", {}), "names": names, "result": result}
    shown |= {"loads": _loads(people, result, seen, names), "why": _reasons(page.items, unmet, found, names)}
    shown |= {"served": sum(str(idea_id) in result.get("seats", {}) for idea_id in seen), "seen": len(seen)}
    shown |= {"short": len(short & set(seen)), "only_short": only_short, "points": POINTS, "fit": FIT}
    shown |= {"progress": queries.progress([idea.id for idea in page.items]), "gate_name": _gate_name(found)}
    shown["jobs_under_way"] = list_under_way(me(), ("suggest", "convene_assigned"))
    return render_template("gates/assignment.html", **shown)


def _gate_name(assignment: Assignment) -> str:
    gates = own_programme().workflow_version.definition.gates
    return next((_(gate.name) for gate in gates if gate.key == assignment.gate_key), assignment.gate_key)


def _loads(
    people: dict[int, tuple[int, int | None]], result: dict[str, Any], seen: list[int], names: dict[int, str]
) -> list[dict[str, Any]]:
    """Each member with what is open with them, what would be added, and their cap; the most loaded first."""
    in_sight = {str(idea_id) for idea_id in seen}
    seats = (seat for key, each in result.get("seats", {}).items() if key in in_sight for seat in each)
    added = Counter(person_id for person_id, _role, _fit in seats)
    rows = [
        {"name": names[person_id], "open": load, "added": added[person_id], "cap": cap}
        for person_id, (load, cap) in people.items()
    ]
    return sorted(rows, key=lambda row: (-row["open"] - row["added"], row["name"]))


def _reasons(
    ideas: Iterable[Idea], unmet: list[Unmet], assignment: Assignment, names: dict[int, str]
) -> dict[int, list[str]]:
    """For the ideas of a page, what could not be met, and what would help."""
    panels = (assignment.result or {}).get("panels", {})
    here = {idea.id: idea for idea in ideas}
    said: dict[int, list[str]] = {}
    for each in unmet:
        if each.idea_id in here:
            gate = here[each.idea_id].once("gate", assignment.gate_key)
            sentence = why(each, gate, names, has_panel=str(each.idea_id) in panels)
            if sentence not in said.setdefault(each.idea_id, []):
                said[each.idea_id].append(sentence)
    return said


@bp.post("/reviews/assignments/<int:assignment_id>/suggestion")
def suggestion(assignment_id: int) -> Any:
    return _solve(queries.find_assignment(me(), assignment_id))


@bp.route("/reviews/assignments/<int:assignment_id>/ideas/<int:idea_id>", methods=["GET", "POST"])
def assigned_idea(assignment_id: int, idea_id: int) -> Any:
    found = queries.find_assignment(me(), assignment_id)
    problem = queries.assignment_problem(me(), found, only=idea_id) if idea_id in found.ideas else None
    if problem is None or not problem.ideas:
        raise NotThere
    idea, members = problem.ideas[0], problem.members[idea_id]
    order = sorted(members, key=lambda one: (bool(one.barred), bool(one.flagged), -one.fit, one.person_id))
    ruled = found.rulings.get(str(idea_id), {})
    form = RulingsForm.of([one.person_id for one in order if not one.barred], ruled, found.version)
    if form.submit_to(commands.rule_on_reviewers, me(), found, idea_id=idea_id):
        return _solve(form.result)
    result = found.result or {}
    seated = {person_id for person_id, _role, _fit in result.get("seats", {}).get(str(idea_id), ())}
    page = {"assignment": found, "idea": idea, "form": form, "members": {one.person_id: one for one in order}}
    page |= {"seated": seated, "names": queries.names_of_people(one.person_id for one in order)}
    page |= {"loads": {one.person_id: one for one in problem.reviewers}, "points": POINTS}
    return render_template("gates/assigned_idea.html", **page), form.status


@bp.post("/reviews/assignments/<int:assignment_id>/confirmation")
def confirm_assignment(assignment_id: int) -> Any:
    found = queries.find_assignment(me(), assignment_id)
    job = commands.confirm_assignment(me(), found)
    return redirect(url_for("jobs.job", job_id=job.id))
