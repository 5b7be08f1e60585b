"""What people put down at a gate, as values: members, marks, conditions, and what a panel decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field
from typing import Any

from innovation.values import dataclass
from workflows import Outcome

REQUIRED = {
    "plan": "Say which plan the panel has approved.",
    "next_date": "Give the date of the next gate.",
    "resources": "Say what people and money are committed.",
    "conditions": "Write at least one condition: what is owed, and by when.",
    "target": "Choose the stage that the idea goes back to.",
    "rework": "Say what has to be reworked.",
    "resubmit_by": "Give the date by which the idea should be presented again.",
    "hold_reason": "Say what the idea waits for.",
    "review_date": "Give the date on which it is looked at again.",
    "stop_reason": "Choose the reason for stopping.",
    "lesson": "Write down the lesson that others can learn from it.",
    "thanks": "Write a note of thanks to the people behind the idea.",
    "merge_into": "Give the reference of the idea that this one joins.",
    "refer_to": "Name the body that the idea is handed to.",
}
DATES = ("next_date", "resubmit_by", "review_date")
BESIDES = {"stop": ("tried", "happened")}  # what an outcome may say beside what it requires
CHOICES = ("for", "against", "abstain")


@dataclass(frozen=True)
class MemberTerms:
    """Who sits on a panel, as what (one of SEAT_ROLES), and from when until when: the last day, if there is one."""

    person_id: int
    role: str
    term_from: dt.date | None = None
    term_until: dt.date | None = None


@dataclass(frozen=True)
class Entry:
    """What a member puts down for one criterion: an answer, a mark, or that it does not apply."""

    criterion: str
    answer: str | None = None
    fixable: bool | None = None
    mark: int | None = None
    not_applicable: bool = False
    comment: str = ""

    @property
    def empty(self) -> bool:
        return self.answer is None and self.mark is None and not self.not_applicable and not self.comment


@dataclass(frozen=True)
class ConditionTerms:
    """What a conditional go still asks for; without an owner it falls to the owner of the idea."""

    text: str
    due_on: dt.date
    owner_id: int | None = None
    evidence: str = ""
    blocking: bool = False


@dataclass(frozen=True)
class Ballot:
    """One vote that counted: its number, whose it is, and for, against or abstain."""

    vote_id: int
    person_id: int
    choice: str


@dataclass(frozen=True)
class AtTable:
    """Who was at the table when a panel decided at a meeting, and its last vote: the meeting hands this on.

    ``present`` are the people who might decide. ``motion_id`` and ``voted_on`` are empty where nothing was voted on.
    """

    meeting_id: int
    item_id: int
    present: tuple[int, ...]
    motion_id: int | None = None
    voted_on: str = ""  # the outcome that was put to the vote
    ballots: tuple[Ballot, ...] = ()

    @property
    def tally(self) -> dict[str, int]:
        """How many chose what."""
        chosen = [each.choice for each in self.ballots]
        return {choice: chosen.count(choice) for choice in CHOICES}

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "present": list(self.present), "ballots": [asdict(each) for each in self.ballots]}


def at_table_from_json(content: Mapping[str, Any]) -> AtTable:
    ballots = tuple(Ballot(**each) for each in content["ballots"])
    return AtTable(**{**content, "present": tuple(content["present"]), "ballots": ballots})


@dataclass(frozen=True)
class Verdict:
    """A decision before it is recorded; ``details`` holds texts, codes and ISO dates by what the outcome requires."""

    outcome: str
    rationale: str
    against_reason: str = ""
    details: dict[str, str] = field(default_factory=dict)
    conditions: tuple[ConditionTerms, ...] = ()
    announce: str = "now"  # or later
    at_table: AtTable | None = None  # where it is made at a meeting

    def date(self, key: str) -> dt.date | None:
        """The date of a detail, or nothing."""
        return dt.date.fromisoformat(self.details[key]) if self.details.get(key) else None

    def faults(self, outcome: Outcome, today: dt.date) -> tuple[str, ...]:
        """A sentence for each thing that the outcome requires and that is not there, or lies in the past."""
        given = {**self.details, "conditions": self.conditions}
        dates = [*(self.date(key) for key in DATES), *(condition.due_on for condition in self.conditions)]
        return (
            *(() if self.rationale.strip() else ("Give the panel's reasons. The team will read them.",)),
            *(REQUIRED.get(key, f"{key} is missing.") for key in outcome.requires if not given.get(key)),
            *(("A date in this decision has passed. Choose one that lies ahead.",) if _past(dates, today) else ()),
        )

    def as_json(self) -> dict[str, Any]:
        conditions = [{**asdict(each), "due_on": each.due_on.isoformat()} for each in self.conditions]
        table = self.at_table.as_json() if self.at_table else None
        return {**asdict(self), "conditions": conditions, "at_table": table}


def _past(dates: Iterable[dt.date | None], today: dt.date) -> bool:
    return any(day is not None and day < today for day in dates)


def verdict_of(
    outcome: Outcome,
    rationale: str,
    against_reason: str,
    conditions: Iterable[ConditionTerms],
    details: Mapping[str, Any],
) -> Verdict:
    """The verdict with only the details that its outcome requires, or may have."""
    wanted = [key for key in (*outcome.requires, *BESIDES.get(outcome.key, ())) if key != "conditions"]
    kept = {key: _text(details[key]) for key in wanted if details.get(key)}
    owed = tuple(conditions) if "conditions" in outcome.requires else ()
    return Verdict(outcome.key, rationale.strip(), against_reason.strip(), kept, owed)


def verdict_from_json(content: Mapping[str, Any]) -> Verdict:
    terms = [
        ConditionTerms(**{**each, "due_on": dt.date.fromisoformat(each["due_on"])}) for each in content["conditions"]
    ]
    table = content.get("at_table")
    known = {"conditions": tuple(terms), "at_table": at_table_from_json(table) if table else None}
    return Verdict(**{**content, **known})


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()
