"""How much each part of a score counts, learned on the newest awards after looking at the older ones only."""

from __future__ import annotations

import numpy as np

from innovation.funders.learner.softmax import Floats, Ints, shares

STEPS = 12
TOGETHER = 200_000  # awards by funders at a time: each takes some 200 bytes
HOLD = 5.0  # how strongly the weights are drawn to what they are without any award


def weigh(parts: Floats, classes: Ints, usual: Floats) -> Floats:
    """Weights for parts (awards by parts by funders) under which the true funders are likeliest; Newton's steps."""
    weights = usual.astype(np.float64)
    true = parts[np.arange(len(classes)), :, classes].sum(axis=0)
    several = max(1, TOGETHER // parts.shape[2])
    for _step in range(STEPS):
        slope, both = HOLD * (weights - usual) - true, HOLD * np.eye(len(weights))
        for at in range(0, len(parts), several):
            some = parts[at : at + several]
            chances = shares(np.einsum("npk,p->nk", some, weights))
            expected = np.einsum("npk,nk->np", some, chances)
            slope += expected.sum(axis=0)
            both += np.einsum("npk,nk,nqk->pq", some, chances, some, optimize=True) - expected.T @ expected
        weights = weights - np.linalg.solve(both, slope)
    return np.maximum(weights, 0).astype(np.float32)
