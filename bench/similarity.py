"""How well ideas alike are found beside BM25, what one query costs among many ideas, and what memory it takes.

    python bench/similarity.py --json
    python bench/similarity.py --pairs labelled.jsonl

A file of one's own has a line for each text: ``{"id": .., "title": .., "text": .., "same_as": [ids]}``; whatever
names others is looked for among all the rest. Where CHROMIUM names a browser, what a phone finds without a signal is
measured too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alike_device import device_quality
from alike_pairs import Labelled, labelled_sets, read_pairs, shared_texts
from alike_world import asked_of, find_alike, make_world, resident_mb
from bm25 import BM25

from innovation.ideas.similarity import Text, count, rank
from innovation.ideas.wordforms import stem_of, words

WIDEST = 120  # texts that are compared, as many as the application brings from its index
ROUNDS = 60


def quality(labelled: Labelled) -> dict[str, Any]:
    """How often the twin is first, and among the first five, for each way of looking."""
    texts = labelled.pool
    plain, index = BM25(texts, words), BM25(texts, lambda text: [s for s in map(stem_of, words(text)) if s])
    rarity = count(text.whole for text in texts)

    def ours(draft: Text) -> list[int | str]:
        near = texts if len(texts) <= WIDEST else index.best(draft, WIDEST)
        return [each.id for each in rank(draft, near, rarity=rarity)]

    ways: dict[str, Callable[[Text], list[int | str]]] = {
        "bm25": lambda draft: [each.id for each in plain.best(draft, 5)],
        "ours": ours,
    }
    found: dict[str, Any] = {"pairs": len(labelled.pairs), "texts": len(texts)}
    for name, way in ways.items():
        places = [_place(way(draft), twins) for draft, twins in labelled.pairs]
        found[name] = {f"recall_{most}": _share(places, most) for most in (1, 5)}
    return found


def _place(ids: list[int | str], twins: frozenset[int | str]) -> int:
    return next((place for place, each in enumerate(ids, 1) if each in twins), 99)


def _share(places: list[int], most: int) -> float:
    return round(sum(place <= most for place in places) / len(places), 3)


def speed(ideas: int) -> dict[str, Any]:
    """Milliseconds of a query among so many ideas on SQLite, and what the process takes for it."""
    with tempfile.TemporaryDirectory() as folder, make_world(Path(folder), ideas) as actor:
        asked = asked_of(ROUNDS)
        before = resident_mb()
        find_alike(actor, *asked[0])  # statements are put together, and tables read, before anything is timed
        times = []
        for title, problem in asked:
            begun = time.perf_counter()
            find_alike(actor, title, problem)
            times.append((time.perf_counter() - begun) * 1000)
        return {
            "ideas": ideas,
            "queries": len(times),
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 1),
            "memory_mb": round(resident_mb() - before, 1),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pairs", type=Path, help="a labelled file of one's own; nothing else is measured then")
    parser.add_argument("--ideas", type=int, default=200_000)
    parser.add_argument("--only", choices=("quality", "device", "speed"))
    asked = parser.parse_args()
    result: dict[str, Any] = {}
    if asked.pairs:
        result["quality"] = {asked.pairs.stem: quality(read_pairs(asked.pairs))}
    else:
        if asked.only != "speed":
            sets = labelled_sets()
            if asked.only != "device":
                result["quality"] = {name: quality(labelled) for name, labelled in sets.items()}
            if "CHROMIUM" in os.environ:
                result["device"] = device_quality(sets)
            if not sets:
                result["left_out"] = "quality: ../shared/data/education_projects.jsonl is not there"
        if asked.only not in ("quality", "device"):
            result["speed"] = speed(asked.ideas)
            result["speed"]["texts"] = "real" if shared_texts() else "made up: the file of real texts is not there"
    print(json.dumps(result, indent=None if asked.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
