"""The ways of talks between a funder and an idea, of what is committed in them, of each tranche, and of a milestone."""

from __future__ import annotations

from dataclasses import dataclass

from .engine import Guard, Step, Workflow


@dataclass(frozen=True, slots=True)
class TalksFacts:
    """What talks must know: what the funder has not looked at yet, and what is committed and not over."""

    shared: bool = True
    unsettled: int = 0
    commitments: int = 0
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """What a commitment must know, in minor units of its currency.

    ``beyond`` is how much the idea would have more than it asks for, ``planned`` what its tranches add up to, released
    ones included, ``released`` what was handed over.
    """

    amount: int = 0
    planned: int = 0
    released: int = 0
    beyond: int = 0
    deliberate: bool = False


@dataclass(frozen=True, slots=True)
class TrancheFacts:
    """What a tranche must know; ``matched`` is how far others match, None where nothing has to be matched.

    ``room`` is what is still committed and neither released nor withdrawn.
    """

    amount: int = 0
    room: int = 0
    released: int = 0
    agreed: bool = False
    reached: bool = True
    matched: int | None = None


SHARED = Guard(lambda f: f.shared, "The idea is not shared with funders at the moment.")
LOOKED_AT = Guard(lambda f: f.unsettled == 0, "Due diligence is not done: some points are not settled yet.")
NOTHING_COMMITTED = Guard(lambda f: f.commitments == 0, "Something is committed. Withdraw it first, with a reason.")
ALL_OVER = Guard(lambda f: f.under_way == 0, "Not everything that is committed has been released or withdrawn.")
WITHIN_ASK = Guard(
    lambda f: f.beyond <= 0 or f.deliberate,
    "With this, more would be committed than the idea asks for. Say that it is meant, and why.",
)
WHOLE = Guard(lambda f: f.planned == f.amount, "The tranches do not add up to what is committed yet.")
ALL_RELEASED = Guard(lambda f: f.released == f.amount, "Some of it has not been released yet.")
UNRELEASED = Guard(lambda f: f.released == 0, "Something was released already.")
SOME_RELEASED = Guard(lambda f: f.released > 0, "Nothing was released yet.")
AGREED = Guard(lambda f: f.agreed, "The agreement is not recorded yet.")
REACHED = Guard(lambda f: f.reached, "Its milestone is not accepted yet.")
ROOM = Guard(lambda f: f.amount <= f.room, "This is more than is still committed.")
MATCHED = Guard(
    lambda f: f.matched is None or f.released + f.amount <= f.matched,
    "What others have committed does not match this yet.",
)

TALKS: Workflow[str] = Workflow(
    "talk",
    initial="talking",
    steps=[
        Step("examine", "talking", "examining", guards=(SHARED,)),
        Step("commit", "examining", "committed", guards=(LOOKED_AT,)),
        Step("commit", "committed", "committed", guards=(LOOKED_AT,)),
        Step("close", "committed", "closed", guards=(ALL_OVER,)),
        Step("decline", "talking", "declined"),
        Step("decline", "examining", "declined", guards=(NOTHING_COMMITTED,)),
    ],
)

COMMITMENT: Workflow[str] = Workflow(
    "commitment",
    initial="offered",
    steps=[
        Step("accept", "offered", "committed", guards=(WITHIN_ASK,)),
        Step("decline", "offered", "declined"),
        Step("agree", "committed", "agreed", guards=(WHOLE,)),
        Step("withdraw", "offered", "withdrawn"),
        Step("withdraw", "committed", "withdrawn", guards=(UNRELEASED,)),
        Step("withdraw", "agreed", "withdrawn", when=UNRELEASED),
        Step("withdraw", "agreed", "closed", when=SOME_RELEASED),  # what was released stays, the rest is taken back
        Step("close", "agreed", "closed", guards=(ALL_RELEASED,)),
    ],
)

TRANCHE: Workflow[str] = Workflow(
    "tranche",
    initial="planned",
    steps=[
        Step("release", "planned", "released", guards=(AGREED, REACHED, ROOM, MATCHED)),
        Step("cancel", "planned", "cancelled"),
    ],
)

MILESTONE: Workflow[str] = Workflow(
    "milestone",
    initial="planned",
    steps=[
        Step("show", "planned", "shown"),
        Step("show", "returned", "shown"),
        Step("accept", "shown", "accepted"),
        Step("return", "shown", "returned"),
    ],
)
