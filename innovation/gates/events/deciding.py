"""What happens when a panel decides, and to what it has decided."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class DecisionProposed(Fact):
    """One co-chair has signed; the outcome is told when the other has."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class DecisionWithheld(Fact):
    """A panel has decided, and nobody else is told: not even here, what."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class DecisionTakenBack(Fact):
    """Before it was announced."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class AnnouncementChanged(Fact):
    """Who is told of a decision, or what they read, was changed before it was announced."""

    audience: ClassVar[str] = "panel"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class IdeaMovedSilently(Fact):
    """A decision took effect and nobody was told by a letter."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class TeamTold(Fact):
    """Of a decision that had taken effect in silence."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int


@dataclass(frozen=True)
class BasisRecorded(Fact):
    """What a decision rests on: the very revision, version of the process, scorecards, and votes where a panel met."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    review_id: int
    decision_id: int
    revision_id: int
    workflow_version_id: int
    scorecard_ids: tuple[int, ...]
    item_id: int | None = None
    present: tuple[int, ...] = ()
    vote_ids: tuple[int, ...] = ()


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
class ReconsiderationAsked(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    review_id: int
    reconsideration_id: int


@dataclass(frozen=True)
class ReconsiderationTaken(Fact):
    """Another chair declared to have no interest, and looks at the decision."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    reconsideration_id: int


@dataclass(frozen=True)
class ReconsiderationGivenBack(Fact):
    """``level``: recuse for an interest, or none."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    reconsideration_id: int
    level: str


@dataclass(frozen=True)
class AnswererNamed(Fact):
    """Whoever runs the gate asked somebody else to look at the decision; ``taken_away`` from whom had taken it on."""

    audience: ClassVar[str] = "staff"

    idea_id: int
    reconsideration_id: int
    answerer_id: int
    taken_away: bool


@dataclass(frozen=True)
class ReconsiderationAnswered(Fact):
    """``answer``: upheld or changed."""

    audience: ClassVar[str] = "team"

    idea_id: int
    review_id: int
    reconsideration_id: int
    answer: str


@dataclass(frozen=True)
class IdeaJoined(Fact):
    """Another idea was merged into this one."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    from_id: int


@dataclass(frozen=True)
class IdeaParted(Fact):
    """Another idea that was merged into this one goes its own way again."""

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
