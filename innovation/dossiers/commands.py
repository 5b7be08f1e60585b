"""Taking a dossier away, which the record keeps, and asking for those of many ideas."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.command import command
from innovation.dossiers import policy
from innovation.dossiers.events import DossierTaken, MeetingDossierTaken
from innovation.events import record
from innovation.ideas.models import Idea
from innovation.jobs.commands import ask_job
from innovation.jobs.models import Job
from innovation.meetings import queries as meetings
from innovation.meetings.models import Meeting
from innovation.once import repeatable
from innovation.permission import Actor
from workflows import Refused

MOST = 100


@command(policy.may_take_dossier)
@repeatable
def take_dossier(actor: Actor, idea: Idea, *, form: str) -> Idea:
    """Note that the person takes a dossier of the idea away; it may be taken as often as they like."""
    record(actor, DossierTaken(idea.id, form))
    return idea


@command(policy.may_take_dossiers)
@repeatable
def ask_dossiers(actor: Actor, *, references: Sequence[str], form_key: str) -> Job:
    """Owe the person the dossiers of some ideas in one file."""
    chosen = list(dict.fromkeys(references))
    if not chosen:
        raise Refused(("There is no idea in this list.",))
    if len(chosen) > MOST:
        raise Refused((f"A dossier holds at most {MOST} ideas. Narrow the list.",))
    return ask_job(actor, kind="dossiers", payload={"ideas": chosen}, total=len(chosen), form_key=form_key)


# A whole meeting


@command(policy.may_take_meeting_dossier)
@repeatable
def take_meeting_dossier(actor: Actor, meeting: Meeting, *, form: str) -> Meeting:
    """Note that the person takes the dossier of a meeting away."""
    record(actor, MeetingDossierTaken(meeting.id, form))
    return meeting


@command(policy.may_take_meeting_dossier)
@repeatable
def ask_meeting_dossier(actor: Actor, meeting: Meeting, *, form_key: str) -> Job:
    """Owe the person the papers of a meeting, and the dossier of each idea on its agenda that is open to them."""
    open_to = [item for item in meeting.items if meetings.relation_to(actor, item).relation == "full"]
    references = sorted(item.review.idea.reference for item in open_to)
    payload = {"ideas": references, "meeting": meeting.id}
    return ask_job(actor, kind="dossiers", payload=payload, total=len(references) + 1, form_key=form_key)
