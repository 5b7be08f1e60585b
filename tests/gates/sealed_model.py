"""Who may see what of a review, written down by hand from the rules and from nothing in the application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

SCORING = ("chair", "deputy", "member", "government", "practitioner")
CLEARED = ("none", "accepted")
GONE = ("recused", "excused")


@dataclass
class Card:
    """A card as its member gave it: the words by which each of its texts is known."""

    revision: int
    comment: str = ""
    note: str = ""
    feedback: str = ""
    reason: str = ""
    id: int = 0

    @property
    def words(self) -> set[str]:
        return {self.comment, self.note, self.feedback, self.reason} - {""}


@dataclass
class SeatModel:
    id: int
    person: int
    role: str
    stance: str = "undeclared"
    abstains: bool = False
    why: str = ""
    said: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    draft: Card | None = None

    @property
    def sits(self) -> bool:
        return self.stance not in GONE

    @property
    def clear(self) -> bool:
        return self.stance in CLEARED

    @property
    def counts(self) -> bool:
        return self.role in SCORING and self.sits and not self.abstains

    @property
    def card(self) -> Card | None:
        return self.cards[-1] if self.cards else None


@dataclass
class DecisionModel:
    """What was there when a decision was made."""

    id: int
    outcome: str
    revision: int
    cards: set[int]
    roles: list[str]
    by: int
    why: str
    item: int | None = None  # where it was made at a meeting
    present: set[int] = field(default_factory=set)
    votes: dict[int, str] = field(default_factory=dict)
    later: bool = False
    announced: bool = False


@dataclass
class ReviewModel:
    """One idea at its gate with a panel; people by id."""

    id: int
    idea: int
    reference: str
    title: str
    content: set[str]
    team: set[int]
    facilitators: set[int]
    staff: set[int]
    quorum: int
    seats: list[SeatModel]
    revision: int
    newest: int
    state: str = "scoring"
    decisions: list[DecisionModel] = field(default_factory=list)
    held: DecisionModel | None = None  # decided, and not announced yet
    taken_back: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in ("convened", "scoring")

    def seat_of(self, person: int) -> SeatModel | None:
        return next((seat for seat in self.seats if seat.person == person and seat.sits), None)

    def walled(self, person: int) -> bool:
        return any(seat.person == person and seat.stance == "recused" for seat in self.seats)

    @property
    def counted(self) -> list[SeatModel]:
        return [seat for seat in self.seats if seat.counts and seat.clear and seat.cards]

    @property
    def leading(self) -> list[SeatModel]:
        """While an interest of the chair waits for an answer, the deputy leads."""
        free = [seat for seat in self.seats if seat.counts and seat.stance != "declared"]
        return [seat for seat in free if seat.role == "chair"] or [seat for seat in free if seat.role == "deputy"]

    def leads(self, person: int) -> bool:
        return any(seat.person == person and seat.clear for seat in self.leading)

    # What a person may come by

    def knows_of(self, person: int) -> bool:
        """That the idea is there, and what it is called."""
        if self.walled(person):
            return False
        return person in self.team | self.facilitators | self.staff or self.seat_of(person) is not None

    def reads(self, person: int) -> bool:
        """What the idea says."""
        if self.walled(person):
            return False
        seat = self.seat_of(person)
        sits = seat is not None and seat.clear and self.state != "cancelled"
        return person in self.team | self.facilitators | self.staff or sits

    def sees_marks(self, person: int) -> bool:
        """The panel's marks, and what was said with them."""
        if self.walled(person) or person in self.team or len(self.counted) < self.quorum:
            return False
        seat = self.seat_of(person)
        if seat is None:
            return person in self.staff
        if self.state == "cancelled" or not seat.clear or seat.role not in SCORING:
            return False
        return not self.is_open if seat.abstains else bool(seat.cards)

    def words_for(self, person: int) -> Iterator[str]:
        """Every word that the person may come by, of all that were ever written about this idea."""
        if self.knows_of(person):
            yield self.title
        if self.reads(person):
            yield from self.content
            yield from (decision.why for decision in self.decisions)
        if self.sees_marks(person):
            yield from ([self.held.why] if self.held else [])
        if not self.walled(person) and (self.leads(person) or (person in self.staff and not self.seat_of(person))):
            yield from self.taken_back
        yield from self._own(person)
        if self.sees_marks(person):
            for seat in self.counted:
                for card in seat.cards:
                    yield from {card.comment, card.feedback, card.reason}
        if self.leads(person) and self._has_scored(person) and not self.walled(person):
            yield from (seat.cards[-1].note for seat in self.counted)
        if person in self.team and not self.walled(person) and self.state == "decided":
            yield from (seat.cards[-1].feedback for seat in self.counted)
        if not self.walled(person) and (self.leads(person) or (person in self.staff and not self.seat_of(person))):
            yield from (seat.why for seat in self.seats)
            yield from (text for seat in self.seats for text in seat.said)

    def _own(self, person: int) -> Iterator[str]:
        seat = self.seat_of(person)
        if seat is not None:
            yield from (seat.why, *seat.said)
            for card in [*seat.cards, *([seat.draft] if seat.draft else [])]:
                yield from card.words

    def _has_scored(self, person: int) -> bool:
        seat = self.seat_of(person)
        return seat is not None and bool(seat.cards)
