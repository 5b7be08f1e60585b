"""What happens to the playbook of an idea and to its rollouts."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class PlaybookFact(Fact):
    """Something about a version of a playbook; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    version_id: int


@dataclass(frozen=True)
class PlaybookBegun(PlaybookFact):
    language: str


@dataclass(frozen=True)
class PlaybookWritten(PlaybookFact):
    pass


@dataclass(frozen=True)
class PlaybookPublished(PlaybookFact):
    pass


@dataclass(frozen=True)
class PlaybookOpened(Fact):
    """Everybody may read it from here on."""

    audience: ClassVar[str] = "team"

    idea_id: int


@dataclass(frozen=True)
class PlaybookClosed(Fact):
    audience: ClassVar[str] = "team"

    idea_id: int


@dataclass(frozen=True)
class RolloutFact(Fact):
    """Something about a rollout; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    rollout_id: int


@dataclass(frozen=True)
class RolloutAsked(RolloutFact):
    """An adopter has asked for it on the public page."""


@dataclass(frozen=True)
class RolloutEntered(RolloutFact):
    """The team has entered an adopter."""


@dataclass(frozen=True)
class RolloutAgreed(RolloutFact):
    version_id: int


@dataclass(frozen=True)
class RolloutDeclined(RolloutFact):
    pass


@dataclass(frozen=True)
class RolloutMoved(RolloutFact):
    """It is being prepared, running, ended or stopped."""

    state: str


@dataclass(frozen=True)
class RolloutPeopleNamed(RolloutFact):
    contact_id: int | None
    mentor_id: int | None
    learned_from_id: int | None


@dataclass(frozen=True)
class RolloutSiteAdded(RolloutFact):
    site_id: int


@dataclass(frozen=True)
class RolloutSiteChanged(RolloutFact):
    """What was said of a place is corrected, or the place leaves; ``what`` names the columns."""

    site_id: int
    what: tuple[str, ...]


@dataclass(frozen=True)
class RolloutTrained(RolloutFact):
    training_id: int


@dataclass(frozen=True)
class FidelityChecked(RolloutFact):
    check_id: int


@dataclass(frozen=True)
class RolloutAdapted(RolloutFact):
    adaptation_id: int
    part: int


@dataclass(frozen=True)
class RolloutAdaptationSettled(RolloutFact):
    adaptation_id: int
    act: str


@dataclass(frozen=True)
class RolloutResultRecorded(RolloutFact):
    result_id: int
