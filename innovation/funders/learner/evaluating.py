"""How well a model finds the funders of awards that it has not seen."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from innovation.funders.learner.awards import Past
from innovation.funders.learner.model import fit
from innovation.values import dataclass

SHARES = (1, 5, 10)


@dataclass(frozen=True)
class Placed:
    """Where the true funder of a query came, counted from 1; None where the model does not know it."""

    funder: str
    education: bool
    place: int | None


def evaluate(awards: Sequence[Past], queries: Sequence[Past]) -> dict[str, Any]:
    """Learn from the awards, rank all their funders for each query, and measure both.

    A query whose funder has no award counts as not found: 0 in every figure.
    """
    begun = time.perf_counter()
    model = fit(awards)
    fitted = time.perf_counter() - begun
    placed, times = [], []
    for query in queries:
        begun = time.perf_counter()
        ranked = model.rank(query.asked)
        times.append((time.perf_counter() - begun) * 1000)
        places = {each.funder: place for place, each in enumerate(ranked, 1)}
        placed.append(Placed(query.funder, query.education, places.get(query.funder)))
    times.sort()
    return {
        **figures(placed),
        "education": figures([each for each in placed if each.education]),
        "fit_s": round(fitted, 2),
        "query_p50_ms": round(statistics.median(times), 3),
        "query_p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
        "peak_mb": round(peak_mb(), 1),
    }


def figures(placed: Sequence[Placed]) -> dict[str, float | None]:
    """Means over all queries; ``macro_mrr`` counts every funder alike. None where there is nothing to measure."""
    by_funder: dict[str, list[float]] = defaultdict(list)
    for each in placed:
        by_funder[each.funder].append(1 / each.place if each.place else 0.0)
    found: dict[str, float | None] = {"mrr": _mean([one for each in by_funder.values() for one in each])}
    for most in SHARES:
        found[f"recall_{most}"] = _mean([float(bool(each.place and each.place <= most)) for each in placed])
    found["macro_mrr"] = _mean([statistics.fmean(each) for each in by_funder.values()])
    return found


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None


def peak_mb() -> float:
    """The most memory that this process has had, in millions of bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
