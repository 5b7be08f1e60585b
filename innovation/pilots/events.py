"""What happens to the pilot of an idea and to its milestones."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class MilestoneFact(Fact):
    """Something about a milestone; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    milestone_id: int


@dataclass(frozen=True)
class MilestonePlanned(MilestoneFact):
    due_on: str


@dataclass(frozen=True)
class MilestoneShown(MilestoneFact):
    pass


@dataclass(frozen=True)
class MilestoneFileAdded(MilestoneFact):
    file_id: int


@dataclass(frozen=True)
class MilestoneFileRemoved(MilestoneFact):
    file_id: int


@dataclass(frozen=True)
class MilestoneAccepted(MilestoneFact):
    pass


@dataclass(frozen=True)
class MilestoneReturned(MilestoneFact):
    pass


@dataclass(frozen=True)
class PilotFact(Fact):
    """Something about a pilot; it belongs to the idea's chain."""

    audience: ClassVar[str] = "team"

    idea_id: int
    pilot_id: int


@dataclass(frozen=True)
class PilotPlanned(PilotFact):
    number: int


@dataclass(frozen=True)
class PilotPlanChanged(PilotFact):
    """Before the pilot began; it is told of the pilot, so that the idea's history holds what matters to all."""

    about: ClassVar[str] = "pilot_id"

    part: str


@dataclass(frozen=True)
class PilotAmended(PilotFact):
    """After the pilot had begun, with a reason that the plan keeps."""

    part: str
    amendment_id: int


@dataclass(frozen=True)
class PilotEnded(PilotFact):
    """The idea has left its pilot."""


@dataclass(frozen=True)
class ReadingsWritten(PilotFact):
    """How many readings are new, corrected and taken out; typed in, sent by a phone or imported."""

    new: int
    corrected: int
    removed: int


@dataclass(frozen=True)
class StopThresholdCrossed(PilotFact):
    """``warning_ids`` names one new warning for each indicator and term of which nobody had been warned."""

    warning_ids: tuple[int, ...]


@dataclass(frozen=True)
class StopWarningAnswered(PilotFact):
    """``number`` warnings about one indicator and term were answered together, with ``warning_id`` among them."""

    warning_id: int
    number: int
    answer: str


@dataclass(frozen=True)
class IncidentFact(PilotFact):
    """Something about an incident: neither what happened nor of which kind it was."""

    incident_id: int


@dataclass(frozen=True)
class IncidentReported(IncidentFact):
    severity: str


@dataclass(frozen=True)
class IncidentToldOutside(IncidentFact):
    """Somebody outside was told; ``told`` are keys of ``incidents.BODIES``."""

    told: tuple[str, ...]


@dataclass(frozen=True)
class IncidentSettled(IncidentFact):
    pass


@dataclass(frozen=True)
class IncidentReopened(IncidentFact):
    pass


@dataclass(frozen=True)
class IncidentGraded(IncidentFact):
    """It turned out to be worse, or less bad, than it was taken for."""

    severity: str


@dataclass(frozen=True)
class PilotPaused(IncidentFact):
    """Somebody came to harm: the pilot waits until this is settled."""


@dataclass(frozen=True)
class PilotResumed(PilotFact):
    """The pilot goes on, or asks again where a stop threshold is not answered for; ``state`` says which."""

    state: str


@dataclass(frozen=True)
class SpendEntered(PilotFact):
    """It is told of the pilot: there are many, and the page of spend lists them."""

    about: ClassVar[str] = "pilot_id"

    entry_id: int


@dataclass(frozen=True)
class SpendCorrected(PilotFact):
    """``entry_id`` is the entry with the opposite amount; ``corrects_id`` the one that was wrong."""

    about: ClassVar[str] = "pilot_id"

    entry_id: int
    corrects_id: int


@dataclass(frozen=True)
class VisitFact(PilotFact):
    """Something about a visit to a site of the pilot."""

    visit_id: int


@dataclass(frozen=True)
class VisitRecorded(VisitFact):
    """``harm`` says that somebody came to harm, or could have."""

    harm: bool


@dataclass(frozen=True)
class VisitCorrected(VisitFact):
    correction_id: int


@dataclass(frozen=True)
class VisitPhotoRemoved(VisitFact):
    pass


@dataclass(frozen=True)
class VisitPhoneTaken(PilotFact):
    """On a phone; it is told of the pilot, so that the idea's history holds what matters to all."""

    about: ClassVar[str] = "pilot_id"

    phone_id: int


@dataclass(frozen=True)
class VisitPhoneShutOut(PilotFact):
    about: ClassVar[str] = "pilot_id"

    phone_id: int


@dataclass(frozen=True)
class AdaptationFact(PilotFact):
    """Something about a cycle of plan, do, study and act."""

    adaptation_id: int


@dataclass(frozen=True)
class AdaptationPlanned(AdaptationFact):
    touches: str
    is_core: bool


@dataclass(frozen=True)
class AdaptationTried(AdaptationFact):
    pass


@dataclass(frozen=True)
class AdaptationStudied(AdaptationFact):
    pass


@dataclass(frozen=True)
class AdaptationSettled(AdaptationFact):
    act: str
