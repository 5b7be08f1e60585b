"""The level of evidence that was really reached, worked out from what was done, with what would raise it.

A level names the test that it takes (``reached_by`` in the definition). Each level takes those below it: what nobody
can explain is no cause shown, however well it was measured. The level that a coordinator accepted stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from innovation.pilots.effects import Effect
from innovation.values import dataclass
from workflows import EvidenceLevel


@dataclass(frozen=True)
class Done:
    """What was done: the main indicator's effect, what was handed in and accepted, and places where others run it."""

    effect: Effect | None = None
    accepted: frozenset[str] = frozenset()
    run_by_others: int = 0


@dataclass(frozen=True)
class Rung:
    """One level: reached or not, and which reason of its test says so, with the figures of that reason."""

    level: EvidenceLevel
    reached: bool
    reason: str
    figures: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Worked:
    """``level`` is the highest that every rung up to it reaches; None where the process does not say how."""

    level: EvidenceLevel | None
    rungs: tuple[Rung, ...]

    @property
    def next(self) -> Rung | None:
        """The first rung that is not reached: what would raise the level."""
        return next((rung for rung in self.rungs if not rung.reached), None)


def work_out(levels: Sequence[EvidenceLevel], done: Done) -> Worked:
    """The rungs from the weakest level up; those that name no test end the ladder."""
    rungs = [Rung(levels[0], True, "idea")]
    for level in levels[1:]:
        if level.reached_by not in TESTS:
            break
        reason, figures = TESTS[level.reached_by](level, done)
        rungs.append(Rung(level, reason in REACHED, reason, figures))
    if len(rungs) == 1:
        return Worked(None, ())
    reached = next((at for at, rung in enumerate(rungs) if not rung.reached), len(rungs)) - 1
    return Worked(rungs[reached].level, tuple(rungs))


Found = tuple[str, tuple[tuple[str, int], ...]]
REACHED = frozenset({"idea", "account", "changed", "caused", "confirmed", "scaled"})


def _account(level: EvidenceLevel, done: Done) -> Found:
    return ("account" if _is_there(level.shown_by, done.accepted) else "no_account"), ()


def _change(level: EvidenceLevel, done: Done) -> Found:
    """The change of the main indicator at enough sites, its whole interval on the better side of nought."""
    effect = done.effect
    if effect is None:
        return "no_indicator", ()
    figures = (("n", effect.pilot.pairs), ("least", level.at_least))
    if effect.pilot.pairs < level.at_least:
        return "few_sites", figures
    return {"better": "changed", "worse": "got_worse"}.get(effect.verdict(effect.change), "change_unclear"), figures


def _comparison(level: EvidenceLevel, done: Done) -> Found:
    """The difference between the pilot's sites and enough others that were measured at the same times."""
    effect = done.effect
    if effect is None or not effect.comparison.sites:
        return "no_comparison", (("n", 0), ("least", level.at_least))
    figures = (("n", min(effect.pilot.pairs, effect.comparison.pairs)), ("least", level.at_least))
    if figures[0][1] < level.at_least:
        return "few_compared", figures
    verdict = effect.verdict(effect.more_than_compared)
    return {"better": "caused", "worse": "less_than_compared"}.get(verdict, "difference_unclear"), figures


def _independent(level: EvidenceLevel, done: Done) -> Found:
    return ("confirmed" if _is_there(level.shown_by, done.accepted) else "not_confirmed"), ()


def _scale(level: EvidenceLevel, done: Done) -> Found:
    figures = (("n", done.run_by_others), ("least", level.at_least))
    return ("scaled" if level.at_least and done.run_by_others >= level.at_least else "not_scaled"), figures


def _is_there(any_of: Collection[str], accepted: frozenset[str]) -> bool:
    return not accepted.isdisjoint(any_of)


TESTS: dict[str, Callable[[EvidenceLevel, Done], Found]] = {
    "account": _account,
    "change": _change,
    "comparison": _comparison,
    "independent": _independent,
    "scale": _scale,
}
