"""Softmax regression on sparse rows: which of many classes a row belongs to, as a sum of what each trait says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from innovation.values import dataclass

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
TOGETHER = 64  # rows in a step
RATE = 0.2
SEED = 20_260_101


@dataclass(frozen=True)
class Rows:
    """Sparse rows, one behind the other: row ``i`` has the columns and values from ``start[i]`` to ``start[i + 1]``.

    Every row has at least one column.
    """

    columns: NDArray[np.int32]
    values: Floats
    start: Ints

    def __len__(self) -> int:
        return len(self.start) - 1


@dataclass(frozen=True)
class Lesson:
    """Rows with their classes and weights, and what is known for each class before any row is looked at."""

    rows: Rows
    classes: Ints
    weights: Floats
    before: Floats


def nothing() -> None:
    """What is done between two steps where nobody waits."""


def train(lesson: Lesson, columns: int, rounds: int, between: Callable[[], None] = nothing) -> Floats:
    """A weight for each column and class, by steps against the gradient that shorten as a column has moved (AdaGrad).

    The few rounds are what keeps it from learning single rows by heart. ``between`` is called between two steps.
    """
    rows = lesson.rows
    table = np.zeros((columns, len(lesson.before)), np.float32)
    moved = np.full((columns, 1), 1e-6, np.float32)
    order = np.random.default_rng(SEED)
    for _round in range(rounds):
        shuffled = order.permutation(len(rows))
        for at in range(0, len(rows), TOGETHER):
            between()
            _step(table, moved, lesson, shuffled[at : at + TOGETHER])
    return table


def _step(table: Floats, moved: Floats, lesson: Lesson, chosen: Ints) -> None:
    rows = lesson.rows
    lengths = rows.start[chosen + 1] - rows.start[chosen]
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    places = np.repeat(rows.start[chosen] - starts, lengths) + np.arange(lengths.sum())
    columns, values = rows.columns[places], rows.values[places]
    missed = shares(np.add.reduceat(table[columns] * values[:, None], starts, axis=0) + lesson.before)
    missed[np.arange(len(chosen)), lesson.classes[chosen]] -= 1
    missed *= lesson.weights[chosen][:, None]
    by_column = np.argsort(columns, kind="stable")
    sorted_columns = columns[by_column]
    first = np.concatenate(([0], np.flatnonzero(np.diff(sorted_columns)) + 1))
    row_of = np.repeat(np.arange(len(chosen)), lengths)
    gradient = np.add.reduceat(missed[row_of[by_column]] * values[by_column][:, None], first, axis=0)
    touched = sorted_columns[first]
    moved[touched] += (gradient * gradient).mean(axis=1, keepdims=True)
    table[touched] -= RATE * gradient / np.sqrt(moved[touched])


def shares(scores: Floats) -> Floats:
    """Scores as shares of 1 in each row."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return found
