"""Steps of the journey that no panel decides: withdrawn, revived, and the pilot begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from innovation.command import command
from innovation.events import record
from innovation.ideas import policy, queries
from innovation.ideas.commands.lessons import keep_lesson
from innovation.ideas.events import IdeaRevived, IdeaWithdrawn, PilotStarted
from innovation.ideas.models import Idea
from innovation.ideas.moves import move
from innovation.ideas.teaching import NO_NAMES, lesson_faults, names_somebody
from innovation.permission import Actor
from workflows import Refused, Stage


@command(policy.may_start_pilot)
def start_pilot(
    actor: Actor, idea: Idea, *, sites: Sequence[str], starts_on: dt.date, ends_on: dt.date, means: str
) -> Idea:
    """Begin the pilot: its sites (by their number, where they stand in a register), dates and means are recorded."""
    stage = idea.where
    trigger = stage.moves_on_by if isinstance(stage, Stage) else None
    if trigger is None:
        raise Refused((idea.journey.unavailable(idea.state, "start_pilot"),))
    faults = pilot_faults(sites, starts_on, ends_on, means)
    move(idea, trigger, queries.journey_facts(idea, pilot_ready=faults))
    note_pilot(idea, sites=sites, starts_on=starts_on, ends_on=ends_on, means=means)
    record(actor, PilotStarted(idea.id, len(idea.pilot_plan["sites"])))
    return idea


def note_pilot(idea: Idea, *, sites: Sequence[str], starts_on: dt.date, ends_on: dt.date, means: str) -> None:
    """Keep with the idea what its readers ask of the pilot; the plan itself belongs to the pilot."""
    idea.pilot_plan = {
        "sites": list(dict.fromkeys(sites)),
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "means": means,
    }
    idea.due_on = ends_on


def pilot_faults(sites: Sequence[str], starts_on: dt.date, ends_on: dt.date, means: str) -> tuple[str, ...]:
    """A sentence for each thing that must be recorded before a pilot begins and is not; empty when all is there."""
    faults = [] if sites else ["Name at least one place where the pilot is held."]
    if ends_on <= starts_on:
        faults.append("The pilot must end after it begins.")
    if not means.strip():
        faults.append("Say what the pilot is run with: money, people and materials.")
    return tuple(faults)


@command(policy.may_revive_idea)
def revive_idea(actor: Actor, idea: Idea) -> Idea:
    """Let a stopped idea start again from the beginning, with its whole history."""
    move(idea, "revive", queries.journey_facts(idea))
    idea.held_until = None
    record(actor, IdeaRevived(idea.id, idea.place))
    return idea


@command(policy.may_withdraw_idea)
def withdraw_idea(
    actor: Actor, idea: Idea, *, cause: str = "", tried: str = "", happened: str = "", otherwise: str = ""
) -> Idea:
    """The owner takes the idea back; it ends where it stands, and funders lose sight of it.

    Once it was more than a plan, not without its lesson; before, a lesson is welcome.
    """
    said = {"cause": cause, "tried": tried, "happened": happened, "otherwise": otherwise}
    teaches = idea.has_pilot or any(said.values())
    faults = lesson_faults(idea, **said) if teaches else ()
    if teaches and names_somebody(idea, said.values()):
        faults = (*faults, NO_NAMES)
    if reasons := (*idea.journey.reasons(idea.state, "withdraw", queries.journey_facts(idea)), *faults):
        raise Refused(reasons)
    move(idea, "withdraw", queries.journey_facts(idea))
    idea.due_on = idea.held_until = None
    record(actor, IdeaWithdrawn(idea.id, idea.place))
    if teaches:
        keep_lesson(actor, idea, "withdrawn", **said)
    return idea
