"""Presenting, convening and reminding for many ideas: a few at once, more as a long job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from innovation.gates import commands
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
    return Kind(title, _begin(ACTS[name]), of_each="gates.present", back=lambda job: desk)


KINDS = {
    "present": _kind("present", lazy_gettext("Present ideas")),
    "convene": _kind("convene", lazy_gettext("Convene panels")),
    "remind": _kind("remind", lazy_gettext("Remind panels")),
}
