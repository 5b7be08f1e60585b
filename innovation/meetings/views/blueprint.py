"""The blueprint to which the pages of meetings are bound, and the page of one meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, render_template

from innovation.db import now
from innovation.gates import queries as gates
from innovation.gates.forms import OUTCOME_TONES, ROLE_NAMES, STANCE_NAMES
from innovation.gates.forms import STATE_NAMES as REVIEW_STATES
from innovation.meetings import queries
from innovation.meetings.commands.running import EARLY
from innovation.meetings.forms import (
    CHOICE_NAMES,
    ITEM_NAMES,
    ITEM_TONES,
    MARK_NAMES,
    PRESENCE_NAMES,
    STATE_NAMES,
    STATE_TONES,
    AskForm,
    MotionForm,
    NoteForm,
    PutOffForm,
)
from innovation.meetings.models import Meeting
from innovation.web import can, day, local, me

bp = Blueprint("meetings", __name__)


def hour(at: dt.datetime | None) -> str:
    """14:05, where the programme is; nothing for no time."""
    return f"{local(at):%H:%M}" if at else ""


@bp.context_processor
def words() -> dict[str, object]:
    """What the templates of this area, and those of gates that it shows, call their codes."""
    return {
        "roles": ROLE_NAMES,
        "stances": STANCE_NAMES,
        "states": REVIEW_STATES,
        "outcome_tones": OUTCOME_TONES,
        "state_names": STATE_NAMES,
        "state_tones": STATE_TONES,
        "item_names": ITEM_NAMES,
        "item_tones": ITEM_TONES,
        "presence_names": PRESENCE_NAMES,
        "mark_names": MARK_NAMES,
        "choice_names": CHOICE_NAMES,
        "hour": hour,
        "clock": lambda text: hour(dt.datetime.fromisoformat(text)),
        "read_day": lambda text: day(dt.date.fromisoformat(text)),
    }


def page_of(meeting: Meeting, status: int = 200, **forms: Any) -> Any:
    """The page of a meeting for whoever asks; ``forms`` are those that were sent and refused."""
    screen = queries.screen(me(), meeting)
    shown = screen.in_hand
    tools = shown if shown and shown.relation == "full" else None
    review = tools.review if tools else None
    made: dict[str, Any] = {"ask_form": AskForm(), "note_form": NoteForm(), "put_off_form": PutOffForm()}
    made["motion_form"] = MotionForm.about(review, gates.ruled_out(review)) if review and review.is_open else None
    found = {"meeting": meeting, "screen": screen, "shown": shown, "tools": tools, "page_item": meeting.in_hand_id}
    found["soon"] = meeting.state == "open" or now() > meeting.starts_at - EARLY
    found["works_for"] = _both_sides(meeting)
    found["tag"] = queries.pulse_of(me(), meeting.id)
    return render_template("meetings/meeting.html", **found, **(made | forms)), status


def _both_sides(meeting: Meeting) -> dict[int, tuple[str, ...]]:
    """Who of those who were asked works for a funder, for whoever runs the meeting; for the others, themselves."""
    if can("keep_attendance", meeting):
        return gates.funders_of([each.person_id for each in meeting.attendees])
    sits = any(each.person_id == me().person_id for each in meeting.attendees)
    return gates.funders_of([me().person_id or 0]) if sits and me().funder_ids else {}
