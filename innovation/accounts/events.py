"""What happens to people, their sign-ins and their roles."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class PersonFact(Fact):
    """Something about a person; their chain is their own."""

    person_id: int
    about: ClassVar[str] = "person_id"


@dataclass(frozen=True)
class PersonInvited(PersonFact):
    token_id: int


@dataclass(frozen=True)
class InvitationWithdrawn(PersonFact):
    pass


@dataclass(frozen=True)
class AccountOpened(PersonFact):
    pass


@dataclass(frozen=True)
class SessionStarted(PersonFact):
    session_id: int


@dataclass(frozen=True)
class SessionEnded(PersonFact):
    session_id: int


@dataclass(frozen=True)
class PasswordResetAsked(PersonFact):
    token_id: int


@dataclass(frozen=True)
class CalendarOpened(PersonFact):
    token_id: int


@dataclass(frozen=True)
class CalendarClosed(PersonFact):
    pass


@dataclass(frozen=True)
class PasswordChanged(PersonFact):
    pass


@dataclass(frozen=True)
class SecondFactorAdded(PersonFact):
    method: str


@dataclass(frozen=True)
class SecondFactorRemoved(PersonFact):
    method: str


@dataclass(frozen=True)
class SecondFactorsReset(PersonFact):
    pass


@dataclass(frozen=True)
class RecoveryCodesRenewed(PersonFact):
    pass


@dataclass(frozen=True)
class RecoveryCodeUsed(PersonFact):
    left: int


@dataclass(frozen=True)
class IdentityLinked(PersonFact):
    identity_id: int


@dataclass(frozen=True)
class IdentityUnlinked(PersonFact):
    identity_id: int


@dataclass(frozen=True)
class RoleGranted(PersonFact):
    grant_id: int
    role: str


@dataclass(frozen=True)
class RoleEnded(PersonFact):
    grant_id: int
    role: str


@dataclass(frozen=True)
class SignInClosed(PersonFact):
    pass


@dataclass(frozen=True)
class SignInReopened(PersonFact):
    pass


@dataclass(frozen=True)
class EmailChanged(PersonFact):
    pass


@dataclass(frozen=True)
class PersonCorrected(PersonFact):
    pass


@dataclass(frozen=True)
class AffiliationRecorded(PersonFact):
    affiliation_id: int


@dataclass(frozen=True)
class AffiliationEnded(PersonFact):
    affiliation_id: int


@dataclass(frozen=True)
class InterestRegistered(PersonFact):
    """Somebody put an interest into their own register."""

    entry_id: int


@dataclass(frozen=True)
class RegisteredInterestChanged(PersonFact):
    """``entry_id`` is the row that takes the place of ``replaces_id``."""

    entry_id: int
    replaces_id: int
