"""Money in any order of actions: nothing is released that is not committed, and no currency runs into another."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from innovation.funders.counting import Line, matched, totals
from workflows import COMMITMENT, TRANCHE, CommitmentFacts, Refused, TrancheFacts

TARGET = 1000


@dataclass
class Promise:
    """A commitment as commands keep it, without a database: the same machines, the same facts."""

    funder: int
    currency: str
    in_kind: bool
    amount: int
    state: str = "offered"
    withdrawn: int = 0
    released: int = 0
    tranches: list[list[object]] = field(default_factory=list)

    @property
    def standing(self) -> int:
        return self.amount - self.withdrawn

    @property
    def line(self) -> Line:
        return Line(self.funder, self.currency, self.in_kind, self.standing, self.released)

    def facts(self, beyond: int = 0, deliberate: bool = False) -> CommitmentFacts:
        planned = sum(int(str(amount)) for state, amount in self.tranches if state != "cancelled")
        return CommitmentFacts(self.standing, planned, self.released, beyond, deliberate)


@dataclass
class Ask:
    promises: list[Promise] = field(default_factory=list)
    meant: bool = False

    def act(self, what: str, number: int, amount: int) -> None:
        promise = self.promises[number % len(self.promises)]
        sums = totals([p.line for p in self.promises if p.state not in ("offered", "declined")], TARGET)
        if what in ("accept", "mean"):
            beyond = 0 if promise.in_kind else sums.beyond_with(promise.currency, promise.amount)
            promise.state = COMMITMENT.fire(promise.state, "accept", promise.facts(beyond, what == "mean"))
            self.meant = self.meant or beyond > 0
        elif what == "plan" and promise.state == "committed" and promise.facts().planned + amount <= promise.standing:
            promise.tranches.append(["planned", amount])
        elif what == "release" and promise.tranches:
            tranche = promise.tranches[amount % len(promise.tranches)]
            part = int(str(tranche[1]))
            facts = TrancheFacts(part, promise.standing - promise.released, promise.released, promise.state == "agreed")
            tranche[0] = TRANCHE.fire(str(tranche[0]), "release", facts)
            promise.released += part
        elif what == "withdraw":
            promise.state = COMMITMENT.fire(promise.state, "withdraw", promise.facts())
            promise.withdrawn += promise.standing - promise.released
            for tranche in promise.tranches:
                tranche[0] = "cancelled" if tranche[0] == "planned" else tranche[0]
        elif what in ("decline", "agree", "close"):
            promise.state = COMMITMENT.fire(promise.state, what, promise.facts())


PROMISES = st.lists(
    st.builds(Promise, st.integers(1, 3), st.sampled_from(["ZAR", "USD"]), st.booleans(), st.integers(1, 900)),
    min_size=1,
    max_size=5,
)
WORDS = ("accept", "mean", "decline", "plan", "plan", "agree", "release", "release", "withdraw", "close")
ACTIONS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 9), st.integers(1, 900)), max_size=40)


@settings(max_examples=60)
@given(PROMISES, ACTIONS)
def test_in_any_order_no_more_is_released_than_stands_and_no_more_stands_than_is_asked_unless_meant(
    promises: list[Promise], actions: list[tuple[str, int, int]]
) -> None:
    ask = Ask(promises)

    for action in actions:
        try:
            ask.act(*action)
        except Refused:
            continue

    sums = totals([p.line for p in promises if p.state not in ("offered", "declined")], TARGET)
    assert all(0 <= promise.released <= promise.standing <= promise.amount for promise in promises)
    assert all(
        sum(int(str(amount)) for state, amount in promise.tranches if state == "released") == promise.released
        for promise in promises
    )
    assert ask.meant or sums.committed <= TARGET
    assert sums.committed + sums.gap - sums.beyond == TARGET


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            Line, st.integers(1, 3), st.sampled_from(["ZAR", "USD"]), st.booleans(), st.integers(0, 900), st.just(0)
        )
    )
)
def test_each_currency_is_counted_by_itself_and_kind_apart(lines: list[Line]) -> None:
    sums = totals(lines, TARGET)

    for kind, found in ((False, sums.money), (True, sums.in_kind)):
        for currency in ("ZAR", "USD"):
            alone = sum(line.standing for line in lines if (line.currency, line.in_kind) == (currency, kind))
            assert (found[currency].committed if currency in found else 0) == alone
    assert matched(lines, 1, "ZAR", 50) == (
        sum(x.standing for x in lines if (x.currency, x.in_kind) == ("ZAR", False) and x.funder_id != 1) // 2
    )
