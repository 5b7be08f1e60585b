"""What happens at gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from innovation.events import Fact


@dataclass(frozen=True)
class PanelMade(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int
    gate_key: str


@dataclass(frozen=True)
class PanelChanged(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int


@dataclass(frozen=True)
class PanelRetired(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int


@dataclass(frozen=True)
class IdeaPresented(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    gate_key: str
    track: str


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
    """``level``: none, declare or recuse; what was said of it stays in the declaration."""

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


@dataclass(frozen=True)
class DecisionProposed(Fact):
    """One co-chair has signed; the outcome is told when the other has."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class GateDecided(Fact):
    audience: ClassVar[str] = "everyone"

    review_id: int
    idea_id: int
    gate_key: str
    outcome: str


@dataclass(frozen=True)
class DecisionSuperseded(Fact):
    audience: ClassVar[str] = "everyone"

    review_id: int
    idea_id: int
    gate_key: str
    outcome: str


@dataclass(frozen=True)
class IdeaJoined(Fact):
    """Another idea was merged into this one."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    from_id: int


@dataclass(frozen=True)
class ConditionOffered(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    condition_id: int


@dataclass(frozen=True)
class ConditionReturned(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    condition_id: int


@dataclass(frozen=True)
class ConditionMet(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    condition_id: int


@dataclass(frozen=True)
class DueDateMoved(Fact):
    """``was`` and ``due_on``: days in ISO form."""

    audience: ClassVar[str] = "team"

    idea_id: int
    condition_id: int
    was: str
    due_on: str


@dataclass(frozen=True)
class ConditionWaived(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    condition_id: int


@dataclass(frozen=True)
class HeldIdeaEnded(Fact):
    """An idea on hold at a stage was stopped, merged or referred."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    outcome: str


@dataclass(frozen=True)
class HeldForCondition(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    condition_id: int
