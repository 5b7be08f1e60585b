"""What the holder of a slip may know of an idea: where it is, the last outcome, and the next step; no people."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from innovation.db import db
from innovation.events import list_events
from innovation.ideas import queries, venues
from innovation.ideas.import_models import ImportedIdea
from innovation.ideas.models import Idea
from innovation.programmes.workdays import working_days_after
from innovation.values import dataclass
from workflows import UNDER_WAY, Gate

DECIDED = ("gate_decided", "decision_superseded")
ASKED_AGAIN = ("reconsideration_asked", "reconsideration_answered")
REVIEWED = ("post_review_decided",)
AGAIN = {
    "asked": "The owner has asked that this decision be looked at again. Another chair will answer.",
    "upheld": "Another chair has looked at this decision again. It stands.",
    "changed": "Another chair has looked at the decision again and changed it.",
}
# The holder of a slip reads the title only where the owner let the idea be seen by others.
SHOWS_TITLE = ("public_name", "share_with_funders")
ENDINGS = {
    "held": "The idea is on hold. Its owner has been told until when, and why.",
    "stopped": "This idea was stopped. Its owner has been told why, and what was learnt from it is kept.",
    "merged": "This idea was joined with another one and goes on there.",
    "referred": "This idea was handed to another body that is better placed for it.",
    "withdrawn": "The owner has withdrawn this idea.",
    "lapsed": "This was handed over. A later review found that it does not run any more, or not as what it was.",
    "taken_back": "The programme has taken this idea back: it had been entered by mistake.",
}
STATUSES = {"active": "now", "held": "held", "stopped": "stopped", "withdrawn": "withdrawn"}  # others went elsewhere


@dataclass(frozen=True)
class Mark:
    """One place of the line, as ``line_journey`` draws it."""

    label: str
    kind: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class LastOutcome:
    """What a panel decided last: the names of gate and outcome, and when."""

    gate: str
    label: str
    tone: str
    at: dt.datetime


def marks(idea: Idea) -> list[Mark]:
    """The line with where the idea stands on it."""
    definition = idea.definition
    here = definition.place_index(idea.place)
    left_out = definition.left_out(idea.track)
    now = STATUSES.get(idea.standing, "gone")
    return [
        Mark(place.short or place.name, place.kind, _status(at - here, now, skipped=place.place in left_out))
        for at, place in enumerate(definition.places)
    ]


def _status(ahead: int, now: str, *, skipped: bool) -> str:
    """How a place stands to the idea that is so many places before it."""
    if ahead == 0:
        return now
    return "todo" if ahead > 0 else "skipped" if skipped else "done"


def last_outcome(idea: Idea) -> LastOutcome | None:
    """The newest decision about the idea, read from its events."""
    newest = next(iter(list_events(f"idea:{idea.id}", kinds=DECIDED, limit=1)), None)
    if newest is None:
        return None
    outcome = idea.definition.outcome(newest.data["outcome"])
    return LastOutcome(idea.once("gate", newest.data["gate_key"]).name, outcome.label, outcome.tone, newest.at)


def looked_at_again(idea: Idea) -> str:
    """Where a request to look at the last decision again stands, in a sentence; empty where there is none."""
    newest = next(iter(list_events(f"idea:{idea.id}", kinds=(*ASKED_AGAIN, *DECIDED), limit=1)), None)
    if newest is None or newest.kind in DECIDED:
        return ""
    if newest.kind == "reconsideration_answered":
        return AGAIN[newest.data["answer"]]
    return AGAIN["asked"]


def next_step(idea: Idea) -> tuple[str, str]:
    """A sentence on what comes next, and the name of the place that it speaks of."""
    if idea.standing in ENDINGS:
        return ENDINGS["taken_back" if was_taken_back(idea) else idea.standing], ""
    where = idea.where
    if isinstance(where, Gate):
        return "A panel is looking at the idea. Its decision comes next.", where.name
    gate = idea.definition.gate_after(where.key)
    if gate is None and has_lapsed(idea):
        return ENDINGS["lapsed"], ""
    if gate is None:
        return "The idea has passed its last gate. Its owner is told about every step.", ""
    return "The owner works on what the next gate asks for, and then presents the idea there.", gate.name


def was_taken_back(idea: Idea) -> bool:
    """Whether whoever imported the idea undid that: then nobody withdrew it."""
    noted = db.session.get(ImportedIdea, idea.id) if idea.standing == "withdrawn" else None
    return noted is not None and noted.taken_back_at is not None


def has_lapsed(idea: Idea) -> bool:
    """Whether the last review since it passed its last gate found so; its journey says nothing of that."""
    where = idea.where
    if idea.standing != "active" or isinstance(where, Gate) or idea.definition.gate_after(where.key) is not None:
        return False
    newest = next(iter(list_events(f"idea:{idea.id}", kinds=REVIEWED, limit=1)), None)
    return newest is not None and newest.data["outcome"] == "lapsed" and newest.at >= idea.place_since


def is_over(idea: Idea) -> bool:
    """Nobody works on it any more, whatever became of it."""
    return idea.standing not in UNDER_WAY or has_lapsed(idea)


def how_it_ended(idea: Idea) -> str:
    """What became of an idea that is over, in a sentence; empty for any other."""
    return next_step(idea)[0] if is_over(idea) else ""


def goes_on_as(idea: Idea) -> Idea | None:
    """The idea that this one was joined with, or the one that that one was joined with; of it no more is told than its
    reference and its place."""
    seen = {idea.id}
    while idea.standing == "merged" and idea.merged_into_id is not None and idea.merged_into_id not in seen:
        idea = db.session.get_one(Idea, idea.merged_into_id)
        seen.add(idea.id)
    return idea if len(seen) > 1 else None


def agreed_step(idea: Idea) -> tuple[str, dt.date | None] | None:
    """What the owner agreed at the clinic to do first, as long as the idea lies where it was captured."""
    if idea.standing != "active" or idea.where != idea.definition.stages[0]:
        return None
    return venues.find_agreed_step(idea.id)


def due_on(idea: Idea) -> dt.date | None:
    """The day by which the next step is expected, as its process has it."""
    if idea.standing == "held":
        return idea.held_until
    if idea.standing != "active":
        return None
    where = idea.where
    if not isinstance(where, Gate):
        return idea.due_on
    since = idea.place_since.astimezone(ZoneInfo(idea.programme.timezone)).date()
    return idea.due_on or working_days_after(since, where.working_days, idea.programme.country)


def shown_title(idea: Idea) -> str:
    """The title, where the owner lets it be shown; else nothing."""
    given = queries.live_consents(idea)
    return idea.title if any(purpose in given for purpose in SHOWS_TITLE) else ""
