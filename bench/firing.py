"""What firing costs: Workflow.fire against the bare trigger of the machine below it, in the same run."""

from __future__ import annotations

import argparse
import json
import sys
from timeit import repeat

from workflows import REVIEW, JourneyFacts, ReviewFacts, State, journey_of, library_definition

AT_MOST = 3.0
TIMES = 5_000
ROUNDS = 7


class Token:
    """The least that the machine can move."""

    __slots__ = ("facts", "state")

    def __init__(self, state, facts):
        self.state = state
        self.facts = facts


def microseconds(action) -> float:
    return min(repeat(action, number=TIMES, repeat=ROUNDS)) / TIMES * 1_000_000


def measure(workflow, state, trigger, facts) -> dict[str, float]:
    name = state if isinstance(state, str) else "/".join(state)
    event = workflow.machine.events[trigger]
    bare = microseconds(lambda: event.trigger(Token(name, facts)))
    fire = microseconds(lambda: workflow.fire(state, trigger, facts))
    return {"bare_us": round(bare, 2), "fire_us": round(fire, 2), "ratio": round(fire / bare, 2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    journey = journey_of(library_definition("education"))
    figures = {
        "review decide": measure(REVIEW, "scoring", "decide", ReviewFacts(scorecards=4, quorum=4)),
        "idea go": measure(journey, State("at_pilot", "active"), "go", JourneyFacts(decided=True)),
        "idea recycle": measure(
            journey, State("at_pilot", "active"), "recycle", JourneyFacts(decided=True, target="captured")
        ),
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, row in figures.items():
            print(f"{name:15} bare {row['bare_us']:6.2f} us   fire {row['fire_us']:6.2f} us   x {row['ratio']:.2f}")
    return 0 if all(row["ratio"] <= AT_MOST for row in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
