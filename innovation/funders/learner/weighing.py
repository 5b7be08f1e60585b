"""How much each part of a score counts, learned on the newest awards after looking at the older ones only."""

from __future__ import annotations

import numpy as np

from innovation.funders.learner.softmax import Floats, Ints, shares

STEPS = 12
HOLD = 5.0  # how strongly the weights are drawn to what they are without any award


def weigh(parts: Floats, classes: Ints, usual: Floats) -> Floats:
    """Weights for parts (awards by parts by funders) under which the true funders are likeliest; Newton's steps."""
    weights = usual.astype(np.float64)
    each = np.arange(len(classes))
    true = parts[each, :, classes].sum(axis=0)
    for _step in range(STEPS):
        chances = shares(np.einsum("npk,p->nk", parts, weights))
        expected = np.einsum("npk,nk->np", parts, chances)
        slope = expected.sum(axis=0) - true + HOLD * (weights - usual)
        both = np.einsum("npk,nk,nqk->pq", parts, chances, parts, optimize=True) - expected.T @ expected
        weights = weights - np.linalg.solve(both + HOLD * np.eye(len(weights)), slope)
    return np.maximum(weights, 0).astype(np.float32)
