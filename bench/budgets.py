"""How long it takes to say who should fund what: 500 ideas and 20 funders, each with rules of its own.

    python bench/budgets.py --json

The main plan is what somebody waits for; what each rule costs and the next best plans follow in the worker.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from innovation.funders.budgeting import Open, Purse, Share, plan, rules_of
from innovation.funders.plan_finding import Finding, things_of

IDEAS, FUNDERS = 500, 20
AT_MOST = 10.0  # seconds of the main plan
PROVINCES = tuple(f"ZA-{n}" for n in range(9))
LOW = "low_quintiles"
CASES: dict[str, dict[str, Any]] = {
    "all or nothing": {"steps": 1},
    "in quarters": {"steps": 4},
    "in tenths": {"steps": 10},
    "in quarters, every budget small": {"steps": 4, "richest": 2_000},
    "in quarters, every funder picky": {"steps": 4, "fits": 0.1},
    "in quarters, some pay alone": {"steps": 4, "alone": 5},
}


def world(*, richest: int = 12_000, fits: float = 0.6, alone: int = 0) -> tuple[list[Open], list[Purse]]:
    """Gaps of R60 000 to R2 million, and budgets up to so many thousand rand under two to four rules each."""
    drawn = random.Random(7)
    asks = []
    for idea_id in range(IDEAS):
        tags = {drawn.choice(PROVINCES)} | ({LOW} if drawn.random() < 0.4 else set())
        asks.append(Open(idea_id, drawn.randrange(60, 2_000) * 1000_00, frozenset(tags)))
    purses = []
    for funder_id in range(FUNDERS):
        points = {ask.idea_id: drawn.randrange(20, 98) for ask in asks if drawn.random() < fits}
        shares = [Share(LOW, drawn.choice((20, 40, 60)))]
        shares += [Share(drawn.choice(PROVINCES), 20)] if funder_id % 2 else []
        rules: dict[str, Any] = {"most_cents": drawn.randrange(300, 1_500) * 1000_00, "shares": tuple(shares)}
        rules |= {"most_ideas": drawn.randrange(4, 15)} if funder_id % 3 else {}
        budget = drawn.randrange(richest // 6, richest) * 1000_00
        purses.append(Purse(funder_id, budget, points, alone=funder_id < alone, **rules))
    return asks, purses


def measure(*, steps: int, what_ifs: bool = False, **about: Any) -> dict[str, Any]:
    """Seconds of the main plan on the clock and of the processor, and how far from the best it can be at most."""
    asks, purses = world(**about)
    began, worked = time.perf_counter(), time.process_time()
    found = plan(asks, purses, steps=steps)
    figures = {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu": round(time.process_time() - worked, 2),
        "ideas": len({part.idea_id for part in found.parts}),
        "spent_rand": sum(part.cents for part in found.parts) // 100,
        "gap_percent": round(100 * found.gap / max(1, found.worth), 3),
    }
    return figures | (_what_ifs(Finding(asks, purses, rules_of(purses), steps, {0: found})) if what_ifs else {})


def _what_ifs(finding: Finding) -> dict[str, Any]:
    """Everything that follows the main plan, as the worker finds it, one by one."""
    took = []
    for at in range(1, len(things_of(finding.rules))):
        began = time.perf_counter()
        finding.known[at] = finding.find(at)
        took.append(time.perf_counter() - began)
    return {"what_ifs": len(took), "what_if_longest": round(max(took), 2), "what_ifs_seconds": round(sum(took), 1)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--what-ifs", action="store_true", help="what follows the main plan too (minutes)")
    asked = parser.parse_args()
    result = {name: measure(what_ifs=asked.what_ifs, **case) for name, case in CASES.items()}
    if asked.json:
        print(json.dumps(result))
    else:
        for name, figures in result.items():
            print(f"{name:34}", "  ".join(f"{key} {value}" for key, value in figures.items()))
    slow = [name for name, figures in result.items() if figures["cpu"] > AT_MOST]
    if slow:
        print(f"More than {AT_MOST:.0f} s: {', '.join(slow)}", file=sys.stderr)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
