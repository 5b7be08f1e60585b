"""A linear programme with whole columns, built up column by column and given to HiGHS."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from innovation.values import dataclass


@dataclass(frozen=True)
class Solved:
    """The value of each column, what they cost together, and the proven bound that no other values can go below.

    The bound is minus infinity where there was no time for one.
    """

    values: Sequence[float]
    cost: float
    bound: float


@dataclass
class Programme:
    """Columns to choose values for, at the least cost, within the bounds of every row."""

    costs: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    rows: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def row(self, lower: float, upper: float = float("inf")) -> int:
        """A new row, whose columns come to something between the two."""
        self.row_lower.append(lower)
        self.row_upper.append(upper)
        return len(self.row_lower) - 1

    def column(
        self,
        entries: Iterable[tuple[int, float]],
        *,
        cost: float = 0,
        lower: float = 0,
        upper: float = 1,
        whole: bool = False,
    ) -> int:
        """A new column, with the rows in which it counts and its weight in each."""
        self.costs.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        for row, weight in entries:
            self.rows.append(row)
            self.weights.append(weight)
        self.starts.append(len(self.rows))
        return len(self.costs) - 1

    def solve(
        self, *, seconds: float, close_enough: float, start: Sequence[float] | None = None, patience: float = 1
    ) -> Solved | None:
        """The cheapest values found in the time; stops when the bound is ``close_enough``. None when there are none.

        ``start`` holds values that are possible: what is found is never dearer. With ``patience`` the seconds are those
        of the processor, and on the clock at most so many times as many: a busy machine still gets its answer.
        """
        import highspy  # heavy, and needed by one command alone

        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {
            "log_to_console": False,
            "output_flag": False,
            "threads": 1,
            "random_seed": 1,
            "time_limit": max(0.1, seconds * patience),
            "mip_rel_gap": 0.0,
            "mip_abs_gap": close_enough,
        }.items():
            highs.setOptionValue(name, value)
        if patience > 1:
            until = time.thread_time() + seconds
            highs.cbMipInterrupt += lambda event: event.interrupt(time.thread_time() > until)
        highs.passModel(self._model(highspy))
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = list(start)
            highs.setSolution(known)
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        bound = info.mip_dual_bound if any(self.whole) else info.objective_function_value
        return Solved(highs.getSolution().col_value, info.objective_function_value, bound)

    def _model(self, highspy: Any) -> Any:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.row_lower)
        model.col_cost_ = self.costs
        model.col_lower_ = self.lower
        model.col_upper_ = self.upper
        model.row_lower_ = self.row_lower
        model.row_upper_ = self.row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = self.starts
        model.a_matrix_.index_ = self.rows
        model.a_matrix_.value_ = self.weights
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return model
