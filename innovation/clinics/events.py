"""What happens to clinics."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class ClinicPlanned(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    region_id: int


@dataclass(frozen=True)
class ClinicChanged(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ClinicOpened(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class ClinicVotingOpened(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class ClinicClosed(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class ClinicReopened(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class ClinicReported(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class AttendanceRecorded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    total: int


@dataclass(frozen=True)
class CardsMade(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    first: int
    last: int


@dataclass(frozen=True)
class CardPhotographed(Fact):
    """``instead_of`` is the key of the photograph that this one has taken the place of."""

    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    card_id: int
    sha256: str
    instead_of: str = ""


@dataclass(frozen=True)
class CardTypedIn(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    card_id: int
    idea_id: int


@dataclass(frozen=True)
class CardsMarked(Fact):
    """``step`` is what was done with each of them: void, miss or restore."""

    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    step: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class NextStepsRecorded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    idea_ids: tuple[int, ...]


@dataclass(frozen=True)
class SlipsPrinted(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    idea_ids: tuple[int, ...]


@dataclass(frozen=True)
class FacilitatorAdded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    person_id: int


@dataclass(frozen=True)
class FacilitatorEnded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    person_id: int


@dataclass(frozen=True)
class RoomOpened(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class RoomCodeRenewed(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class RoomEnded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int


@dataclass(frozen=True)
class DeviceJoined(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    device_id: int


@dataclass(frozen=True)
class DeviceRevoked(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    device_id: int


# The wall and its rounds


@dataclass(frozen=True)
class WallChanged(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class IdeasReleased(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    idea_ids: tuple[int, ...]


@dataclass(frozen=True)
class IdeasHidden(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    idea_ids: tuple[int, ...]


@dataclass(frozen=True)
class IdeasPutTogether(Fact):
    """``topic_id`` is None for ideas that were taken out of their topic."""

    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    topic_id: int | None
    idea_ids: tuple[int, ...]


@dataclass(frozen=True)
class TopicAdded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    topic_id: int


@dataclass(frozen=True)
class TopicRenamed(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    topic_id: int


@dataclass(frozen=True)
class TopicEnded(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    topic_id: int


@dataclass(frozen=True)
class ClockMoved(Fact):
    """``what`` is start, pause, next or back; ``step`` the part of the run sheet in hand afterwards."""

    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    what: str
    step: int


@dataclass(frozen=True)
class RoundOpened(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    round_id: int
    dots: int
    most: int


@dataclass(frozen=True)
class RoundClosed(Fact):
    """``sha256`` is over the ballots as they were counted, without those who filled them in."""

    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    round_id: int
    ballots: int
    sha256: str


@dataclass(frozen=True)
class TieBroken(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    round_id: int
    tie_id: int


@dataclass(frozen=True)
class ShortlistMade(Fact):
    about: ClassVar[str] = "clinic_id"

    clinic_id: int
    shortlist_id: int
    round_id: int | None
    idea_ids: tuple[int, ...]
