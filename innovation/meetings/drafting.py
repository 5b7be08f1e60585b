"""Minutes as data: what a meeting did, from what was noted at the time, and the checksum of that text.

People stand in it by their ids, so that a name can be forgotten and the checksum still holds.
"""

from __future__ import annotations

import copy
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from innovation.gates.after_models import WithheldDecision
from innovation.gates.models import Decision
from innovation.meetings.models import AgendaItem, Attendee, Meeting, Motion


def content_of(meeting: Meeting) -> dict[str, Any]:
    """What the minutes of a closed meeting say."""
    items = sorted(meeting.items, key=lambda item: item.number or 0)
    return {
        "salt": secrets.token_hex(16),
        "title": meeting.title,
        "gate": meeting.gate_key,
        "venue": meeting.venue,
        "planned_at": meeting.starts_at.isoformat(),
        "opened_at": _instant(meeting.opened_at),
        "closed_at": _instant(meeting.closed_at),
        "attendance": [_attendance(each) for each in meeting.attendees],
        "items": [_item(item) for item in items],
        "remarks": "",
    }


def _instant(value: Any) -> str | None:
    return value.isoformat() if value else None


def _attendance(attendee: Attendee) -> dict[str, Any]:
    marks = [{"what": mark.what, "at": mark.at.isoformat()} for mark in attendee.marks]
    return {"person": attendee.person_id, "part": attendee.part, "marks": marks}


def _item(item: AgendaItem) -> dict[str, Any]:
    review = item.review
    return {
        "item": item.id,
        "number": item.number,
        "review": review.id,
        "revision": review.revision_id,
        "reference": review.idea.reference,
        "title": review.idea.title,
        "state": item.state,
        "reason": item.reason,
        "seconds": item.spent,
        "quorum": review.quorum,
        "present": item.present,
        "recused": sorted(seat.person_id for seat in review.seats if seat.stance == "recused"),
        "text": "\n".join(note.text for note in item.notes),
        "motions": [_motion(motion) for motion in item.motions if motion.counted_at is not None],
        "decision": _decision(item.decision) if item.decision else _withheld(item.withheld) if item.withheld else None,
    }


def _motion(motion: Motion) -> dict[str, Any]:
    return {
        "outcome": motion.outcome,
        "text": motion.text,
        "put_by": motion.put_by_id,
        "counted_at": _instant(motion.counted_at),
        "present": motion.present,
        "carried": motion.carried,
        "votes": [{"person": vote.person_id, "choice": vote.choice} for vote in motion.votes],
        "tally": motion.tally,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.id,
        "withheld": None,
        "outcome": decision.outcome,
        "rationale": decision.rationale,
        "against_reason": decision.against_reason,
        "recorded_by": decision.decided_by_id,
        "recorded_at": decision.decided_at.isoformat(),
        "conditions": [
            {
                "text": condition.text,
                "owner": condition.owner_id,
                "due_on": condition.due_on.isoformat(),
                "evidence": condition.evidence,
                "blocking": condition.blocking,
            }
            for condition in decision.conditions
        ],
    }


def _withheld(made: WithheldDecision) -> dict[str, Any]:
    """The same of a decision that is held back: who reads it before it is announced is asked when it is shown."""
    said = made.content
    return {
        "decision": None,
        "withheld": made.id,
        "outcome": made.outcome,
        "rationale": said["rationale"],
        "against_reason": said["against_reason"],
        "recorded_by": made.decided_by_id,
        "recorded_at": made.decided_at.isoformat(),
        "conditions": [
            {
                "text": terms["text"],
                "owner": terms["owner_id"] or made.idea.owner_id,
                **{name: terms[name] for name in ("due_on", "evidence", "blocking")},
            }
            for terms in said["conditions"]
        ],
    }


def corrected(content: Mapping[str, Any], remarks: str, texts: Mapping[int, str]) -> dict[str, Any]:
    """The same minutes with other words in the texts of items and the remarks."""
    after: dict[str, Any] = copy.deepcopy(dict(content))
    after["remarks"] = remarks.strip()
    for item in after["items"]:
        item["text"] = texts.get(item["item"], item["text"]).strip()
    return after


def in_order_of(content: Mapping[str, Any], item_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The items in the order in which a reader may see them, which need not be that of the text."""
    place = {item_id: n for n, item_id in enumerate(item_ids)}
    return sorted(content["items"], key=lambda item: place.get(item["item"], len(place)))


def checksum_of(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the minutes as canonical JSON; the salt in them keeps anybody from guessing at the text."""
    whole = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def people_in(content: Mapping[str, Any]) -> set[int]:
    """Everybody whom the minutes speak of."""
    found = {each["person"] for each in content["attendance"]}
    for item in content["items"]:
        found |= set(item["recused"])
        for motion in item["motions"]:
            found |= {motion["put_by"], *(vote["person"] for vote in motion["votes"])}
        if item["decision"]:
            found |= {item["decision"]["recorded_by"], *(each["owner"] for each in item["decision"]["conditions"])}
    return {person for person in found if person is not None}
