"""What messages say on an idea's way into the system, and where they lead: one function each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from innovation.notifications.messages import about
from innovation.notifications.post import Letter, path_to
from innovation.replication.system_models import HandoverStep, PostReview, SystemHome, TrackerMark


def tracker_mark(mark: TrackerMark, kind: str) -> Letter:
    """Which criterion it is about, and not the mark."""
    criterion = mark.idea.once("gate", mark.idea.definition.tracker.gate) if mark.idea.definition.tracker else None
    name = criterion.criterion(mark.criterion).name if criterion else mark.criterion
    letter = about(mark.idea, "tracker_mark", criterion=name, kind=kind, answer=mark.answer)
    link = path_to("replication.tracked_criterion", reference=mark.idea.reference, criterion=mark.criterion)
    return replace(letter, link=link)


def handover(home: SystemHome, kind: str) -> Letter:
    told: dict[str, Any] = {"kind": kind, "day": home.happened_on or home.agreed_for, "reason": home.reopened_because}
    return about(home.idea, "handover_news", "replication.system_home", **told)


def handover_due(step: HandoverStep, *, today: dt.date) -> Letter:
    told: dict[str, Any] = {"what": step.what, "who": step.who, "due": step.due_on, "overdue": step.due_on < today}
    return about(step.home.idea, "handover_due", "replication.system_home", **told)


def post_review(review: PostReview, kind: str, *, today: dt.date | None = None) -> Letter:
    """Planned, due, late, handed in, returned or decided; the figures are not in it."""
    told: dict[str, Any] = {
        "kind": kind,
        "due": review.due_on,
        "outcome": review.outcome,
        "reason": review.returned_because,
    }
    told |= {"overdue": today is not None and review.due_on < today}
    letter = about(review.idea, "post_review_news", **told)
    link = path_to("replication.post_review", reference=review.idea.reference, number=review.number)
    return replace(letter, link=link)
