"""How long the suggestion of who reviews what takes: 500 ideas and 60 members, with rules easy and hard to keep."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from innovation.gates.assigning import CHAIR, Candidate, Need, Reviewer, Suggestion, Waiting, suggest

IDEAS, MEMBERS = 500, 60
AT_MOST = 10.0
ROLES = ["chair"] * 4 + ["deputy"] * 8 + ["government"] * 12 + ["practitioner"] * 12 + ["member"] * 24
COMPOSED = (CHAIR, *(Need(kind, frozenset({kind})) for kind in ("government", "practitioner")))
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "no composition": {"needs": (CHAIR,)},
    "tight caps": {"cap": 46, "roles": ["chair"] * 12 + ROLES[12:]},
    "many conflicts": {"conflicts": 0.6},
    "panels of seven": {"number": 7, "quorum": 5},
    "seats stay empty": {"number": 7, "quorum": 5, "cap": 48},
    "caps far too tight": {"cap": 20},
    "infeasible by conflicts": {"conflicts": 0.9},
    "one knows everything": {"knows_all": True},
}


def world(
    *,
    number: int = 4,
    quorum: int = 3,
    cap: int | None = None,
    conflicts: float = 0.05,
    needs: tuple[Need, ...] = COMPOSED,
    roles: list[str] = ROLES,
    knows_all: bool = False,
) -> tuple[list[Waiting], list[Reviewer]]:
    """Ideas of six themes, eight topics and four phases, and members who know one theme, two topics and one phase."""
    drawn = random.Random(7)
    knows = [(drawn.randrange(6), set(drawn.sample(range(8), 2)), drawn.randrange(4)) for _n in range(MEMBERS)]
    waiting = []
    for idea_id in range(IDEAS):
        theme, topic, phase = drawn.randrange(6), drawn.randrange(8), drawn.randrange(4)
        able = [n for n in range(MEMBERS) if drawn.random() > conflicts]
        fits = {n: 2 * (knows[n][0] == theme) + (topic in knows[n][1]) + (knows[n][2] == phase) for n in able}
        candidates = tuple(Candidate(n, roles[n], 4 if knows_all and n == 0 else fits[n]) for n in able)
        waiting.append(Waiting(idea_id, number, quorum, candidates, needs))
    return waiting, [Reviewer(n, drawn.randrange(6), cap) for n in range(MEMBERS)]


def measure(case: Mapping[str, Any]) -> dict[str, Any]:
    waiting, people = world(**case)
    began = time.perf_counter()
    found = suggest(waiting, people)
    seconds = time.perf_counter() - began
    loads = Counter(person_id for members in found.chosen.values() for person_id in members)
    together = [one.load + loads[one.person_id] for one in people]
    return {
        "seconds": round(seconds, 2),
        "served": len(found.chosen),
        "served_at_most": found.served_at_most,
        "gap": found.gap,
        "fit_per_seat": round(found.fit / max(1, loads.total()), 2),
        "loads": [min(together), max(together)],
        "unmet": _tally(found),
    }


def _tally(found: Suggestion) -> dict[str, int]:
    return dict(sorted(Counter(each.rule for each in found.unmet).items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    suggest([], [])  # the solver is loaded before anything is timed
    figures = {name: measure(case) for name, case in CASES.items()}
    if arguments.json:
        print(json.dumps({"ideas": IDEAS, "members": MEMBERS, "cases": figures}, indent=2))
    else:
        for name, row in figures.items():
            print(f"{name:24} {row['seconds']:5.2f} s   served {row['served']:3} of {IDEAS}, gap {row['gap']}")
    return 0 if all(row["seconds"] < AT_MOST for row in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
