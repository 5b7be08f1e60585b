"""What happens between funders and ideas: profiles, mandates, interest shown and answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from innovation.events import Fact


@dataclass(frozen=True)
class FunderMade(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int


@dataclass(frozen=True)
class FunderProfileChanged(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int


@dataclass(frozen=True)
class MandateChanged(Fact):
    about: ClassVar[str] = "funder_id"

    funder_id: int
    mandate_id: int
    number: int


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
