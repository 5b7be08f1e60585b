"""Handing in what a pilot showed, as it stands now."""

from __future__ import annotations

from innovation.command import command
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin
from innovation.permission import Actor
from innovation.pilots import policy, queries
from innovation.pilots.plan_models import Pilot
from workflows import Refused


@command(policy.may_run_pilot)
def hand_in_pack(actor: Actor, pilot: Pilot, *, deliverable: str, text: str) -> Handin:
    """The next version of a deliverable that is made from the pilot, with the team's own words beside it.

    What it shows is kept in it: readings that come later are in the next version, and never in this one.
    """
    parts = queries.parts_of(pilot, pilot.idea.definition.deliverable(deliverable))
    if not parts:
        raise Refused(("Nothing has been measured twice or told of this pilot yet, so there is nothing to hand in.",))
    content = {"text": text, "parts": [dict(vars(part)) for part in parts]}
    handed_in: Handin = ideas.hand_in_deliverable(actor, pilot.idea, deliverable=deliverable, content=content)
    return handed_in
