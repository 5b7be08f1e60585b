"""From scorecards to a panel's result: totals of 100, spread, red flags, and what the rule recommends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from .definition.shapes import Criterion, Gate

TALK_AT_PERCENT = 40
RED_FLAG_BELOW = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A member's answer to a must-meet: "yes", "no" or "unsure"; a No may be marked fixable or not."""

    criterion_key: str
    answer: str
    fixable: bool | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """A member's mark on a should-meet as shown on the gate's scale; None stands for not applicable."""

    criterion_key: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Card:
    answers: tuple[Answer, ...] = ()
    marks: tuple[Marks, ...] = ()


@dataclass(frozen=True, slots=True)
class MustResult:
    """The panel's answer to a must-meet; ``fixable`` says whether a No can be mended, else it is None."""

    criterion_key: str
    answer: str
    fixable: bool | None
    yes: int
    no: int
    unsure: int


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The panel's marks on one criterion as shown; ``worth`` is their mean of 10, ``spread`` is 0 to 1."""

    criterion_key: str
    values: tuple[int, ...]
    mean: float | None
    median: float | None
    low: int | None
    high: int | None
    worth: float | None
    spread: float
    talk: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An outcome, one sentence of why, and the keys of the criteria that led there."""

    outcome: str
    reason: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelResult:
    """Totals are of 100, over the members who marked anything; None while nobody has."""

    scorecards: int
    total: float | None
    median: float | None
    low: float | None
    high: float | None
    sd: float | None
    mean_mark: float | None
    criteria: tuple[CriterionResult, ...]
    musts: tuple[MustResult, ...]
    red_flags: tuple[str, ...]
    recommendation: Recommendation | None

    @property
    def talk(self) -> tuple[str, ...]:
        """The keys of the criteria whose marks differ so much that the panel should talk."""
        return tuple(item.criterion_key for item in self.criteria if item.talk)


def unanswered(gate: Gate, card: Card, extra_must: Sequence[str] = ()) -> tuple[str, ...]:
    """The keys of the criteria that a scorecard still leaves open; N/A counts as answered."""
    given = {item.criterion_key for item in card.answers} | {item.criterion_key for item in card.marks}
    must, should = _keys(gate.must), _keys(gate.should)
    return tuple(key for key in (*must, *extra_must, *should) if key not in given)


def member_total(gate: Gate, card: Card) -> float | None:
    """Sum of weight x worth over the weights marked, of 100; None when nothing was marked."""
    worth = {mark.value: mark.worth for mark in gate.marks}
    marked = _marked(card)
    weighed = [(item.weight, worth[marked[item.key]]) for item in gate.should if item.key in marked]
    if not weighed:
        return None
    weights = sum(weight for weight, _ in weighed)
    return round(sum(weight * value for weight, value in weighed) * 10 / weights, 9)


def panel_result(
    gate: Gate, cards: Sequence[Card], quorum: int | None = None, extra_must: Sequence[str] = ()
) -> PanelResult:
    """What a panel's scorecards come to; below quorum there is a result, but no recommendation."""
    totals = [total for card in cards if (total := member_total(gate, card)) is not None]
    marked = [_marked(card) for card in cards]
    criteria = tuple(_criterion_result(gate, criterion, marked) for criterion in gate.should)
    musts = tuple(_must_result(key, cards) for key in (*_keys(gate.must), *extra_must))
    means = [item.mean for item in criteria if item.mean is not None]
    starred = {criterion.key for criterion in gate.should if criterion.starred}
    red_flags = tuple(
        item.criterion_key
        for item in criteria
        if item.criterion_key in starred and item.worth is not None and item.worth < RED_FLAG_BELOW
    )
    total = _mean(totals)
    mean_mark = _mean(means)
    recommendation = None
    if total is not None and len(cards) >= (gate.quorum if quorum is None else quorum):
        recommendation = recommend(gate, musts, red_flags, total, mean_mark)
    return PanelResult(
        scorecards=len(cards),
        total=total,
        median=_exact(median(totals)) if totals else None,
        low=min(totals, default=None),
        high=max(totals, default=None),
        sd=_exact(pstdev(totals)) if totals else None,
        mean_mark=mean_mark,
        criteria=criteria,
        musts=musts,
        red_flags=red_flags,
        recommendation=recommendation,
    )


