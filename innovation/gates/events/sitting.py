"""What happens while an idea is presented, a panel sits for it and its members score."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class IdeaPresented(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    gate_key: str
    track: str


@dataclass(frozen=True)
class WaiverAsked(Fact):
    """``what``: deliverable or deadline; ``key`` names the deliverable."""

    audience: ClassVar[str] = "team"

    idea_id: int
    waiver_id: int
    gate_key: str
    what: str
    key: str


@dataclass(frozen=True)
class RequirementWaived(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    waiver_id: int
    gate_key: str
    what: str
    key: str


@dataclass(frozen=True)
class WaiverRefused(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    waiver_id: int
    gate_key: str
    what: str
    key: str


@dataclass(frozen=True)
class WaiverRevoked(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    waiver_id: int
    gate_key: str
    what: str
    key: str


@dataclass(frozen=True)
class PanelConvened(Fact):
    """``sooner`` says why the panel decides before the days that it has for reading are over."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    review_id: int
    gate_key: str
    round: int
    sooner: str = ""


@dataclass(frozen=True)
class ScoringOpened(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class PersonSeated(Fact):
    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int
    seat_id: int
    role: str


@dataclass(frozen=True)
class PowersPassedOn(Fact):
    """Who led the review, or would have, cannot sign in any more."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int


@dataclass(frozen=True)
class PowersReturned(Fact):
    """They can again."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int


@dataclass(frozen=True)
class PersonExcused(Fact):
    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int
    seat_id: int


@dataclass(frozen=True)
class PanelReminded(Fact):
    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int
    seat_ids: tuple[int, ...]


@dataclass(frozen=True)
class ReviewCancelled(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    review_id: int
    gate_key: str


@dataclass(frozen=True)
class InterestDeclared(Fact):
    """``level``: none, explained (none, against what was noticed), declare or recuse; what was said of it stays in the
    declaration."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    level: str


@dataclass(frozen=True)
class InterestSettled(Fact):
    """``level``: accepted or refused."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    level: str


@dataclass(frozen=True)
class InterestOverruled(Fact):
    """``level``: admitted or removed, against what was declared or answered before; why stays in the declaration."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    level: str


@dataclass(frozen=True)
class ScorecardSubmitted(Fact):
    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    quorum: bool


@dataclass(frozen=True)
class ScorecardChanged(Fact):
    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    number: int


@dataclass(frozen=True)
class ScorecardConfirmed(Fact):
    """A member has read the newer revision, and their marks stand."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
    number: int


@dataclass(frozen=True)
class SeatAbstained(Fact):
    """A member gives no marks; why stays with the seat."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int


@dataclass(frozen=True)
class AbstentionEnded(Fact):
    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int


@dataclass(frozen=True)
class RevisionTaken(Fact):
    """A newer revision of the canvas was put before the panel while its review is open."""

    audience: ClassVar[str] = "team"

    idea_id: int
    review_id: int
    revision: int


@dataclass(frozen=True)
class ScoresLocked(Fact):
    """A meeting began that talks about the review: from now on a card is changed by the chair's leave only."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class ScoresUnlocked(Fact):
    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class LeaveGiven(Fact):
    """The chair lets a member change a locked card once."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int
    seat_id: int
