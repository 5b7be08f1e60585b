"""How the panels of the demonstration mark: scorecards that differ from member to member and come to a level."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random

from workflows import Gate, scoring
from workflows.scoring import Answer, Card, Marks, PanelResult

CLOSE_ENOUGH = 0.45
TRIES = 60


def fill_cards(
    gate: Gate,
    size: int,
    level: float,
    rng: Random,
    *,
    musts: Mapping[str, str] | None = None,
    inherited: Sequence[str] = (),
) -> tuple[list[Card], PanelResult]:
    """Cards of ``size`` members, and what they add up to: close to ten times ``level``, and recommending the same.

    ``musts`` maps a must-meet to "no-unfixable", "no" or "unsure"; ``inherited`` are must-meets answered Yes.
    """
    aim = advised(gate, level, musts or {})
    for _ in range(TRIES):
        table = _table(gate, size, level, rng)
        answers = _answers(gate, size, musts or {}, inherited, rng)
        cards = [
            Card(given, tuple(Marks(item.key, value) for item, value in zip(gate.should, row, strict=True)))
            for given, row in zip(answers, table, strict=True)
        ]
        result = scoring.panel_result(gate, cards, min(size, gate.quorum), inherited)
        if result.recommendation is not None and result.recommendation.outcome == aim:
            return cards, result
    raise RuntimeError(f"No marks of level {level} at {gate.key} recommend {aim}.")


def advised(gate: Gate, level: float, musts: Mapping[str, str]) -> str:
    """What a total of ten times ``level`` with these answers recommends."""
    said = set(musts.values())
    for answer, outcome in (("no-unfixable", "stop"), ("no", "recycle"), ("unsure", "hold")):
        if answer in said:
            return outcome
    return scoring.recommend(gate, (), (), level * 10, mean_mark=gate.marks[-1].value).outcome


def tone_of(worth: float) -> str:
    """Which of the written comments suit a mark worth so much of ten."""
    return "low" if worth < 4.5 else "middle" if worth < 7 else "high"


def _table(gate: Gate, size: int, level: float, rng: Random) -> list[list[int]]:
    """Marks by member and criterion: members have moods, and criteria are strong and weak points of the idea."""
    nearest = _nearest(gate)
    leans = [rng.gauss(0, 0.9) + (0.5 if item.starred else 0) for item in gate.should]
    table = []
    for _ in range(size):
        mood = rng.gauss(0, 0.5)
        table.append([nearest(level + lean + mood + rng.gauss(0, 0.8)) for lean in leans])
    _adjust(gate, table, level, rng)
    return table


def _adjust(gate: Gate, table: list[list[int]], level: float, rng: Random) -> None:
    """Move marks one step at a time until the total is close to the level."""
    values = [mark.value for mark in gate.marks]
    worth = {mark.value: mark.worth for mark in gate.marks}
    weights = [item.weight / 10 / len(table) for item in gate.should]
    total = sum(weight * worth[value] for row in table for weight, value in zip(weights, row, strict=True))
    for _ in range(600):
        gap = level * 10 - total
        if abs(gap) < CLOSE_ENOUGH:
            return
        row, column = table[rng.randrange(len(table))], rng.randrange(len(weights))
        place = values.index(row[column]) + (1 if gap > 0 else -1)
        if 0 <= place < len(values):
            total += weights[column] * (worth[values[place]] - worth[row[column]])
            row[column] = values[place]


def _nearest(gate: Gate) -> Callable[[float], int]:
    """Which mark is closest to a worth; of two that are as close, the lower."""
    values = [mark.value for mark in gate.marks]
    borders = [(low.worth + high.worth) / 2 for low, high in pairwise(gate.marks)]
    return lambda worth: values[bisect_left(borders, worth)]


def _answers(
    gate: Gate, size: int, musts: Mapping[str, str], inherited: Sequence[str], rng: Random
) -> list[tuple[Answer, ...]]:
    """Each member's answers: a No is shared by most, a doubt by one or two, everything else is Yes."""
    most = size // 2 + 1
    doubters = {key: rng.sample(range(size), 1 if said == "unsure" else most) for key, said in musts.items()}
    keys = (*(item.key for item in gate.must), *inherited)

    def answer(member: int, key: str) -> Answer:
        said = musts.get(key, "yes")
        if said == "yes" or member not in doubters[key]:
            return Answer(key, "yes")
        return Answer(key, "unsure") if said == "unsure" else Answer(key, "no", fixable=said == "no")

    return [tuple(answer(member, key) for key in keys) for member in range(size)]
