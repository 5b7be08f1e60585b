"""Presenting, convening and reminding for many ideas: a few at once, more as a long job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.gates import commands, queries
from innovation.gates.unmet import why
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor

AT_ONCE = 20  # so many take less than two seconds; more are a long job
MOST = 2000
Act = Callable[[Actor, Idea], Any]
ACTS: dict[str, Act] = {
    "present": commands.present_prepared,
    "convene": commands.convene_suggested,
    "remind": commands.remind_current,
}


def _begin(act: Act) -> Callable[[Actor, Job], Work]:
    def begin(_actor: Actor, job: Job) -> Work:
        references: list[str] = job.payload["ideas"]

        def do(actor: Actor, which: range) -> list[Outcome]:
            for at in which:
                act(actor, ideas.find_idea(actor, references[at]))
            return [Outcome(references[at]) for at in which]

        return Work(references, do)

    return begin


def _kind(name: str, title: Any) -> Kind:
    desk = [Page(lazy_gettext("Gate desk"), "gates.desk", {"act": name})]
    return Kind(title, _begin(ACTS[name]), of_each="gates.present", seen=ideas.seen_references, back=lambda job: desk)


def _begin_suggestion(actor: Actor, job: Job) -> Work:
    """Find the suggestion before anything is written; keeping it is all that is left to do."""
    assignment = queries.find_assignment(actor, job.payload["assignment"])
    problem, found = commands.find_suggestion(actor, assignment)
    references = queries.references_of(queries.assigned_in_sight(actor, assignment))
    names = queries.names_of_people(reviewer.person_id for reviewer in problem.reviewers)
    outcomes = {idea.id: Outcome() for idea in problem.ideas}
    for unmet in found.unmet:
        idea = next(idea for idea in problem.ideas if idea.id == unmet.idea_id)
        gate = idea.once("gate", assignment.gate_key)
        said = why(unmet, gate, names, has_panel=idea.id in problem.panels)
        told = outcomes[idea.id].reasons
        outcomes[idea.id] = Outcome(idea.reference, "failed", tuple(dict.fromkeys((*told, said))))
    all_of = [outcomes.get(idea_id, Outcome(result="known")) for idea_id in assignment.ideas]

    def do(actor: Actor, which: range) -> list[Outcome]:
        asked = queries.find_assignment(actor, job.payload["assignment"])
        commands.keep_suggestion(actor, asked, problem=problem, found=found)
        return [all_of[at] for at in which]

    return Work([references.get(idea_id, "…") for idea_id in assignment.ideas], do)


def _begin_assigned(actor: Actor, job: Job) -> Work:
    """Convene as was suggested."""

    def convene(actor: Actor, idea: Idea) -> Any:
        assignment = queries.find_assignment(actor, job.payload["assignment"])
        return commands.convene_assigned(actor, idea, assignment)

    return _begin(convene)(actor, job)


def _of_assignment(title: Any, begin: Callable[[Actor, Job], Work], batch: int) -> Kind:
    def back(job: Job) -> list[Page]:
        here = {"assignment_id": job.payload["assignment"]}
        return [Page(lazy_gettext("The suggestion"), "gates.assignment", here)]

    return Kind(title, begin, batch, of_each="gates.present", seen=ideas.seen_references, back=back)


KINDS = {
    "suggest": _of_assignment(lazy_gettext("Suggest who reviews"), _begin_suggestion, queries.MOST_ASSIGNED),
    "convene_assigned": _of_assignment(lazy_gettext("Convene as suggested"), _begin_assigned, 1),
    "present": _kind("present", lazy_gettext("Present ideas")),
    "convene": _kind("convene", lazy_gettext("Convene panels")),
    "remind": _kind("remind", lazy_gettext("Remind panels")),
}
