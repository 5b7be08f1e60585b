"""Minutes: drafted when a meeting closes, corrected, circulated, commented on, and signed."""

from __future__ import annotations

from collections.abc import Mapping

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.meetings import drafting, policy, queries
from innovation.meetings.events import (
    CommentAnswered,
    MinutesCirculated,
    MinutesCommented,
    MinutesSigned,
    MinutesWritten,
)
from innovation.meetings.models import Meeting, Minutes, MinutesComment
from innovation.permission import Actor
from workflows import MEETING, MeetingFacts, Refused

UNCHANGED = "Nothing is different from the version before."
SIGNED = "The minutes are signed, so they stay as they are."


def draft_minutes(actor: Actor, meeting: Meeting) -> Minutes:
    """The first version, from what was noted, voted and decided: a part of the command that closes a meeting."""
    return _write(actor, meeting, drafting.content_of(meeting), 1)


def _write(actor: Actor, meeting: Meeting, content: dict[str, object], number: int) -> Minutes:
    checksum = drafting.checksum_of(content)
    minutes = Minutes(
        meeting_id=meeting.id,
        number=number,
        content=content,
        checksum=checksum,
        written_by_id=actor.person_id,
        written_at=now(),
    )
    db.session.add(minutes)
    db.session.flush()
    record(actor, MinutesWritten(meeting.id, number, checksum))
    return minutes


def _newest(meeting: Meeting) -> Minutes:
    minutes = queries.last_minutes(meeting)
    if minutes is None:
        raise Refused(("There are no minutes yet: they are drafted when the meeting closes.",))
    return minutes


@command(policy.may_write_minutes)
def correct_minutes(
    actor: Actor, meeting: Meeting, *, remarks: str, texts: Mapping[int, str], number: int | None = None
) -> Minutes:
    """A new version with other words: ``texts`` by item, for those that are open to this person.

    What was counted and decided is not a matter of words: it stays as it was recorded.
    """
    before = _newest(meeting)
    if before.signed_at is not None:
        raise Refused((SIGNED,))
    if number is not None and number != before.number:
        raise Refused(("Somebody else has just corrected the minutes. Look at the newest version, then try again.",))
    open_to = {item.id for item in meeting.items if queries.relation_to(actor, item).hears}
    content = drafting.corrected(before.content, remarks, {k: v for k, v in texts.items() if k in open_to})
    if content == before.content:
        raise Refused((UNCHANGED,))
    return _write(actor, meeting, content, before.number + 1)


@command(policy.may_write_minutes)
def circulate_minutes(actor: Actor, meeting: Meeting) -> Minutes:
    """Send the newest version round; each reads it without the items that are closed to them."""
    minutes = _newest(meeting)
    if minutes.circulated_at is not None:
        raise Refused(("This version has been circulated already.",))
    meeting.state = MEETING.fire(meeting.state, "circulate", meeting.facts)
    minutes.circulated_at = now()
    record(actor, MinutesCirculated(meeting.id, minutes.number))
    return minutes


@command(policy.may_comment_minutes)
def comment_minutes(actor: Actor, meeting: Meeting, *, text: str, item_id: int | None = None) -> MinutesComment:
    """Say what should be different in the minutes, of an item or of the rest."""
    if meeting.state != "minuted":
        raise Refused((SIGNED if meeting.state == "signed" else "The minutes have not been circulated yet.",))
    if not text.strip():
        raise Refused(("Write what should be different.",))
    if item_id is not None:
        policy_item = queries.find_item(meeting, item_id)
        if not queries.relation_to(actor, policy_item).hears:
            raise Refused(("Choose an item that is open to you.",))
    comment = MinutesComment(
        meeting=meeting, item_id=item_id, text=text.strip(), made_by_id=actor.person_id, made_at=now()
    )
    db.session.add(comment)
    db.session.flush()
    record(actor, MinutesCommented(meeting.id, comment.id))
    return comment


@command(policy.may_write_minutes)
def answer_comment(actor: Actor, comment: MinutesComment, *, answer: str) -> MinutesComment:
    """Say what became of a comment: taken up, or why not. Of two who answer, the second is told so."""
    hold_row(comment)
    if comment.answered_at is not None:
        raise Refused(("This comment has been answered.",))
    if not answer.strip():
        raise Refused(("Say what became of it.",))
    if comment.item is not None and not queries.relation_to(actor, comment.item).hears:
        raise Refused(("This comment is about an item that is closed to you.",))
    comment.answer, comment.answered_at = answer.strip(), now()
    record(actor, CommentAnswered(comment.meeting_id, comment.id))
    return comment


@command(policy.may_sign_minutes)
def sign_minutes(actor: Actor, meeting: Meeting, *, number: int | None = None) -> Minutes:
    """Sign the version that has been circulated last: it is frozen, and its checksum stands in the record."""
    minutes = _newest(meeting)
    if number is not None and number != minutes.number:
        raise Refused(("The minutes have been corrected since you read them. Read the newest version first.",))
    if minutes.circulated_at is None:
        raise Refused(("This version has not been circulated yet.",))
    if drafting.checksum_of(minutes.content) != minutes.checksum:
        raise Refused(("The text of these minutes is not the one that was written: its checksum differs.",))
    unanswered = sum(comment.answered_at is None for comment in queries.list_comments(meeting))
    meeting.state = MEETING.fire(meeting.state, "sign", MeetingFacts(unanswered=unanswered))
    minutes.signed_by_id, minutes.signed_at = actor.person_id, now()
    record(actor, MinutesSigned(meeting.id, minutes.number, minutes.checksum))
    return minutes
