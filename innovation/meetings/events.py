"""What happens to meetings. Votes, notes and names stay in their tables: a chain cannot forget."""

from __future__ import annotations

from typing import ClassVar

from innovation.events import Fact
from innovation.values import dataclass


@dataclass(frozen=True)
class MeetingFact(Fact):
    """What every event of a meeting says: which meeting."""

    about: ClassVar[str] = "meeting_id"

    meeting_id: int


@dataclass(frozen=True)
class MeetingPlanned(MeetingFact):
    panel_id: int
    review_ids: tuple[int, ...]


@dataclass(frozen=True)
class MeetingChanged(MeetingFact):
    """``sequence``: what calendars are told; ``fields``: what is different."""

    sequence: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class MeetingCancelled(MeetingFact):
    sequence: int


@dataclass(frozen=True)
class AgendaChanged(MeetingFact):
    review_ids: tuple[int, ...]


@dataclass(frozen=True)
class AgendaFixed(MeetingFact):
    """What is on it, and not in which order: one by rank tells what members gave, and a chain cannot forget."""

    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class PersonAsked(MeetingFact):
    attendee_id: int
    part: str


@dataclass(frozen=True)
class MeetingOpened(MeetingFact):
    pass


@dataclass(frozen=True)
class AttendanceNoted(MeetingFact):
    """``what``: arrived, late, left or apologies."""

    attendee_id: int
    what: str


@dataclass(frozen=True)
class ItemFact(MeetingFact):
    """What is said, voted and decided about one item: for those only to whom its idea is open."""


@dataclass(frozen=True)
class ItemTaken(MeetingFact):
    item_id: int


@dataclass(frozen=True)
class NoteTaken(ItemFact):
    item_id: int
    note_id: int


@dataclass(frozen=True)
class MotionPut(ItemFact):
    item_id: int
    motion_id: int


@dataclass(frozen=True)
class VoteCast(ItemFact):
    """That somebody voted; how is in the minutes, whose checksum holds it."""

    motion_id: int
    vote_id: int


@dataclass(frozen=True)
class VotesCounted(ItemFact):
    item_id: int
    motion_id: int
    carried: bool


@dataclass(frozen=True)
class LeaveNoted(ItemFact):
    """The chair lets a member change a locked card; the chain of the idea says whose."""

    item_id: int


@dataclass(frozen=True)
class ItemDecided(ItemFact):
    """``present`` of those who may decide were at the table; ``elsewhere``: it was not recorded at this meeting."""

    item_id: int
    decision_id: int
    present: int
    elsewhere: bool = False


@dataclass(frozen=True)
class ItemWithheld(ItemFact):
    """The panel has decided, and nobody outside is told before it is announced."""

    item_id: int
    withheld_id: int
    present: int
    elsewhere: bool = False


@dataclass(frozen=True)
class ItemPutOff(ItemFact):
    item_id: int


@dataclass(frozen=True)
class MeetingClosed(MeetingFact):
    pass


@dataclass(frozen=True)
class MinutesWritten(MeetingFact):
    number: int
    checksum: str


@dataclass(frozen=True)
class MinutesCirculated(MeetingFact):
    number: int


@dataclass(frozen=True)
class MinutesCommented(MeetingFact):
    comment_id: int


@dataclass(frozen=True)
class CommentAnswered(MeetingFact):
    comment_id: int


@dataclass(frozen=True)
class MinutesSigned(MeetingFact):
    number: int
    checksum: str
