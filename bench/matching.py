"""How well funders are found for awards that were not seen, beside three baselines, and what it costs.

    python bench/matching.py --json
    python bench/matching.py --only quality

Each funder's newest 30 % are looked for, from the rest. What the learner weighs, it weighs inside the rest.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from bm25 import BM25

from innovation.funders.learner.awards import Past, in_order, read_lines, split_by_time
from innovation.funders.learner.evaluating import Placed, evaluate, figures, peak_mb
from innovation.funders.learner.model import Model, fit
from innovation.funders.learner.softmax import Lesson, train
from innovation.funders.learner.traits import GROUPS, WORD, WORDS, told, word_traits
from innovation.funders.learner.vocabulary import collect, rows_of
from innovation.ideas.similarity import Text

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "matching"
NEWEST = 0.3
COLD = 5  # awards a funder
LOOKED_AT = 1000  # neighbours
SEED = 6
ROUNDS = 10
Way = Callable[[Past], Sequence[str]]


def quality(track: Path) -> dict[str, Any]:
    """Figures of the learner and of each baseline on the newest awards."""
    with track.open(encoding="utf-8") as lines:
        awards, asked = split_by_time(read_lines(lines, track.name).awards, NEWEST)
    ways = {"bm25": by_funder(awards), "bm25_nearest": by_neighbours(awards), "tfidf_regression": by_words(awards)}
    regression = "scikit-learn" if find_spec("sklearn") else "ours"
    found: dict[str, Any] = {"awards": len(awards), "queries": len(asked), "regression": regression}
    found |= {"ours": evaluate(awards, asked)}
    found |= {name: measured(way, asked) for name, way in ways.items()}
    few = [award for each in in_order(awards).values() for award in each[-COLD:]]
    cold = {"awards": len(few), "ours": measured(ranking(fit(few)), asked), "bm25": measured(by_funder(few), asked)}
    return found | {"cold_start": cold}


def measured(way: Way, asked: Sequence[Past]) -> dict[str, Any]:
    placed = []
    for query in asked:
        ranked = list(way(query.asked))
        place = ranked.index(query.funder) + 1 if query.funder in ranked else None
        placed.append(Placed(query.funder, query.education, place))
    return figures(placed)


def ranking(model: Model) -> Way:
    return lambda query: [each.funder for each in model.rank(query)]


# The baselines: texts only


def plain_words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def by_funder(awards: Sequence[Past]) -> Way:
    """BM25 with one document for each funder."""
    texts = [Text(f, "", " ".join(map(told, each))) for f, each in in_order(awards).items()]
    index = BM25(texts, plain_words)
    return lambda query: [str(text.id) for text in index.best(Text("", "", told(query)), len(texts))]


def by_neighbours(awards: Sequence[Past]) -> Way:
    """BM25 over awards: each of the nearest speaks for its funder, the less the further down it comes."""
    texts = [Text(str(at), "", told(award)) for at, award in enumerate(awards)]
    index = BM25(texts, plain_words)

    def way(query: Past) -> list[str]:
        spoken: dict[str, float] = defaultdict(float)
        for place, text in enumerate(index.best(Text("", "", told(query)), LOOKED_AT), 1):
            spoken[awards[int(text.id)].funder] += 1 / (place + 3)
        return sorted(spoken, key=lambda funder: -spoken[funder])

    return way


def by_words(awards: Sequence[Past]) -> Way:
    """TF-IDF of single words and logistic regression: scikit-learn's where it is installed, else our own."""
    return _with_library(awards) if find_spec("sklearn") else _with_ours(awards)


def _with_library(awards: Sequence[Past]) -> Way:
    text = import_module("sklearn.feature_extraction.text").TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")
    regression = import_module("sklearn.linear_model").LogisticRegression(C=10, max_iter=200)
    regression.fit(text.fit_transform([told(award) for award in awards]), [award.funder for award in awards])

    def way(query: Past) -> list[str]:
        scores = regression.decision_function(text.transform([told(query)]))[0]
        return [str(regression.classes_[at]) for at in np.argsort(-scores, kind="stable")]

    return way


def _with_ours(awards: Sequence[Past]) -> Way:
    funders = list(in_order(awards))
    empty: dict[str, dict[str, float]] = {group: {} for group in GROUPS}

    def traits(award: Past) -> dict[str, dict[str, float]]:
        found = {word: n for word, n in word_traits(plain_words(told(award))).items() if word.isalnum()}
        return empty | {WORDS: found or {"nothing": 1.0}}

    seen = [traits(award) for award in awards]
    vocabulary = collect(seen, 1_000_000)
    classes = np.array([funders.index(award.funder) for award in awards])
    before = np.log(np.bincount(classes) / len(classes)).astype(np.float32)
    lesson = Lesson(rows_of(vocabulary, seen), classes, np.ones(len(classes), np.float32), before)
    table = train(lesson, len(vocabulary), ROUNDS)

    def way(query: Past) -> list[str]:
        columns, values = vocabulary.row(traits(query))[WORDS]
        scores = np.array(values, np.float32) @ table[columns] + before
        return [funders[at] for at in np.argsort(-scores, kind="stable")]

    return way


# What it costs among many


def speed(track: Path, funders: int, count: int) -> dict[str, Any]:
    """Milliseconds of a query among so many funders with so many awards, made from the real ones."""
    with track.open(encoding="utf-8") as lines:
        real = read_lines(lines, track.name).awards
    awards = resampled(real, funders, count) if count else real
    begun = time.perf_counter()
    model = fit(awards)
    fitted = time.perf_counter() - begun
    times = []
    for query in random.Random(SEED).sample(real, 300):
        begun = time.perf_counter()
        model.rank(query.asked)
        times.append((time.perf_counter() - begun) * 1000)
    return {
        "funders": len(model.funders),
        "awards": len(awards),
        "fit_s": round(fitted, 1),
        "query_p50_ms": round(statistics.median(times), 2),
        "query_p95_ms": round(sorted(times)[int(len(times) * 0.95)], 2),
        "peak_mb": round(peak_mb()),
    }


def resampled(real: Sequence[Past], funders: int, count: int) -> list[Past]:
    """Awards of funders made up: each gives like three real ones, with the words of two awards mixed."""
    dice, by = random.Random(SEED), list(in_order(real).values())
    mixed = {f"Funder {n}": [award for each in dice.sample(by, 3) for award in each] for n in range(funders)}
    made = []
    for n in range(count):
        name = f"Funder {n % funders}"
        one, other = dice.choices(mixed[name], k=2)
        words = [word for word in f"{one.description} {other.description}".split() if dice.random() < 0.5]
        made.append(replace(one, funder=name, description=" ".join(words)))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=("quality", "speed"))
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of awards_a.jsonl and awards_b.jsonl")
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--funders", type=int, default=1000)
    asked = parser.parse_args()
    tracks = {name: asked.data / f"awards_{name}.jsonl" for name in "ab"}
    if not all(track.is_file() for track in tracks.values()):
        print(json.dumps({"left_out": f"the awards are not there: {asked.data}"}))
        return 0
    result: dict[str, Any] = {}
    if asked.only != "speed":
        result["quality"] = {name: quality(track) for name, track in tracks.items()}
    if asked.only != "quality":
        few, many = speed(tracks["b"], 45, 0), speed(tracks["b"], asked.funders, asked.awards)
        result["speed"] = {"few": few, "many": many}
    print(json.dumps(result, indent=None if asked.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
