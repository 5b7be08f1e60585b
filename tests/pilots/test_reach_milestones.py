"""Milestones: planned by the team, shown to be reached, and accepted by somebody who is not of the team."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from innovation.events import list_events
from innovation.ideas.models import Idea
from innovation.permission import Forbidden
from innovation.pilots import commands
from innovation.pilots.models import Milestone
from tests import make
from workflows import Refused


def planned(idea: Idea) -> Milestone:
    return commands.plan_milestone(make.actor(idea.owner), idea, title="Eight clubs", due_on=dt.date(2027, 3, 1))


def test_a_milestone_is_planned_shown_and_accepted(app: Flask) -> None:
    idea = make.idea()
    milestone = planned(idea)

    commands.show_milestone(make.actor(idea.owner), milestone, evidence="Eight lists of names of clubs.")
    commands.accept_milestone(make.actor(make.staff("coordinator")), milestone)

    told = [event.kind for event in reversed(list_events(f"idea:{idea.id}"))]
    assert milestone.state == "accepted"
    assert told == ["milestone_planned", "milestone_shown", "milestone_accepted"]


def test_what_is_returned_says_why_and_is_shown_again(app: Flask) -> None:
    idea, coordinator = make.idea(), make.staff("coordinator")
    milestone = planned(idea)
    commands.show_milestone(make.actor(idea.owner), milestone, evidence="Seven lists.")

    with pytest.raises(Refused) as refused:
        commands.return_milestone(make.actor(coordinator), milestone)
    commands.return_milestone(make.actor(coordinator), milestone, reason="One is missing.")
    commands.show_milestone(make.actor(idea.owner), milestone, evidence="Eight lists.")

    assert refused.value.reasons == ("Say what is still missing.",)
    assert (milestone.state, milestone.reason) == ("shown", "One is missing.")


def test_nobody_accepts_a_milestone_of_their_own_idea(app: Flask) -> None:
    coordinator = make.staff("coordinator")
    milestone = planned(make.idea(coordinator))
    commands.show_milestone(make.actor(coordinator), milestone, evidence="Eight lists.")

    with pytest.raises(Forbidden):
        commands.accept_milestone(make.actor(coordinator), milestone)

    assert milestone.state == "shown"
