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
class MemberDescribed(Fact):
    """What somebody on a panel knows, and how many ideas they take, has been said."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    panel_id: int
    person_id: int


@dataclass(frozen=True)
class _OfAssignment(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    assignment_id: int
    gate_key: str


@dataclass(frozen=True)
class AssignmentAsked(_OfAssignment):
    """Somebody has asked who should review the ideas that wait at a gate."""


@dataclass(frozen=True)
class ReviewersSuggested(_OfAssignment):
    """The suggestion is there, or there anew."""


@dataclass(frozen=True)
class ReviewersRuled(_OfAssignment):
    """Whoever asked has pinned or forbidden members for an idea."""

    ruled_idea_id: int


@dataclass(frozen=True)
class AssignmentConfirmed(_OfAssignment):
    """The reviews are convened as suggested."""


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
