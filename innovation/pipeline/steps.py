"""What comes next for an idea, in a few words, and the tone in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.gates.models import Decision
from innovation.gates.queries import Progress
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.web import day
from workflows import Gate, Stage


@dataclass(frozen=True)
class NextStep:
    text: str
    tone: str


def next_step(idea: Idea, progress: Progress | None, decision: Decision | None) -> NextStep:
    """Where the idea stands and what it waits for."""
    if idea.standing == "active":
        gate = idea.definition.gate_at(idea.place)
        return _at_gate(progress) if gate else _at_stage(idea)
    return _standing_still(idea, decision)


def _at_gate(progress: Progress | None) -> NextStep:
    if progress is None:
        return NextStep(_("To convene a panel"), "recycle")
    if progress.undeclared:
        declared = progress.expected - progress.undeclared
        return NextStep(_("Panel declaring, %(n)d of %(all)d in", n=declared, all=progress.expected), "recycle")
    if progress.submitted >= progress.quorum:
        return NextStep(_("To decide"), "info")
    return NextStep(_("Panel scoring, %(n)d of %(all)d in", n=progress.submitted, all=progress.expected), "recycle")


def _at_stage(idea: Idea) -> NextStep:
    stage, definition = idea.where, idea.definition
    gate = definition.gate_after(idea.place)
    if gate is not None:
        return NextStep(_("To prepare: %(gate)s", gate=_(gate.short or gate.name)), "go")
    if isinstance(stage, Stage) and stage.moves_on_by is not None:
        following = definition.next_stage(stage.key)
        return NextStep(_("To start: %(stage)s", stage=_(following.short or following.name)) if following else "", "go")
    return NextStep(_("Goal reached"), "go")


def _standing_still(idea: Idea, decision: Decision | None) -> NextStep:
    where = _(idea.where.short or idea.where.name)
    if idea.standing == "held":
        text = _("On hold until %(day)s", day=day(idea.held_until)) if idea.held_until else _("On hold")
        return NextStep(text, "hold")
    if idea.standing == "stopped":
        return NextStep(_("Stopped: %(place)s", place=where), "kill")
    if idea.standing == "merged":
        return NextStep(_("Joined another idea"), "info")
    if idea.standing == "referred":
        body = (decision.details or {}).get("refer_to") if decision and decision.outcome == "refer" else None
        return NextStep(_("Referred to %(body)s", body=body) if body else _("Referred"), "info")
    return NextStep(_("Withdrawn"), "hold")


def gate_name(gate: Gate) -> str:
    """A gate's name as it stands inside a sentence."""
    name = str(_(gate.name))
    return name[:1].lower() + name[1:]
