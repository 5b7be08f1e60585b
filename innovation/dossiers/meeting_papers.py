"""The papers of meetings as plain data: who was there, what was said and voted, and the minutes with their corrections.

They come from the reading that the page of the minutes shows: what is closed there is not here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.forms import ROLE_NAMES
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.languages import gettext as _
from innovation.meetings import policy as meetings_policy
from innovation.meetings import queries as meetings
from innovation.meetings.forms import CHOICE_NAMES, ITEM_NAMES, MARK_NAMES, STATE_NAMES
from innovation.meetings.models import AgendaItem, Meeting
from innovation.meetings.queries import ItemView, MinutedItem, Reading
from innovation.permission import Actor, NotThere
from workflows import Definition

Record = dict[str, Any]
CLOSED = "You took no part in this item, so nothing of it is here."
UNDECLARED = "You had not declared your interests in it, so nothing of what was said is here."
WAITS = "The panel has decided. What it decided waits to be announced."


def meeting_papers(actor: Actor, idea: Idea) -> list[Record]:
    """Of every meeting on whose agenda the idea stood, what is about it; none that the person does not find."""
    return [
        papers_of(actor, meeting, {shown.item_id for shown in own})
        for meeting, own in _meetings_about(actor, idea)
        if any(shown.relation == "full" for shown in own)
    ]


def keys_about(actor: Actor, idea: Idea) -> set[str]:
    """As what the person sees the meetings about an idea: papers that were made hold no more than these open."""
    keys = set()
    for meeting, own in _meetings_about(actor, idea):
        keys |= {f"{shown.relation}:{shown.item_id}" for shown in own}
        keys |= {f"hears:{shown.item_id}" for shown in own if shown.hears}
        keys |= {f"writes:{meeting.id}"} if meetings_policy.may_write_minutes.allows(actor, meeting) else set()
    return keys


def _meetings_about(actor: Actor, idea: Idea) -> Iterator[tuple[Meeting, list[ItemView]]]:
    """The meetings that the person finds, each with its items about the idea as they are shown the person."""
    about = sa.select(AgendaItem.meeting_id).join(AgendaItem.review).where(Review.idea_id == idea.id)
    for meeting_id in sorted(set(db.session.scalars(about))):
        try:
            meeting = meetings.find_meeting(actor, meeting_id)
        except NotThere:
            continue
        own = [item for item in meeting.items if item.review.idea_id == idea.id]
        yield meeting, [meetings.relation_to(actor, item) for item in own]


def papers_of(actor: Actor, meeting: Meeting, only: set[int] | None = None) -> Record:
    """The papers of a meeting as the person may read them: of all its items, or of ``only`` some."""
    record: Record = {
        "title": meeting.title,
        "gate": _(meeting.gate.name),
        "panel": meeting.panel.name,
        "state": str(STATE_NAMES[meeting.state]),
        "planned_for": _at(meeting.starts_at),
        "place": meeting.venue,
        "opened": _at(meeting.opened_at),
        "closed": _at(meeting.closed_at),
        "minutes": None,
    }
    try:
        reading = meetings.read_minutes(actor, meeting, meetings.find_minutes(actor, meeting))
    except NotThere:
        screen = meetings.screen(actor, meeting)
        items = [_planned(each) for each in screen.items if only is None or each.item_id in only]
        return record | {"attendance": [], "items": items, "remarks": "", "comments": [], "corrections": []}
    return record | _minuted(reading, meeting.programme.workflow_version.definition, only)


def _at(value: dt.datetime | None) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds") if value else ""


def _planned(shown: ItemView) -> Record:
    """An item of which there are no minutes for the reader: what stands on the agenda."""
    record = _empty(shown.number, CLOSED if shown.relation == "closed" else UNDECLARED)
    if shown.review is None:
        return record
    said = "" if shown.relation == "full" else record["closed"]
    title, reference = shown.review.idea.title, shown.review.idea.reference
    return record | {"closed": said, "title": title, "reference": reference, "state": str(ITEM_NAMES[shown.state])}


def _empty(number: int | None, closed: str) -> Record:
    return {
        "number": number,
        "closed": _(closed) if closed else "",
        "review": None,
        "reference": "",
        "title": "",
        "state": "",
        "put_off_because": "",
        "minutes_taken": None,
        "quorum": None,
        "present": None,
        "recused": [],
        "said": "",
        "votes": [],
        "decided": None,
        "waits": "",
    }


def _minuted(found: Reading, definition: Definition, only: set[int] | None) -> Record:
    minutes = found.minutes
    items = [item for item in found.items if only is None or item.item_id in only]
    ids = {item.item_id for item in items}
    return {
        "minutes": {
            "version": minutes.number,
            "written": _at(minutes.written_at),
            "written_by": found.name(minutes.written_by_id),
            "circulated": _at(minutes.circulated_at),
            "signed": _at(minutes.signed_at),
            "signed_by": found.name(minutes.signed_by_id),
            "sha256": minutes.checksum,
            "unchanged": found.intact,
        },
        "attendance": [
            {
                "name": each.name,
                "part": str(ROLE_NAMES[each.part]),
                "marks": [{"what": str(MARK_NAMES[mark["what"]]), "at": mark["at"]} for mark in each.marks],
            }
            for each in found.attendance
        ],
        "items": [_item(item, definition) for item in items],
        "remarks": found.remarks,
        "comments": [
            {
                "item": next((item.reference for item in items if item.item_id == each.item_id), ""),
                "by": found.name(each.made_by_id),
                "at": _at(each.made_at),
                "text": each.text,
                "answer": each.answer,
            }
            for each in found.comments
            if each.item_id is None or each.item_id in ids
        ],
        "corrections": _corrections(found, items),
    }


def _item(item: MinutedItem, definition: Definition) -> Record:
    if item.relation != "full":
        closed = UNDECLARED if item.relation == "named" else CLOSED
        return _empty(item.number, closed) | {"title": item.title, "reference": item.reference}
    decided = item.decided
    return {
        "number": item.number,
        "closed": "",
        "review": item.review_id,
        "reference": item.reference,
        "title": item.title,
        "state": str(ITEM_NAMES[item.state]),
        "put_off_because": item.reason,
        "minutes_taken": item.minutes,
        "quorum": item.quorum,
        "present": item.present,
        "recused": item.recused,
        "said": item.text,
        "votes": [
            {
                "on": _(definition.outcome(vote.outcome).label),
                "in_words": vote.text,
                "carried": vote.carried,
                "at_the_table": vote.present,
                "counted": {str(CHOICE_NAMES[choice]): number for choice, number in vote.tally.items()},
                "votes": [{"name": name, "vote": str(CHOICE_NAMES[choice])} for name, choice in vote.votes],
            }
            for vote in item.votes
        ],
        "decided": {
            "outcome": _(definition.outcome(decided.outcome).label),
            "reasons": decided.rationale,
            "against_reason": decided.against_reason,
            "recorded": decided.recorded_at,
            "recorded_by": decided.recorded_by,
            "announced": not decided.waits,
            "taken_back": decided.taken_back,
            "conditions": [
                {
                    "text": each["text"],
                    "owner": each["owner"],
                    "due": each["due_on"],
                    "shown_by": each["evidence"],
                    "blocking": each["blocking"],
                }
                for each in decided.conditions
            ],
        }
        if decided
        else None,
        "waits": _(WAITS) if item.settled else "",
    }


def _corrections(found: Reading, items: list[MinutedItem]) -> list[Record]:
    """What the versions before this one said otherwise, of what its reader may read."""
    return [
        {
            "version": each.number,
            "written": _at(each.written_at),
            "written_by": each.written_by,
            "circulated": _at(each.circulated_at),
            "remarks": each.remarks if each.remarks != found.remarks else "",
            "said": [
                {"reference": item.reference, "text": each.texts[item.item_id]}
                for item in items
                if each.texts.get(item.item_id, item.text) != item.text
            ],
        }
        for each in meetings.list_corrections(found)
    ]