def recommend(
    gate: Gate,
    musts: Iterable[MustResult],
    red_flags: tuple[str, ...],
    total: float,
    mean_mark: float | None = None,
) -> Recommendation:
    """The rule in its order: must-meets, then red flags, then the mean against the gate's thresholds."""
    by_must = _by_must(tuple(musts))
    if by_must is not None:
        return by_must
    by_mean = _by_mean(gate, total, mean_mark)
    if red_flags and by_mean.outcome in ("go", "conditional"):
        return Recommendation("recycle", "A criterion that must not be weak has a red flag.", red_flags)
    return by_mean


def _by_must(musts: tuple[MustResult, ...]) -> Recommendation | None:
    refused = [item for item in musts if item.answer == "no"]
    beyond_repair = _criterion_keys(item for item in refused if not item.fixable)
    if beyond_repair:
        reason = "The panel answers No to a must-meet, and it cannot be fixed."
        return Recommendation("stop", reason, beyond_repair)
    if refused:
        reason = "The panel answers No to a must-meet, and it can be fixed."
        return Recommendation("recycle", reason, _criterion_keys(refused))
    unsure = _criterion_keys(item for item in musts if item.answer == "unsure")
    return Recommendation("hold", "The panel is not sure about a must-meet.", unsure) if unsure else None


def _by_mean(gate: Gate, total: float, mean_mark: float | None) -> Recommendation:
    limits = gate.thresholds
    wanted = limits.mean_mark
    if total >= limits.go and wanted is not None and (mean_mark is None or mean_mark < wanted):
        return Recommendation("conditional", "The total is enough for go, but the mean mark is not.")
    if total >= limits.go:
        return Recommendation("go", "The panel's mean reaches the threshold for go.")
    if total >= limits.conditional:
        return Recommendation("conditional", "The panel's mean reaches the threshold for a conditional go.")
    if total >= limits.recycle:
        return Recommendation("recycle", "The panel's mean reaches the threshold for recycle, and no more.")
    return Recommendation("stop", "The panel's mean is below every threshold.")


def _must_result(key: str, cards: Sequence[Card]) -> MustResult:
    """No if most say No; Unsure if any says No or Unsure, or nobody has answered; else Yes."""
    given = [answer for card in cards for answer in card.answers if answer.criterion_key == key]
    counts = Counter(answer.answer for answer in given)
    no, doubts = counts["no"], counts["no"] + counts["unsure"]
    if no * 2 > len(given):
        beyond_repair = sum(answer.answer == "no" and answer.fixable is False for answer in given)
        answer, fixable = "no", beyond_repair * 2 <= no
    else:
        answer, fixable = ("unsure" if doubts or not given else "yes"), None
    return MustResult(key, answer, fixable, counts["yes"], no, counts["unsure"])


def _criterion_result(gate: Gate, criterion: Criterion, marked: Sequence[Mapping[str, int]]) -> CriterionResult:
    values = sorted(marks[criterion.key] for marks in marked if criterion.key in marks)
    if not values:
        return CriterionResult(criterion.key, (), None, None, None, None, None, 0.0, talk=False)
    worth = {mark.value: mark.worth for mark in gate.marks}
    scale = gate.marks[-1].value - gate.marks[0].value
    reach = values[-1] - values[0]
    return CriterionResult(
        criterion_key=criterion.key,
        values=tuple(values),
        mean=_mean(values),
        median=float(median(values)),
        low=values[0],
        high=values[-1],
        worth=_mean([worth[value] for value in values]),
        spread=_exact(reach / scale),
        talk=reach * 100 >= TALK_AT_PERCENT * scale,
    )


def _marked(card: Card) -> dict[str, int]:
    return {mark.criterion_key: mark.value for mark in card.marks if mark.value is not None}


def _keys(criteria: tuple[Criterion, ...]) -> tuple[str, ...]:
    return tuple(criterion.key for criterion in criteria)


def _criterion_keys(results: Iterable[MustResult]) -> tuple[str, ...]:
    return tuple(item.criterion_key for item in results)


def _mean(values: Sequence[float]) -> float | None:
    return _exact(fmean(values)) if values else None


def _exact(value: float) -> float:
    # Binary fractions must not turn a mean of exactly 55 into 54.999999.
    return round(value, 6)
