"""What is done with the tracker: a mark is proposed, and confirmed or returned by somebody who is not of the team."""

from __future__ import annotations

import datetime as dt

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.ideas import store
from innovation.ideas.filecheck import Checked
from innovation.ideas.models import Idea
from innovation.permission import Actor
from innovation.replication import policy, queries
from innovation.replication.commands.filling import require_past
from innovation.replication.system_events import TrackerMarkConfirmed, TrackerMarkProposed, TrackerMarkReturned
from innovation.replication.system_models import TrackerMark
from workflows import TRACKER_MARK, Refused

UNTAKEN = "Marks are given once the idea is taken up by others."


@command(policy.may_propose_mark)
def propose_mark(
    actor: Actor,
    idea: Idea,
    *,
    criterion: str,
    mark: int,
    seen_on: dt.date,
    evidence: str,
    link: str = "",
    reason: str = "",
    file: Checked | None = None,
) -> TrackerMark:
    """Say how far the system has taken a criterion over, and what shows it. One that waits for an answer is replaced.

    ``reason`` is asked for where the mark is lower than the one before.
    """
    hold_row(idea)
    require_tracked(idea, UNTAKEN)
    require_past(seen_on)
    tracker = queries.read_tracker(idea)
    assert tracker is not None
    followed = tracker.of(criterion)
    if mark not in {each.value for each in tracker.gate.marks}:
        raise Refused(("Choose one of the marks.",))
    before = followed.standing or followed.waiting
    if before is not None and mark < before.mark and not reason:
        raise Refused((f"It was {before.mark}. Say why it is lower now: others learn from it.",))
    if len(followed.marks) >= queries.MOST_OF_ONE:
        raise Refused((f"A criterion can have {queries.MOST_OF_ONE} marks.",))
    if followed.waiting is not None:
        followed.waiting.state = TRACKER_MARK.fire(followed.waiting.state, "overtake")
    made = TrackerMark(
        idea=idea,
        criterion=criterion,
        mark=mark,
        seen_on=seen_on,
        evidence=evidence,
        link=link,
        reason=reason,
        file_key=store.store().put(file.content) if file else None,
        file_name=file.name if file else "",
        file_type=file.content_type if file else "",
        proposed_by_id=actor.person_id,
        proposed_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    record(actor, TrackerMarkProposed(idea.id, made.id, criterion))
    return made


def require_tracked(idea: Idea, untaken: str) -> None:
    """Nothing changes once the idea has ended, or before others take it up; ``untaken`` is the sentence for that."""
    if not queries.is_going_on(idea):
        raise Refused(("The idea is not under way any more.",))
    if not queries.is_taken_up(idea):
        raise Refused((untaken,))


@command(policy.may_judge_mark)
def confirm_mark(actor: Actor, mark: TrackerMark, *, answer: str = "") -> TrackerMark:
    """Say that what is shown carries the mark: it counts from here on."""
    _judge(actor, mark, "confirm", answer)
    record(actor, TrackerMarkConfirmed(mark.idea_id, mark.id, mark.criterion))
    return mark


@command(policy.may_judge_mark)
def return_mark(actor: Actor, mark: TrackerMark, *, answer: str = "") -> TrackerMark:
    """Say what does not carry the mark yet."""
    if not answer:
        raise Refused(("Say what is still missing.",))
    _judge(actor, mark, "return", answer)
    record(actor, TrackerMarkReturned(mark.idea_id, mark.id, mark.criterion))
    return mark


def _judge(actor: Actor, mark: TrackerMark, verdict: str, answer: str) -> None:
    mark.state = TRACKER_MARK.fire(mark.state, verdict)
    mark.judged_by_id, mark.judged_at, mark.answer = actor.person_id, now(), answer
