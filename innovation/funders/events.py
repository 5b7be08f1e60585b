"""What happens between funders and ideas: profiles, mandates, interest shown and answered, and what follows it."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class FunderMade(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int


@dataclass(frozen=True)
class FunderProfileChanged(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int


@dataclass(frozen=True)
class FunderVerified(Fact):
    """Somebody of the programme has found that a funder is who it says; or has taken that back."""

    about: ClassVar[str] = "funder_id"

    funder_id: int
    stands: bool


@dataclass(frozen=True)
class MandateChanged(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int
    mandate_id: int
    number: int


@dataclass(frozen=True)
class MandateConfirmed(Fact):
    """Somebody of the funder has said that a version is still true."""

    about: ClassVar[str] = "funder_id"

    funder_id: int
    mandate_id: int
    number: int


@dataclass(frozen=True)
class GrantProgrammeMade(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int
    grant_programme_id: int


@dataclass(frozen=True)
class GrantProgrammeChanged(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int
    grant_programme_id: int


@dataclass(frozen=True)
class AwardsImported(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int
    made: int
    changed: int


@dataclass(frozen=True)
class InterestFact(Fact):
    """Something about a funder's interest; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    interest_id: int
    funder_id: int


@dataclass(frozen=True)
class InterestShown(InterestFact):
    pass


@dataclass(frozen=True)
class InterestAccepted(InterestFact):
    pass


@dataclass(frozen=True)
class InterestDeclined(InterestFact):
    pass


@dataclass(frozen=True)
class InterestWithdrawn(InterestFact):
    pass


@dataclass(frozen=True)
class InterestExpired(InterestFact):
    """Nobody answered it in time."""


@dataclass(frozen=True)
class IntroductionEnded(InterestFact):
    """Before any talks; ``side`` is owner or funder."""

    side: str


@dataclass(frozen=True)
class InterestInvited(InterestFact):
    """The owner takes a no back: the funder may show interest again."""


# From an introduction to the money


@dataclass(frozen=True)
class FieldDisclosed(InterestFact):
    field: str


@dataclass(frozen=True)
class DisclosureRevoked(InterestFact):
    field: str


@dataclass(frozen=True)
class DisclosedRead(InterestFact):
    """Somebody of the funder was shown confidential fields; ``fields`` are their keys with a space between them."""

    fields: str


@dataclass(frozen=True)
class TalksBegun(InterestFact):
    talk_id: int


@dataclass(frozen=True)
class DiligenceBegun(InterestFact):
    talk_id: int


@dataclass(frozen=True)
class CheckSettled(InterestFact):
    """A funder has looked at a point; what it says of it is not part of the fact."""

    talk_id: int
    item: str


@dataclass(frozen=True)
class TalksDeclined(InterestFact):
    talk_id: int


@dataclass(frozen=True)
class TalksClosed(InterestFact):
    talk_id: int


@dataclass(frozen=True)
class PaperHandedIn(Fact):
    """For a point of due diligence: once, for all funders."""

    audience: ClassVar[str] = "team"

    idea_id: int
    item: str
    number: int


@dataclass(frozen=True)
class RegistrationRecorded(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int
    registration: str


@dataclass(frozen=True)
class CommitmentFact(InterestFact):
    commitment_id: int


@dataclass(frozen=True)
class CommitmentOffered(CommitmentFact):
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class CommitmentAccepted(CommitmentFact):
    """``beyond_minor`` is by how much more is committed now than the idea asks for, where the owner meant it."""

    currency: str
    amount_minor: int
    beyond_minor: int


@dataclass(frozen=True)
class CommitmentDeclined(CommitmentFact):
    pass


@dataclass(frozen=True)
class CommitmentWithdrawn(CommitmentFact):
    currency: str
    withdrawn_minor: int


@dataclass(frozen=True)
class AgreementRecorded(CommitmentFact):
    agreed_on: str


@dataclass(frozen=True)
class CommitmentClosed(CommitmentFact):
    pass


@dataclass(frozen=True)
class TranchePlanned(CommitmentFact):
    tranche_id: int
    amount_minor: int


@dataclass(frozen=True)
class TrancheCancelled(CommitmentFact):
    tranche_id: int


@dataclass(frozen=True)
class TrancheReleased(CommitmentFact):
    tranche_id: int
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class CommitmentArranged(CommitmentFact):
    """Until when the agreement is to be signed, and whether other funders may read the funder's name."""

    agree_by: str
    named: bool


@dataclass(frozen=True)
class ReportFact(Fact):
    """Something about an edition of a report to all funders of an idea."""

    audience: ClassVar[str] = "team"

    idea_id: int
    report_id: int
    number: int
    edition: int


@dataclass(frozen=True)
class ReportBegun(ReportFact):
    pass


@dataclass(frozen=True)
class ReportHandedIn(ReportFact):
    pass


@dataclass(frozen=True)
class ReportReturned(ReportFact):
    pass


@dataclass(frozen=True)
class ReportReleased(ReportFact):
    """``funders`` is how many get it; ``revision`` the canvas as it was then."""

    funders: int
    revision: int


# What a funder's people keep among themselves: about the funder, so that it stands in no idea's chain


@dataclass(frozen=True)
class WorkspaceFact(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int


@dataclass(frozen=True)
class IdeaShortlisted(WorkspaceFact):
    idea_id: int


@dataclass(frozen=True)
class ShortlistingEnded(WorkspaceFact):
    idea_id: int


@dataclass(frozen=True)
class FunderNoteWritten(WorkspaceFact):
    idea_id: int
    note_id: int


@dataclass(frozen=True)
class IdeaPassed(WorkspaceFact):
    idea_id: int


@dataclass(frozen=True)
class PassTakenBack(WorkspaceFact):
    idea_id: int


@dataclass(frozen=True)
class SearchSaved(WorkspaceFact):
    search_id: int


@dataclass(frozen=True)
class SearchEnded(WorkspaceFact):
    search_id: int


@dataclass(frozen=True)
class AlertChosen(WorkspaceFact):
    search_id: int
    often: str


@dataclass(frozen=True)
class AlertEnded(WorkspaceFact):
    """Ended with the address in a mail, by whoever holds it."""

    search_id: int
    alert_id: int
