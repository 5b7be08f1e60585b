"""What happens to ideas: captured, worked out, handed in, shared, handed over, and how they end."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class IdeaCaptured(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    clinic_id: int | None
    owner_id: int


@dataclass(frozen=True)
class OwnerNamed(Fact):
    """The owner has no sign-in yet; the token leads to one."""

    idea_id: int
    person_id: int
    token_id: int


@dataclass(frozen=True)
class SecretRenewed(Fact):
    idea_id: int


@dataclass(frozen=True)
class IdeaClaimed(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    person_id: int


@dataclass(frozen=True)
class IdeasImported(Fact):
    about: ClassVar[str] = "programme_id"

    programme_id: int
    region_id: int
    clinic_id: int | None
    made: int


@dataclass(frozen=True)
class IdeaTakenBack(Fact):
    """The import that the idea came with was undone."""

    audience: ClassVar[str] = "team"

    idea_id: int


@dataclass(frozen=True)
class CanvasHandedIn(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    revision: int


@dataclass(frozen=True)
class ContributorAdded(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    person_id: int


@dataclass(frozen=True)
class ContributorEnded(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    person_id: int


@dataclass(frozen=True)
class OwnershipHandedOver(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class AttachmentAdded(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    attachment_id: int


@dataclass(frozen=True)
class AttachmentRemoved(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    attachment_id: int


@dataclass(frozen=True)
class DeliverableHandedIn(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    handin_id: int
    deliverable: str
    number: int


@dataclass(frozen=True)
class DeliverableAccepted(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    handin_id: int
    deliverable: str
    number: int


@dataclass(frozen=True)
class DeliverableReturned(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    handin_id: int
    deliverable: str
    number: int


@dataclass(frozen=True)
class EvidenceAccepted(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    level: str


@dataclass(frozen=True)
class AskMade(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    ask_id: int
    number: int


@dataclass(frozen=True)
class ConsentGiven(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    person_id: int
    purpose: str
    notice_version: int


@dataclass(frozen=True)
class ConsentWithdrawn(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    person_id: int
    purpose: str


@dataclass(frozen=True)
class IdeaRelated(Fact):
    """Somebody said how the idea stands to another one: same, builds_on or different.

    The idea's history does not name the other, of which its readers may not know; its page asks who may see both.
    """

    idea_id: int
    other_id: int
    relation_id: int
    relation: str


@dataclass(frozen=True)
class PilotStarted(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    sites: int


@dataclass(frozen=True)
class IdeaResumed(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    place: str


@dataclass(frozen=True)
class IdeaRevived(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    place: str


@dataclass(frozen=True)
class IdeaWithdrawn(Fact):
    audience: ClassVar[str] = "everyone"

    idea_id: int
    place: str


@dataclass(frozen=True)
class VersionMovePlanned(Fact):
    """A plan was kept by which ideas go from one version of their process to another, or back."""

    about: ClassVar[str] = "programme_id"

    programme_id: int
    move_id: int
    from_version_id: int
    to_version_id: int


@dataclass(frozen=True)
class IdeaChangedVersion(Fact):
    """The idea travels under another version from here on; nobody has decided anything about it."""

    audience: ClassVar[str] = "everyone"

    idea_id: int
    move_id: int
    from_version_id: int
    to_version_id: int
    place: str
    is_back: bool = False  # a move was reversed


@dataclass(frozen=True)
class LessonFact(Fact):
    """Something about the lesson of an idea that ended; its words are nowhere in the log."""

    audience: ClassVar[str] = "team"

    idea_id: int
    lesson_id: int


@dataclass(frozen=True)
class LessonOwed(LessonFact):
    """The idea ended without its lesson, as things that the clock ends do."""


@dataclass(frozen=True)
class LessonGiven(LessonFact):
    cause: str


@dataclass(frozen=True)
class LessonCorrected(LessonFact):
    cause: str
    number: int


@dataclass(frozen=True)
class LessonVoided(LessonFact):
    """The ending that it was learnt from was undone."""


@dataclass(frozen=True)
class LessonOffered(LessonFact):
    """The owner lets everybody read it, once somebody of the programme has released it."""


@dataclass(frozen=True)
class LessonReleased(LessonFact):
    pass


@dataclass(frozen=True)
class LessonClosed(LessonFact):
    """Only the programme's people read it from here on."""
