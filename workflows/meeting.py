"""A meeting's way, and that of each item on its agenda."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What a meeting must know: its agenda, the votes that are open, and what its minutes still owe."""

    items: int = 0
    fixed: bool = False
    voting: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an item must know: who of its panel is at the table, whether a vote is open, or the decision taken back."""

    present: int = 0
    quorum: int = 1
    voting: int = 0
    undone: bool = False


FILLED = Guard(lambda f: f.items > 0, "There is nothing on the agenda yet.")
FIXED = Guard(lambda f: f.fixed, "The chair has not fixed the agenda yet.")
COUNTED = Guard(lambda f: f.voting == 0, "A vote is open. Count it first.")
ANSWERED = Guard(lambda f: f.unanswered == 0, "A comment on the minutes waits for an answer.")
AT_TABLE = Guard(
    lambda f: f.present >= f.quorum,
    lambda f: (f"The quorum for this item is {f.quorum}, and {f.present} of those who may decide on it are here.",),
)

UNDONE = Guard(lambda f: f.undone, "This item has been decided.")

MEETING: Workflow[str] = Workflow(
    "meeting",
    initial="planned",
    steps=[
        Step("open", "planned", "open", guards=(FILLED, FIXED)),
        Step("cancel", "planned", "cancelled"),
        Step("close", "open", "closed", guards=(COUNTED,)),
        Step("circulate", "closed", "minuted"),
        Step("circulate", "minuted", "minuted"),
        Step("sign", "minuted", "signed", guards=(ANSWERED,)),
    ],
)

AGENDA_ITEM: Workflow[str] = Workflow(
    "item",
    initial="waiting",
    steps=[
        Step("take", "waiting", "discussed"),
        Step("take", "put_off", "discussed"),
        Step("take", "discussed", "discussed"),
        Step("take", "decided", "discussed", guards=(UNDONE,)),
        Step("decide", "discussed", "decided", guards=(COUNTED, AT_TABLE)),
        Step("put_off", "waiting", "put_off"),
        Step("put_off", "discussed", "put_off", guards=(COUNTED,)),
        Step("put_off", "decided", "put_off", guards=(UNDONE,)),
        # The panel has decided elsewhere: on the page of the review, or when the second chair signed.
        Step("note", "waiting", "decided"),
        Step("note", "discussed", "decided"),
        Step("note", "put_off", "decided"),
    ],
)
