"""What happens on an idea's way into the system, and afterwards."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class TrackerFact(Fact):
    """Something about a mark of the tracker; which mark it is stands in its row alone."""

    audience: ClassVar[str] = "team"

    idea_id: int
    mark_id: int
    criterion: str


@dataclass(frozen=True)
class TrackerMarkProposed(TrackerFact):
    pass


@dataclass(frozen=True)
class TrackerMarkConfirmed(TrackerFact):
    pass


@dataclass(frozen=True)
class TrackerMarkReturned(TrackerFact):
    pass


@dataclass(frozen=True)
class HomeFact(Fact):
    """Something about the home of an idea in the system; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    home_id: int


@dataclass(frozen=True)
class SystemHomeKept(HomeFact):
    """``part`` says what was written: the post, the two sides, or a row that was added, done or taken out."""

    part: str


@dataclass(frozen=True)
class HandoverAgreed(HomeFact):
    on: str


@dataclass(frozen=True)
class HandoverReopened(HomeFact):
    """What was agreed is open again, with a reason that the home keeps."""


@dataclass(frozen=True)
class IdeaHandedOver(HomeFact):
    audience: ClassVar[str] = "everyone"

    on: str


@dataclass(frozen=True)
class PostReviewFact(Fact):
    """Something about a review after an idea became part of the system; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    post_review_id: int


@dataclass(frozen=True)
class PostReviewPlanned(PostReviewFact):
    due_on: str


@dataclass(frozen=True)
class PostReviewCancelled(PostReviewFact):
    """The idea is no longer where it was to be looked at."""


@dataclass(frozen=True)
class PostReviewHandedIn(PostReviewFact):
    pass


@dataclass(frozen=True)
class PostReviewReturned(PostReviewFact):
    pass


@dataclass(frozen=True)
class PostReviewDecided(PostReviewFact):
    """Sustained, at risk or lapsed; whoever keeps lessons asks for one where it lapsed."""

    audience: ClassVar[str] = "everyone"

    outcome: str
